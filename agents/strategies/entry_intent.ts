import type { OrderIntent } from "../../lib/contracts/order.ts";
import { describeReasons } from "./reasons.ts";
import type { Setup } from "./setup.ts";

/**
 * The intent that enters a setup.
 *
 * @param options `seq` is the candle of the decision, `riskPct` what the trade
 * may lose in percent of equity, `expireAfterSeq` the last candle on which the
 * entry rests, null for one at the market.
 */
export function toIntent(
  setup: Setup,
  options: {
    seq: number;
    riskPct: number;
    note: string | null;
    expireAfterSeq: number | null;
  },
): OrderIntent {
  const { seq, riskPct, note, expireAfterSeq } = options;
  const { plan } = setup;
  const reasons = describeReasons(setup);
  if (note !== null) reasons.push(note);
  return {
    // At most one entry is submitted on a candle, so its number is 0.
    intentId: `${seq}.0`,
    seq,
    side: setup.bias > 0 ? "buy" : "sell",
    entry: setup.entry === "limit"
      ? { type: "limit", price: plan.entryPrice }
      : { type: "market" },
    stopPrice: plan.stopPrice,
    targetPrice: plan.targetPrice,
    riskPct,
    expireAfterSeq,
    strategy: setup.strategy,
    reasons,
    ...(setup.entry === "market" && setup.hedge !== undefined
      ? { hedge: hedgeOf(setup.bias, setup.hedge.ratio) }
      : {}),
  };
}

function hedgeOf(
  bias: Setup["bias"],
  ratio: number,
): NonNullable<OrderIntent["hedge"]> {
  return { side: bias > 0 ? "sell" : "buy", ratio };
}

/** Value of the second leg for each unit of the first; 0 without one. */
export function hedgeValueOf(setup: Setup): number {
  return setup.entry === "market" && setup.hedge !== undefined
    ? setup.hedge.ratio * setup.hedge.price
    : 0;
}
