/**
 * What the store knows of every agent, read at start-up. After a crash all of
 * trading waits for this, so agents are read together and their trades are
 * not: the stored view says what they came to.
 *
 * @module
 */
import type {
  AgentRecord,
  AgentView,
  TradeTotals,
} from "../contracts/agent.ts";
import { hasAccount } from "../contracts/agent_types.ts";
import type { Trade } from "../contracts/order.ts";
import { decimal } from "../core/decimal.ts";
import type { FleetContext } from "./context.ts";
import { hasLivePrices } from "./market_access.ts";
import { RECOVERY_PAGE, RECOVERY_PARALLEL } from "./limits.ts";
import {
  type AgentEntry,
  countTrades,
  createEntry,
  neverStarted,
} from "./registry.ts";
import { isSettledFor } from "./settling.ts";

/** Puts every stored agent into the registry, in the order of the store. */
export async function recoverAgents(context: FleetContext): Promise<void> {
  const records = await context.store.agents.list();
  const entries: AgentEntry[] = new Array(records.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < records.length; index = next++) {
      // deno-lint-ignore no-await-in-loop -- each worker takes one after the other
      entries[index] = context.cluster === null
        ? await recoverAgent(context, records[index]!)
        : await recoverRemote(context, records[index]!);
    }
  };
  await Promise.all(Array.from({ length: RECOVERY_PARALLEL }, worker));
  for (const entry of entries) context.agents.add(entry);
}

/** An agent as the store knows it, before anything runs. */
export async function recoverAgent(
  context: FleetContext,
  record: AgentRecord,
): Promise<AgentEntry> {
  const { agents } = context.store;
  const [observed, view, equity, stored] = await Promise.all([
    agents.observed(record.id),
    agents.view(record.id),
    agents.equity(record.id),
    agents.tradeCount(record.id),
  ]);
  const entry = createEntry(record, {
    // Whatever was observed belongs to a process that is gone. A latch stays.
    observed: observed === null
      ? neverStarted(record.id, record.createdAt)
      : ["quarantined", "killed"].includes(observed.state)
      ? observed
      : { ...observed, state: "stopped", retryAt: null },
    equity,
    account: view?.account ?? null,
    livePrices: hasLivePrices(context.settings, record.config.feed),
  });
  if (!hasAccount(record.config.type)) {
    entry.risk = await agents.risk(record.id);
  }
  if (view !== null) {
    entry.progress = view.progress;
    entry.lastDecision = view.lastDecision;
    entry.lastPattern = view.lastPattern;
  }
  const isMeantToRun = record.desired === "running" ||
    record.desired === "paused";
  entry.needsSettling = isMeantToRun
    ? entry.observed.state !== "stopped"
    : !isSettledFor(entry);
  takeTotals(entry, view?.tradeTotals, stored);
  countTrades(
    entry,
    await newestTrades(context, record.id, stored - entry.tradesSeen),
  );
  entry.tradesStored = entry.tradesSeen;
  return entry;
}

/** An agent that another process may run: what it told last holds. */
export async function recoverRemote(
  context: FleetContext,
  record: AgentRecord,
): Promise<AgentEntry> {
  const { agents } = context.store;
  const [entry, observed, view] = await Promise.all([
    recoverAgent(context, record),
    agents.observed(record.id),
    agents.view(record.id),
  ]);
  entry.isOwn = false;
  entry.needsSettling = false;
  if (observed !== null) entry.observed = observed;
  if (view !== null) takeToldView(entry, view);
  return entry;
}

/** What another process tells of its agent. */
export function takeToldView(entry: AgentEntry, view: AgentView): void {
  entry.toldView = view;
  entry.account = view.account;
  entry.progress = view.progress;
  entry.vitals = view.vitals;
  entry.updatedAt = view.updatedAt;
  const totals = view.tradeTotals;
  if (totals === undefined) return;
  entry.tradesSeen = totals.trades;
  entry.tradesStored = totals.trades;
  entry.grossProfit = decimal(totals.grossProfit);
  entry.grossLoss = decimal(totals.grossLoss);
}

/** Starts from the stored totals, unless they know of trades that the store has not. */
function takeTotals(
  entry: AgentEntry,
  totals: TradeTotals | undefined,
  stored: number,
): void {
  if (totals === undefined || totals.trades > stored) return;
  entry.tradesSeen = totals.trades;
  entry.grossProfit = decimal(totals.grossProfit);
  entry.grossLoss = decimal(totals.grossLoss);
}

/** The newest `count` trades of an agent, oldest of them first. */
async function newestTrades(
  context: FleetContext,
  id: string,
  count: number,
): Promise<readonly Trade[]> {
  const newestFirst: Trade[] = [];
  let cursor: string | null = null;
  while (newestFirst.length < count) {
    const limit = Math.min(RECOVERY_PAGE, count - newestFirst.length);
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page: { items: readonly Trade[]; nextCursor: string | null } =
      await context.store.agents.trades(id, { limit, cursor });
    newestFirst.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  return newestFirst.reverse();
}
