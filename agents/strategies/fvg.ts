import type { FvgStrategyConfig } from "../../lib/contracts/strategies.ts";
import { SERIES_MASK } from "../market/candle_series.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import { planTrade, type ZoneSetup } from "./setup.ts";

/**
 * Return into a fair value gap (docs/trading-model.md): the newest candle completed a
 * gap in the direction of structure that is at least `minGapAtr` × ATR high,
 * made by a candle whose body is at least `minBodyPct` of its range. Entry at
 * the gap's near edge (or middle), target at the last swing of the trade's
 * direction if that is far enough.
 */
export function proposeGap(
  detectors: DetectorSet,
  config: FvgStrategyConfig,
): ZoneSetup | null {
  const { series, structure, swings } = detectors;
  const bias = structure.trend;
  if (bias === 0) return null;
  const gap = detectors.gaps.newest(bias);
  if (gap === null) return null;
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
  return {
    strategy: "fvg",
    entry: "limit",
    bias,
    zone: { bias, near, far },
    plan,
    createdSeq: series.lastSeq,
    facts: {
      kind: "fvg",
      gapAtr: (gap.top - gap.bottom) / atr,
      bodyPct: 100 * body / range,
    },
  };
}
