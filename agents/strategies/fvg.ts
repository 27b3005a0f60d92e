import type { FvgStrategyConfig } from "../../lib/contracts/strategies.ts";
import { SERIES_MASK } from "../market/candle_series.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import {
  createdZone,
  formatPrice,
  formatR,
  planTrade,
  type Setup,
} from "./setup.ts";

/**
 * Return into a fair value gap (smc.md part 4): the newest candle completed a
 * gap in the direction of structure that is at least `minGapAtr` × ATR high,
 * made by a candle whose body is at least `minBodyPct` of its range. Entry at
 * the gap's near edge (or middle), target at the last swing of the trade's
 * direction if that is far enough.
 */
export function proposeGap(
  detectors: DetectorSet,
  config: FvgStrategyConfig,
): Setup | null {
  const { series, structure, swings, events } = detectors;
  const bias = structure.trend;
  if (bias === 0 || events.length === 0) return null;
  const gap = createdZone(events, "fvg");
  if (gap === null || gap.bias !== bias) return null;
  const at = series.lastSeq & SERIES_MASK;
  const atr = series.atr[at]!;
  if (gap.top - gap.bottom < config.minGapAtr * atr) return null;
  const middle = gap.refSeq & SERIES_MASK;
  const body = Math.abs(series.close[middle]! - series.open[middle]!);
  const range = series.high[middle]! - series.low[middle]!;
  if (100 * body < config.minBodyPct * range) return null;
  const near = bias > 0 ? gap.top : gap.bottom;
  const far = bias > 0 ? gap.bottom : gap.top;
  const swing = bias > 0 ? swings.high : swings.low;
  const plan = planTrade({ bias, near, far }, {
    config,
    atr,
    opposing: swing.seq < 0 ? null : swing.price,
  });
  if (plan === null) return null;
  const side = bias > 0 ? "high" : "low";
  return {
    strategy: "fvg",
    zone: { bias, near, far },
    plan,
    createdSeq: series.lastSeq,
    reasons: [
      `${bias > 0 ? "Bullish" : "Bearish"} fair value gap ${
        formatPrice(gap.bottom)
      } to ${formatPrice(gap.top)}`,
      `Structure points ${bias > 0 ? "up" : "down"}`,
      `Gap of ${((gap.top - gap.bottom) / atr).toFixed(1)} ATR, body ${
        (100 * body / range).toFixed(0)
      } % of the range`,
      plan.isAtOpposing
        ? `Target at the last swing ${side} ${formatPrice(plan.targetPrice)} (${
          formatR(plan.rewardRisk)
        })`
        : `Target at ${
          formatR(plan.rewardRisk)
        }: the last swing ${side} is too near`,
    ],
  };
}
