/**
 * What agents tell. Amounts are numbers here, because that is all Prometheus
 * knows: they are for graphs and alerts, never for books.
 *
 * @module
 */
import type { AgentView } from "../contracts/agent.ts";
import { OBSERVED_STATES, TRADING_STATES } from "../contracts/lifecycle.ts";
import type { DecimalText } from "../core/decimal.ts";
import type { GaugeSpec, Labels, Sample } from "./gauges.ts";

/** Agents and the time at which they are read. */
export interface AgentReading {
  agents: readonly AgentView[];
  now: number;
}

const AGENT_LABELS = ["agent", "name"] as const;

function labelsOf({ id, name }: AgentView): Labels {
  return { agent: id, name };
}

/** A family with one value for each agent. */
function perAgent(
  spec: { name: string; help: string },
  valueOf: (agent: AgentView, now: number) => number | null,
): GaugeSpec<AgentReading> {
  return {
    ...spec,
    labels: AGENT_LABELS,
    *read({ agents, now }) {
      for (const agent of agents) yield [labelsOf(agent), valueOf(agent, now)];
    },
  };
}

function amount(value: DecimalText | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

const COUNTS: GaugeSpec<AgentReading> = {
  name: "smc_agents",
  help: "How many agents are in each state",
  labels: ["state", "mode"],
  *read({ agents }): Iterable<Sample> {
    for (const mode of ["paper", "live"] as const) {
      for (const state of OBSERVED_STATES) {
        const count = agents.filter((agent) =>
          agent.observed === state && agent.mode === mode
        ).length;
        yield [{ state, mode }, count];
      }
    }
  },
};

const TRADING: GaugeSpec<AgentReading> = {
  name: "smc_agent_trading_state",
  help: "1 for the state of trading that an agent's account is in",
  labels: [...AGENT_LABELS, "state"],
  *read({ agents }) {
    for (const agent of agents) {
      if (agent.account === null) continue;
      for (const state of TRADING_STATES) {
        const isSo = agent.account.tradingState === state;
        yield [{ ...labelsOf(agent), state }, isSo ? 1 : 0];
      }
    }
  },
};

const CANDLES: GaugeSpec<AgentReading> = {
  name: "smc_agent_candle_seconds",
  help: "Compute time of a candle inside the agent's worker",
  labels: [...AGENT_LABELS, "quantile"],
  *read({ agents }) {
    for (const agent of agents) {
      const { candleMsP50, candleMsP99 } = agent.vitals;
      yield [{ ...labelsOf(agent), quantile: "0.5" }, seconds(candleMsP50)];
      yield [{ ...labelsOf(agent), quantile: "0.99" }, seconds(candleMsP99)];
    }
  },
};

/** All of them. */
export const AGENT_GAUGES: readonly GaugeSpec<AgentReading>[] = [
  COUNTS,
  TRADING,
  CANDLES,
  perAgent(
    { name: "smc_agent_running", help: "1 while an agent runs" },
    ({ observed }) => observed === "running" ? 1 : 0,
  ),
  perAgent(
    {
      name: "smc_agent_wanted",
      help: "1 while somebody wants an agent to run or to be paused",
    },
    ({ desired }) => desired === "running" || desired === "paused" ? 1 : 0,
  ),
  perAgent(
    {
      name: "smc_agent_incarnation",
      help: "Raised by every start of an agent's worker",
    },
    ({ epoch }) => epoch,
  ),
  perAgent(
    {
      name: "smc_agent_restarts",
      help: "Restarts that count against an agent's budget now",
    },
    ({ restarts }) => restarts,
  ),
  perAgent(
    {
      name: "smc_agent_heartbeat_age_seconds",
      help: "Time since the last sign of life of an agent's worker",
    },
    ({ vitals }, now) =>
      vitals.heartbeatAt === null
        ? null
        : Math.max(0, now - vitals.heartbeatAt) / 1_000,
  ),
  perAgent(
    {
      name: "smc_agent_mailbox_messages",
      help: "Messages that wait for an agent",
    },
    ({ vitals }) => vitals.mailboxDepth,
  ),
  perAgent(
    { name: "smc_agent_heap_bytes", help: "Heap of an agent's worker" },
    ({ vitals }) =>
      vitals.heapMiB === null ? null : vitals.heapMiB * 1_024 ** 2,
  ),
  perAgent(
    {
      name: "smc_agent_live_heap_bytes",
      help: "The same right after its garbage was last collected",
    },
    ({ vitals: { liveHeapMiB = null } }) =>
      liveHeapMiB === null ? null : liveHeapMiB * 1_024 ** 2,
  ),
  perAgent(
    {
      name: "smc_agent_messages_per_second",
      help: "Messages that an agent's worker has processed a second",
    },
    ({ vitals }) => vitals.messagesPerSecond,
  ),
  perAgent(
    {
      name: "smc_agent_feed_up",
      help: "0 while something keeps an agent's market from coming",
    },
    ({ feedProblem }) => feedProblem === null ? 1 : 0,
  ),
  perAgent(
    { name: "smc_agent_venue_up", help: "0 while a venue needs somebody" },
    ({ venueProblem }) => venueProblem === null ? 1 : 0,
  ),
  perAgent(
    { name: "smc_agent_equity", help: "Equity, in quote currency" },
    ({ account }) => amount(account?.equity),
  ),
  perAgent(
    {
      name: "smc_agent_day_pnl",
      help: "Result since 00:00 UTC of market time, in quote currency",
    },
    ({ account }) => amount(account?.dayPnl),
  ),
  perAgent(
    { name: "smc_agent_fees_paid", help: "Fees paid, in quote currency" },
    ({ account }) => amount(account?.feesPaid),
  ),
  perAgent(
    {
      name: "smc_agent_drawdown_percent",
      help: "Below the highest equity, as a positive percentage",
    },
    ({ account }) => account?.drawdownPct ?? null,
  ),
  perAgent(
    {
      name: "smc_agent_slippage_basis_points",
      help: "How much worse than their decisions entries were filled, mean",
    },
    ({ account }) => account?.slippage?.meanBp ?? null,
  ),
  perAgent(
    { name: "smc_agent_open_orders", help: "Orders that rest" },
    ({ account }) => account?.openOrders.length ?? null,
  ),
  perAgent(
    { name: "smc_agent_open_position", help: "1 while a position is open" },
    ({ account }) =>
      account === null ? null : account.position === null ? 0 : 1,
  ),
  perAgent(
    { name: "smc_agent_trades_total", help: "Trades that were closed" },
    ({ account }) => account?.trades ?? null,
  ),
];
