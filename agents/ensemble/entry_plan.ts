/**
 * Where an engine would enter, and where it would leave: by its own distances,
 * or as the agent planned it whose signal the models agree with.
 *
 * @module
 */
import type { DecisionConfig } from "../../lib/contracts/decision_config.ts";
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { EnterSignal } from "../../lib/contracts/signal.ts";
import type { CandleSeries } from "../market/candle_series.ts";
import { describeVerdict } from "./ensemble_words.ts";
import { LIMIT_WAIT_CANDLES } from "./limits.ts";
import type { UnusualInput } from "./unusual_inputs.ts";
import type { Verdict } from "./verdict.ts";

/** Name of trades that an engine plans itself, as strategies have names. */
export const ENSEMBLE = "ensemble";

/** A planned entry. */
export interface EntryPlan {
  bias: Bias;
  entry: EnterSignal["entry"];
  /** Limit, or the close for an entry at the market. */
  entryPrice: number;
  stopPrice: number;
  targetPrice: number | null;
  expireAfterSeq: number | null;
  strategy: string;
  reasons: string[];
}

/** A plan, or why there is none. */
export type Planned = EntryPlan | { skippedBecause: string };

/** What an engine plans on. */
export interface PlanContext {
  series: CandleSeries;
  decision: DecisionConfig;
  unusual: readonly UnusualInput[];
  /** Entries that others signalled on this candle; null for an engine that listens to nobody. */
  heard: readonly EnterSignal[] | null;
}

/** Plans the entry of a verdict that may be traded. An engine that listens enters nothing that nobody signalled. */
export function planEntry(verdict: Verdict, context: PlanContext): Planned {
  return context.heard === null
    ? planOwn(verdict, context)
    : planHeard(verdict, context.heard, context.unusual);
}

function planOwn(
  verdict: Verdict,
  { series, decision, unusual }: PlanContext,
): Planned {
  const bias = verdict.bias!;
  const price = series.newestClose;
  const atr = series.newestAtr;
  const stopPrice = price - bias * decision.stopAtr * atr;
  const targetPrice = price + bias * decision.targetAtr * atr;
  if (!(atr > 0) || !(stopPrice > 0) || !(targetPrice > 0)) {
    return { skippedBecause: "The stop or the target would not be a price" };
  }
  const isLimit = decision.entry === "limit";
  return {
    bias,
    entry: isLimit ? { type: "limit", price } : { type: "market" },
    entryPrice: price,
    stopPrice,
    targetPrice,
    expireAfterSeq: isLimit ? series.lastSeq + LIMIT_WAIT_CANDLES : null,
    strategy: ENSEMBLE,
    reasons: describeVerdict(verdict, unusual),
  };
}

function planHeard(
  verdict: Verdict,
  heard: readonly EnterSignal[],
  unusual: readonly UnusualInput[],
): Planned {
  if (heard.length === 0) {
    return { skippedBecause: "No source signals an entry" };
  }
  const side = verdict.bias === 1 ? "buy" : "sell";
  const signal = heard.find((each) => each.side === side);
  if (signal === undefined) {
    return { skippedBecause: "The models expect the other side of the signal" };
  }
  const { entry, stopPrice, targetPrice, expireAfterSeq, strategy } = signal;
  return {
    bias: verdict.bias!,
    entry,
    entryPrice: entry.type === "limit" ? entry.price : signal.price,
    stopPrice,
    targetPrice,
    expireAfterSeq: entry.type === "limit" ? expireAfterSeq : null,
    strategy,
    reasons: [...signal.reasons, ...describeVerdict(verdict, unusual)],
  };
}
