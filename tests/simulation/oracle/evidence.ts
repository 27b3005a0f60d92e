import type { AgentRecord, AgentView } from "../../../lib/contracts/agent.ts";
import type { DeadLetter } from "../../../lib/contracts/dead_letter.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import {
  AUDIT_STREAMS,
  type AuditRecord,
  type AuditStream,
} from "../../../lib/contracts/audit_trail.ts";
import type { ChainHead } from "../../../lib/store/audit/chain.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import type { SentCommand } from "../person.ts";
import type { AgentPlan } from "../draw_agent.ts";
import type { Scenario } from "../scenario.ts";
import { readJournals } from "./journal_files.ts";
import type { OracleEntry } from "./journal_text.ts";
import type { Case } from "./oracle.ts";
import type { Promised } from "./violation.ts";

const PAGE = 500;

/** What is known of one agent after the end. */
export interface AgentEvidence {
  id: string;
  plan: AgentPlan;
  /** Null for one that was removed. */
  record: AgentRecord | null;
  /** Its journal, record by record over all segments; null if it never had one. */
  journal: readonly OracleEntry[] | null;
  /** The view in the store; null if there is none. */
  view: AgentView | null;
  /** The trades in the store, oldest first. */
  stored: readonly Trade[];
}

/** Everything that a run has left behind. */
export interface Evidence {
  scenario: Scenario;
  agents: readonly AgentEvidence[];
  /** All stored events, oldest first. */
  events: readonly StreamEnvelope[];
  headSeq: number;
  /** Number of the last event before each start of the process. */
  bootSeqs: readonly number[];
  /** Oldest first. */
  /** Both streams, each oldest first. */
  audit: readonly AuditRecord[];
  /** Newest entry of each stream, as the store remembers it. */
  auditHeads: ReadonlyMap<AuditStream, ChainHead>;
  /** Oldest first. */
  deadLetters: readonly DeadLetter[];
  sent: readonly SentCommand[];
  wasPowerCut: boolean;
  series(plan: AgentPlan): Case["world"]["files"][number]["series"] | null;
  report(promise: Promised, what: string): void;
}

/** Reads it all. */
export async function collect(run: Case): Promise<Evidence> {
  const { world, person, scenario, store } = run;
  const journals = readJournals(
    world.disk,
    (what) => world.monitor.report("P1", what),
  );
  const agents = await Promise.all(
    [...person.agents].map(async ([number, id]): Promise<AgentEvidence> => {
      return {
        id,
        plan: scenario.agents[number]!,
        record: await store.agents.get(id),
        journal: journals.get(id) ?? null,
        view: await store.agents.view(id),
        stored: await allTrades(store, id),
      };
    }),
  );
  return {
    scenario,
    agents,
    events: await allEvents(store),
    headSeq: store.events.headSeq(),
    bootSeqs: world.bootSeqs,
    audit: await allAudit(store),
    auditHeads: await auditHeads(store),
    deadLetters: await allDeadLetters(store),
    sent: person.sent,
    wasPowerCut: scenario.faults.some((fault) =>
      (fault.kind === "kill_host" || fault.kind === "kill_at_segment") &&
      fault.isPowerCut
    ),
    series: (plan) =>
      world.files.find(({ file }) =>
        plan.config.feed.kind === "replay" && plan.config.feed.file === file
      )?.series ?? null,
    report: (promise, what) => world.monitor.report(promise, what),
  };
}

async function allTrades(store: OpenedStore, id: string): Promise<Trade[]> {
  const trades: Trade[] = [];
  let cursor: string | null = null;
  do {
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page: Awaited<ReturnType<OpenedStore["agents"]["trades"]>> =
      await store.agents.trades(id, { limit: PAGE, cursor });
    trades.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return trades.reverse();
}

async function allEvents(store: OpenedStore): Promise<StreamEnvelope[]> {
  const events: StreamEnvelope[] = [];
  for (;;) {
    const seq = events.at(-1)?.seq ?? 0;
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page = await store.events.after(seq, PAGE);
    if (page.events.length === 0) return events;
    events.push(...page.events);
  }
}

async function allAudit(store: OpenedStore): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (const stream of AUDIT_STREAMS) {
    let from = 1;
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
      const page = await store.auditReader.after(stream, { from, limit: PAGE });
      records.push(...page);
      if (page.length < PAGE) break;
      from = page.at(-1)!.n + 1;
    }
  }
  return records;
}

async function auditHeads(
  { auditReader }: OpenedStore,
): Promise<Map<AuditStream, ChainHead>> {
  const heads = new Map<AuditStream, ChainHead>();
  for (const stream of AUDIT_STREAMS) {
    // deno-lint-ignore no-await-in-loop -- there are two
    const head = await auditReader.head(stream);
    if (head !== null) heads.set(stream, head);
  }
  return heads;
}

async function allDeadLetters(store: OpenedStore): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  let cursor: string | null = null;
  do {
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page: Awaited<ReturnType<OpenedStore["deadLetters"]["page"]>> =
      await store.deadLetters.page({ limit: PAGE, cursor });
    letters.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return letters.reverse();
}
