/** Compares what the server says after a campaign with what others know. */
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import type { ChaosClient } from "./client.ts";
import type { Acknowledged } from "./commands.ts";
import type { EventRecord } from "./event_follower.ts";
import { type EventLog, isStored } from "./event_log.ts";
import type { Findings } from "./findings.ts";
import { type FoldedLedger, type FoldedTrade, foldLedger } from "./ledger.ts";
import { type ReadJournal, readJournal } from "./journal_reader.ts";
import {
  type FoldedVenueLedger,
  foldVenueLedger,
  isAtVenue,
  isNear,
  isOnQuotes,
} from "./venue_fold.ts";

/**
 * Where the oldest segments are gone, at least so much is kept of the others: a
 * desk keeps 8 MiB, and removes one segment after the other.
 */
const ENDED_BYTES_MIN = 4 * 1024 * 1024;

/** Trades of the store, oldest first, by agent id. */
export type StoredTrades = ReadonlyMap<string, readonly Trade[]>;

/** Every acknowledged command is visible in the state of its agent. */
export async function checkCommands(
  client: ChaosClient,
  acknowledged: Acknowledged,
  findings: Findings,
): Promise<void> {
  const agents = await client.get<{ items: AgentView[] }>(
    "/api/agents?limit=200",
  );
  for (const [name, id] of acknowledged.spawned) {
    const named = agents.items.filter((agent) => agent.name === name);
    if (!named.some((agent) => agent.id === id)) {
      findings.addLost(name, `the spawned agent ${id} is not there`);
    }
    if (named.length > 1) {
      findings.addDuplicated(name, `it was spawned ${named.length} times`);
    }
  }
  for (const [id, desired] of acknowledged.desired) {
    const agent = agents.items.find((candidate) => candidate.id === id);
    if (agent?.desired !== desired) {
      findings.addLost(
        id,
        `it was told to be ${desired} and is to be ${agent?.desired}`,
      );
    }
  }
  for (const [id, values] of acknowledged.ordersPerMinute) {
    // deno-lint-ignore no-await-in-loop -- a handful of reads, kind to the rate limit
    const { config } = await client.get<AgentDetail>(`/api/agents/${id}`);
    if (!values.includes(config.safety.maxOrdersPerMinute)) {
      findings.addLost(
        id,
        `its configuration was changed to ${
          values.join(" or ")
        } and has ${config.safety.maxOrdersPerMinute}`,
      );
    }
  }
}

/** The journal of every agent keeps its own rules and tells the trades that the store has. Those of live agents are put into `books`. */
export async function checkJournals(
  journalDir: string,
  stored: StoredTrades,
  { findings, books = new Map() }: {
    findings: Findings;
    books?: Map<string, FoldedVenueLedger>;
  },
): Promise<{ orders: number; fills: number; trades: number }> {
  const sum = { orders: 0, fills: 0, trades: 0 };
  for (const [id, trades] of stored) {
    // deno-lint-ignore no-await-in-loop -- one file after the other: they are large
    const journal = await readJournal(`${journalDir}/${id}.journal`);
    for (const fault of journal.faults) findings.addLost(id, fault);
    const { firstSegment, endedBytes } = journal;
    if (firstSegment > 1 && endedBytes < ENDED_BYTES_MIN) {
      findings.addLost(
        id,
        `the segments before ${firstSegment} are gone, and only ${endedBytes} bytes are kept of the others`,
      );
    }
    const folded = foldJournal({ id, journal }, { books, findings });
    if (folded === null) continue;
    sum.orders += folded.orders;
    sum.fills += folded.fills;
    sum.trades += folded.tradesBefore + folded.trades.length;
    for (const what of folded.duplicated) findings.addDuplicated(id, what);
    for (const what of folded.lost) findings.addLost(id, what);
    compareTrades({ id, folded, trades }, findings);
  }
  return sum;
}

