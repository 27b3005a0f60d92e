import type { PerformanceResponse } from "../contracts/agent.ts";
import type { EquityPoint } from "../contracts/account.ts";
import type {
  AgentChart,
  AgentQuery,
  ChartRange,
  ChartResponse,
} from "../contracts/chart.ts";
import { AppError } from "../core/errors.ts";
import { decimal, toDecimalText } from "../core/decimal.ts";
import {
  type ActorErrorCode,
  readCellSnapshot,
  type VersionedSnapshot,
} from "../../actors/mod.ts";
import { behaviorOf } from "../../agents/mod.ts";
import { checkHost } from "./host_health.ts";
import { agentWorkerConfig } from "./agent_spec.ts";
import type { FleetContext } from "./context.ts";
import { MAX_CHART_CANDLES, MAX_CHART_TRADES } from "./limits.ts";
import type { FleetHealth } from "./port.ts";
import type { AgentEntry } from "./registry.ts";
import { winRatePct } from "./view.ts";

/** Codes of the runtime that say that no worker answers any more. */
const ENDED_CODES: ReadonlySet<string> = new Set<ActorErrorCode>([
  "ACTOR_ENDED",
  "ACTOR_STATE_REFUSED",
  "ACTOR_UNKNOWN",
]);

/** What an agent of some type can be asked without a change. */
type InspectQuestion = AgentQuery | { type: "ensemble" };

const EMPTY_CHART: AgentChart = {
  candles: [],
  overlays: { zones: [], structure: [], sweeps: [], swings: [] },
  decisions: [],
};

/** Candles, overlays and decisions from the agent's worker; trades and equity from the store. */
export async function readChart(
  context: FleetContext,
  entry: AgentEntry,
  range: ChartRange,
): Promise<ChartResponse> {
  const { id, config } = entry.record;
  const limit = Math.min(range.limit, MAX_CHART_CANDLES);
  const [chart, trades] = await Promise.all([
    inspectAgent(context, entry, { type: "chart", ...range, limit }),
    context.store.agents.trades(id, { limit: MAX_CHART_TRADES, cursor: null }),
  ]);
  return {
    ...(chart as AgentChart | null) ?? EMPTY_CHART,
    simulated: config.mode === "paper",
    trades: trades.items,
    equity: equityUntilNow(entry),
  };
}

/**
 * Asks the worker that runs, or the last snapshot where none does: one that ends
 * just now, or was killed, is not running any more. Null where there is neither.
 */
export async function inspectAgent(
  context: FleetContext,
  entry: AgentEntry,
  question: InspectQuestion,
): Promise<unknown> {
  const { id } = entry.record;
  if (context.supervisor.status(id) === null) {
    return await inspectSnapshot(context, entry, question);
  }
  try {
    return await context.supervisor.ask(id, question);
  } catch (error) {
    if (!(error instanceof AppError) || !ENDED_CODES.has(error.code)) {
      throw error;
    }
    return await inspectSnapshot(context, entry, question);
  }
}

/** The equity curve with its newest point, which may be too young to be stored. */
function equityUntilNow(entry: AgentEntry): readonly EquityPoint[] {
  const { account, equity } = entry;
  const last = equity.at(-1);
  if (
    account === null || account.equity === null || account.marketAt === null ||
    account.seq <= (last?.seq ?? -1)
  ) {
    return equity;
  }
  const { seq, marketAt: at } = account;
  return [...equity, { seq, at, equity: account.equity }];
}

/** What an agent that is not running would answer, from its last snapshot. */
async function inspectSnapshot(
  context: FleetContext,
  entry: AgentEntry,
  question: InspectQuestion,
): Promise<unknown> {
  const stored = await context.store.agents.loadSnapshot(entry.record.id);
  const snapshot = readCellSnapshot(stored);
  if (snapshot === null) return null;
  const { version, state } = snapshot.state as VersionedSnapshot;
  const behavior = behaviorOf(entry.record.config.type);
  if (version !== behavior?.snapshotVersion) return null;
  // A behaviour is pure, so it can be asked here without running it.
  const instance = behavior.start({
    actorId: entry.record.id,
    config: agentWorkerConfig(context, entry),
    snapshot: state,
  });
  return instance.inspect(question);
}

/** Figures of an agent's books. */
export function readPerformance(entry: AgentEntry): PerformanceResponse {
  const { record, account } = entry;
  const netPnl = account?.equity === undefined || account.equity === null
    ? null
    : decimal(account.equity).minus(account.initialCapital);
  return {
    agentId: record.id,
    simulated: record.config.mode === "paper",
    account,
    candles: Math.max(0, entry.progress.seq + 1 - record.startSeq),
    trades: account?.trades ?? 0,
    winRatePct: account === null ? null : winRatePct(account),
    profitFactor: entry.grossLoss.eq(0)
      ? null
      : Number(entry.grossProfit.div(entry.grossLoss).toFixed(4)),
    netPnl: netPnl === null ? null : toDecimalText(netPnl),
    returnPct: netPnl === null || account === null
      ? null
      : Number(netPnl.div(account.initialCapital).times(100).toFixed(4)),
    maxDrawdownPct: account?.maxDrawdownPct ?? null,
    feesPaid: account?.feesPaid ?? null,
    tradesHash: account?.tradesHash ?? null,
    equity: entry.equity,
  };
}

/** Whether everything that agents need is up. */
export function readHealth(context: FleetContext): FleetHealth {
  const store = context.store.health();
  const checks = [
    { name: "store", ok: store.ok, detail: store.detail },
    context.storage.check(),
    checkHost(context.host),
    ...context.supervisor.list().filter((child) => child.kind !== "agent").map((
      child,
    ) => ({
      name: child.id,
      ok: child.state === "running",
      detail: child.state,
    })),
  ];
  // A burning thread slows the others down, but all that they need is there.
  const ready = checks.every(({ name, ok }) => ok || name === "host");
  return { ready, checks };
}
