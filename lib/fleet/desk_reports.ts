/**
 * What the desk reports of an agent's books: into memory at once, into the
 * store one report after the other, and acknowledged only when it is there.
 * Until then the desk keeps it, so that nothing is lost with the store or with
 * this process.
 *
 * @module
 */
import type { DeskReport } from "../contracts/account.ts";
import type { Trade } from "../contracts/order.ts";
import type { AppError } from "../core/errors.ts";
import type { EventDraft, Projection } from "../store/port.ts";
import type { FleetContext } from "./context.ts";
import { deskIdOf } from "./desk_ids.ts";
import { MIRROR_TAKEN } from "./cluster/mirror/mirror_port.ts";
import { ASK_DEADLINE_MS, REPORT_RETRY_MS } from "./limits.ts";
import { addEquity, type AgentEntry, countTrades } from "./registry.ts";

/** Takes one report. */
export function projectDeskReport(
  context: FleetContext,
  report: DeskReport,
): void {
  const entry = context.agents.find(report.agentId);
  if (entry === undefined) return;
  const { sequence } = report;
  entry.requests = report.requests ?? null;
  if (sequence === null) {
    entry.account = report.account;
    entry.isDirty = true;
    return;
  }
  // After a crash the desk repeats what was not acknowledged.
  const isNew = sequence > entry.deskSequence;
  if (isNew) entry.deskSequence = sequence;
  const batch = isNew ? takeReport(context, entry, report) : {};
  // A repeated report waits for the first one's turn, so it counts the same.
  const tradesWithIt = entry.tradesSeen;
  entry.reportsStored = entry.reportsStored.then(async (isComplete) => {
    // After one that is missing the later ones would leave a hole in the record.
    const isStored = isComplete && await storeReport(context, entry, batch);
    if (!isStored) return false;
    entry.tradesStored = Math.max(entry.tradesStored, tradesWithIt);
    // Not waited for: an answer that is lost must not hold up the next report.
    context.track(
      acknowledge(context, entry, sequence),
      `acknowledge a report of ${report.agentId}`,
    );
    return true;
  });
  context.track(entry.reportsStored, `store a report of ${report.agentId}`);
}

interface Batch {
  events?: readonly EventDraft[];
  projections?: readonly Projection[];
}

function takeReport(
  context: FleetContext,
  entry: AgentEntry,
  report: DeskReport,
): Batch {
  entry.account = report.account;
  entry.isDirty = true;
  addEquity(entry, report.equity);
  const firstIndex = report.account.trades - report.trades.length;
  const fresh = report.trades.slice(Math.max(0, entry.tradesSeen - firstIndex));
  const fromIndex = entry.tradesSeen;
  countTrades(entry, fresh);
  const agentId = entry.record.id;
  const projections: Projection[] = [
    { kind: "equity", agentId, value: [...entry.equity] },
  ];
  if (fresh.length > 0) {
    projections.push({ kind: "trades", agentId, fromIndex, value: fresh });
  }
  const at = context.clock.nowMs();
  return {
    projections,
    events: fresh.map((trade) => announce(entry, trade, at)),
  };
}

function announce(entry: AgentEntry, trade: Trade, at: number): EventDraft {
  const { id, config } = entry.record;
  return {
    type: "trade.closed",
    agentId: id,
    at,
    data: {
      agentId: id,
      agentName: config.name,
      symbol: config.symbol,
      simulated: config.mode === "paper",
      trade,
    },
  };
}

/**
 * Stores a batch, again and again while the store refuses it. Answers false if
 * the shutdown came first: the desk then repeats the report at the next start; or
 * if another host has the agent now.
 */
async function storeReport(
  context: FleetContext,
  { record: { id } }: AgentEntry,
  batch: Batch,
): Promise<boolean> {
  const { mirror } = context;
  for (let attempt = 1;; attempt++) {
    try {
      // First the journal that says so: another host could go on from behind the store.
      // deno-lint-ignore no-await-in-loop -- an attempt follows the one that failed
      if (mirror !== null) await mirror.flush(id);
      // deno-lint-ignore no-await-in-loop -- as above
      await context.store.events.append(batch);
      return true;
    } catch (error) {
      if (context.isDraining) return false;
      // What this host's journal says counts no longer.
      if ((error as AppError).code === MIRROR_TAKEN) return false;
      if (attempt === 1) context.onError("store a report of the desk", error);
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await new Promise<void>((resolve) =>
      context.clock.after(REPORT_RETRY_MS, resolve)
    );
  }
}

async function acknowledge(
  context: FleetContext,
  { record: { id, config } }: AgentEntry,
  sequence: number,
): Promise<void> {
  await context.supervisor.ask(
    deskIdOf(config),
    { type: "acknowledge", agentId: id, sequence },
    { deadlineMs: ASK_DEADLINE_MS },
  ).catch(() => {
    // A desk that does not hear it repeats the report; its number tells that it is known.
  });
}
