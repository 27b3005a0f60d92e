import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { DeskToAgent } from "../lib/contracts/links.ts";
import type { EnsembleGate } from "./ensemble/ensemble_trader.ts";
import type { TradingGate } from "./strategies/trader.ts";

/** What the agent itself says about entries. */
export interface EntryAgent {
  init: AgentWorkerConfig;
  isPaused: boolean;
}

/** Why no entry may be open now, most lasting cause first; null where entries are allowed. */
export function closedBecause(
  step: DeskToAgent,
  agent: EntryAgent,
): string | null {
  return blockedBecause(step, agent) ??
    (step.hasPosition ? "A position is open" : null);
}

/** The same, whether a position is open or not. */
export function blockedBecause(
  step: Pick<DeskToAgent, "seq" | "tradingState">,
  agent: EntryAgent,
): string | null {
  const { config, tradeFromSeq } = agent.init;
  if (config.signalsOnly) return "The agent only reports signals";
  if (step.seq < tradeFromSeq) return "The agent warms up";
  if (agent.isPaused) return "The agent is paused";
  return step.tradingState === "active"
    ? null
    : `Trading is ${step.tradingState}`;
}

/** What bounds the decisions of an agent; the last two are of each candle. */
export function toGate({ config }: AgentWorkerConfig): TradingGate {
  const { strategies, sizing, risk, costs } = config;
  return {
    strategies,
    sizing,
    costs,
    riskPct: risk.riskPerTradePct,
    closedBecause: null,
    hasPosition: false,
  };
}

/** The same of a decision engine. */
export function toEnsembleGate({ config }: AgentWorkerConfig): EnsembleGate {
  const { decision, sizing, risk, costs } = config;
  return {
    decision,
    sizing,
    costs,
    riskPct: risk.riskPerTradePct,
    closedBecause: null,
    hasPosition: false,
  };
}
