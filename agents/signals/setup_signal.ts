import type { EnterSignal } from "../../lib/contracts/signal.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";
import { describeReasons } from "../strategies/reasons.ts";
import type { Setup } from "../strategies/setup.ts";

/**
 * The signal of a setup; null for one of two legs, which nobody else can enter,
 * and for one that ends by a rule and not at a price, which nobody else knows.
 *
 * @param options `number` is its place among the signals of the candle, `price`
 * the candle's close, `waitCandles` how many candles after it may fill it.
 */
export function toSignal(
  setup: Setup,
  options: { number: number; at: EpochMs; price: number; waitCandles: number },
): EnterSignal | null {
  const hasTwoLegs = setup.entry === "market" && setup.hedge !== undefined;
  if (hasTwoLegs || setup.plan.targetPrice === null) return null;
  const { number, at, price, waitCandles } = options;
  const { plan, createdSeq, bias } = setup;
  return {
    signalId: `${createdSeq}.${number}`,
    seq: createdSeq,
    at,
    kind: "enter",
    side: bias > 0 ? "buy" : "sell",
    entry: setup.entry === "limit"
      ? { type: "limit", price: plan.entryPrice }
      : { type: "market" },
    stopPrice: plan.stopPrice,
    targetPrice: plan.targetPrice,
    price,
    expireAfterSeq: createdSeq + waitCandles,
    strategy: setup.strategy,
    confidence: null,
    reasons: describeReasons(setup),
  };
}
