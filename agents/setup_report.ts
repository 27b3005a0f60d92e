/**
 * Sentences about setups that are not traded, and about what an agent does with
 * its position.
 *
 * @module
 */
import type { AgentReport } from "../lib/contracts/log.ts";
import type { EpochMs } from "../lib/contracts/primitives.ts";
import type { StrategyKey } from "../lib/contracts/strategies.ts";
import type { SkippedSetup } from "./strategies/entry_state.ts";
import { describeReasons } from "./strategies/reasons.ts";
import { formatPrice, formatR, type Setup } from "./strategies/setup.ts";

type ReportLine = AgentReport["logs"][number];

const STRATEGY_TITLES: Readonly<Record<StrategyKey, string>> = {
  orderBlock: "order block retest",
  fvg: "fair value gap retest",
  liquiditySweep: "liquidity sweep",
  breakout: "breakout",
  meanReversion: "mean reversion",
  pairs: "pair",
};

/** Name of a strategy within a sentence; what is none is shown by its own name. */
export function strategyTitle(strategy: string): string {
  if (strategy === "ensemble") return "vote of the models";
  return (STRATEGY_TITLES as Record<string, string>)[strategy] ?? strategy;
}

/** "Signal only: buy at 48190.2, order block retest (2.3R)". */
export function describeSignal(setup: Setup): string {
  return `Signal only: ${describeSetup(setup)}`;
}

/** "Skipped: buy at 48190.2, breakout (2.0R): Costs would be 40 % of the risk, ...". */
export function describeSkip({ setup, reason }: SkippedSetup): string {
  return `Skipped: ${describeSetup(setup)}: ${reason}`;
}

function describeSetup({ bias, plan, strategy }: Setup): string {
  const reward = plan.rewardRisk === null
    ? ""
    : ` (${formatR(plan.rewardRisk)})`;
  return `${bias > 0 ? "buy" : "sell"} at ${formatPrice(plan.entryPrice)}, ${
    strategyTitle(strategy)
  }${reward}`;
}

/** Log line of a signal that is not traded. */
export function toSignalLine(setup: Setup, marketAt: EpochMs): ReportLine {
  return {
    level: "info",
    category: "decision",
    message: describeSignal(setup),
    marketAt,
    data: { reasons: describeReasons(setup) },
  };
}

/** Log line of a setup that was given up for its size or costs. */
export function toSkipLine(
  skipped: SkippedSetup,
  marketAt: EpochMs,
): ReportLine {
  return {
    level: "info",
    category: "decision",
    message: describeSkip(skipped),
    marketAt,
    data: { reasons: describeReasons(skipped.setup) },
  };
}

/** Log line of a position that the agent closes. */
export function toExitLine(
  action: { reason: string },
  marketAt: EpochMs,
): ReportLine {
  return {
    level: "info",
    category: "decision",
    message: `Closes the position: ${action.reason}`,
    marketAt,
  };
}

/** Log line of a moved stop; there may be one on every candle. */
export function toStopLine(
  action: { intentId: string; stopPrice: number; reason: string },
  marketAt: EpochMs,
): ReportLine {
  return {
    level: "debug",
    category: "decision",
    message: `Moves the stop to ${
      formatPrice(action.stopPrice)
    }: ${action.reason}`,
    marketAt,
    data: { intentId: action.intentId },
  };
}
