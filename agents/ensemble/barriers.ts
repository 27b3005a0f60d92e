import type { DecisionConfig } from "../../lib/contracts/decision_config.ts";
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { CandleSeries } from "../market/candle_series.ts";

/** Where a trade of the ensemble begins and ends: what its models were trained to tell apart. */
export interface Barriers {
  price: number;
  stopPrice: number;
  targetPrice: number;
}

/** Close, stop and target of a trade on the newest candle, both in ATR from the close; null where one would not be a price. */
export function barriersOf(
  series: CandleSeries,
  bias: Bias,
  { stopAtr, targetAtr }: Pick<DecisionConfig, "stopAtr" | "targetAtr">,
): Barriers | null {
  const price = series.newestClose;
  const atr = series.newestAtr;
  const stopPrice = price - bias * stopAtr * atr;
  const targetPrice = price + bias * targetAtr * atr;
  return atr > 0 && stopPrice > 0 && targetPrice > 0
    ? { price, stopPrice, targetPrice }
    : null;
}