function foldJournal(
  { id, journal: { lines, firstSegment } }: {
    id: string;
    journal: ReadJournal;
  },
  { books, findings }: {
    books: Map<string, FoldedVenueLedger>;
    findings: Findings;
  },
): FoldedLedger | null {
  if (!isOnQuotes(lines)) return foldLedger(lines);
  if (firstSegment > 1) {
    findings.addLost(id, "its first segments are gone, give it less to trade");
    return null;
  }
  const folded = foldVenueLedger(lines);
  if (isAtVenue(lines)) books.set(id, folded);
  return folded;
}

function compareTrades(
  agent: { id: string; folded: FoldedLedger; trades: readonly Trade[] },
  findings: Findings,
): void {
  const { id, folded, trades } = agent;
  const known = new Set<string>();
  for (const { tradeId } of trades) {
    if (known.has(tradeId)) {
      findings.addDuplicated(id, `trade ${tradeId} is stored twice`);
    }
    known.add(tradeId);
  }
  const { tradesBefore } = folded;
  // Of segments that are not kept any more only the number of trades is known.
  for (let number = trades.length + 1; number <= tradesBefore; number++) {
    findings.addLost(id, `trade ${number} was journaled, but is not stored`);
  }
  const stored = trades.slice(tradesBefore);
  const length = Math.max(folded.trades.length, stored.length);
  for (let index = 0; index < length; index++) {
    const journaled = folded.trades[index];
    const trade = stored[index];
    if (journaled === undefined) {
      findings.addDuplicated(
        id,
        `trade ${trade!.tradeId} is stored, but no fills make it`,
      );
      continue;
    }
    if (trade === undefined) {
      findings.addLost(
        id,
        `the trade of intent ${journaled.intentId} is journaled, but not stored`,
      );
      continue;
    }
    const difference = differenceOf(journaled, trade);
    if (difference === null) continue;
    findings.addLost(
      id,
      `trade ${tradesBefore + index + 1} (${trade.tradeId}): ${difference}`,
    );
    // Those after a trade that is missing are shifted by one and would say nothing new.
    if (journaled.intentId !== trade.intentId) return;
  }
}

/** The first thing in which a journaled and a stored trade differ, or null. */
function differenceOf(journaled: FoldedTrade, trade: Trade): string | null {
  const texts = ["intentId", "direction", "entrySeq", "exitSeq"] as const;
  const amounts = [
    "quantity",
    "entryPrice",
    "exitPrice",
    "fees",
    "netPnl",
  ] as const;
  const key = texts.find((name) => journaled[name] !== trade[name]) ??
    amounts.find((name) => !isNear(journaled[name], trade[name]));
  return key === undefined
    ? null
    : `its ${key} is ${trade[key]} in the store and ${
      journaled[key]
    } in the journal`;
}

/** The stored events have no hole, are what a client saw before, and announce every trade once. */
export function checkEvents(
  seen: { log: EventLog; followed: EventRecord },
  trades: StoredTrades,
  findings: Findings,
): void {
  const { log, followed } = seen;
  const prunedUpTo = Math.max(0, ...log.prunedUpTo.values());
  for (let seq = prunedUpTo + 1; seq <= log.last; seq++) {
    if (!log.events.has(seq)) {
      findings.addLost("events", `number ${seq} is a hole`);
    }
  }
  for (const seq of followed.repeated) {
    findings.addDuplicated("events", `number ${seq} was streamed twice`);
  }
  for (const event of followed.events.values()) {
    if (isStored(log, event)) continue;
    findings.addLost(
      "events",
      `number ${event.seq} was streamed as ${event.type} and is not stored as that`,
    );
  }
  const announced = new Map<string, number>();
  for (const { trade } of log.events.values()) {
    if (trade !== null) announced.set(trade, (announced.get(trade) ?? 0) + 1);
  }
  for (const [id, list] of trades) {
    for (const { tradeId } of list) {
      const times = announced.get(`${id} ${tradeId}`) ?? 0;
      if (times === 0) {
        findings.addLost(id, `trade ${tradeId} was never announced`);
      } else if (times > 1) {
        findings.addDuplicated(
          id,
          `trade ${tradeId} was announced ${times} times`,
        );
      }
    }
  }
}
