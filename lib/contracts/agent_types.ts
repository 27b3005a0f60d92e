import type { AgentType } from "./agent_config.ts";

/** What people are told of an agent type. */
export interface AgentTypeWords {
  title: string;
  short: string;
  purpose: string;
  /** Promised time of one step, in milliseconds. */
  latencyTargetMs: number;
  latency: string;
  /** Why this version cannot run it, or null where it can. */
  unavailable: string | null;
}

/** The four agent types. */
export const AGENT_TYPE_WORDS: Readonly<Record<AgentType, AgentTypeWords>> = {
  pattern_detector: {
    title: "SMC Pattern Detector",
    short: "Detector",
    purpose:
      "Finds order blocks, CHoCH and BOS, fair value gaps and liquidity sweeps, and trades them",
    latencyTargetMs: 10,
    latency: "< 10 ms a candle",
    unavailable: null,
  },
  decision_engine: {
    title: "ML Decision Engine",
    short: "Decision engine",
    purpose:
      "Averages the votes of LSTM, Transformer and PPO models on each candle, and trades where they agree",
    latencyTargetMs: 5,
    latency: "< 5 ms a decision",
    unavailable: null,
  },
  executor: {
    title: "Ultra-Low Latency Executor",
    short: "Executor",
    purpose: "Turns the decisions of other agents into orders",
    latencyTargetMs: 1,
    latency: "< 1 ms an order",
    unavailable: null,
  },
  risk_manager: {
    title: "Risk Manager",
    short: "Risk manager",
    purpose: "Watches value at risk, exposure and drawdown over several agents",
    latencyTargetMs: 20,
    latency: "< 20 ms an assessment",
    unavailable: null,
  },
};

/** Whether agents of a type trade, so that a desk keeps an account for each. */
export function hasAccount(type: AgentType): boolean {
  return type !== "risk_manager";
}
