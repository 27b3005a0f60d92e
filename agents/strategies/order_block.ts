import type { OrderBlockStrategyConfig } from "../../lib/contracts/strategies.ts";
import { SERIES_MASK } from "../market/candle_series.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import { findLeg } from "../smc/leg.ts";
import { opposingLiquidity, planTrade, type ZoneSetup } from "./setup.ts";

/** Part of the leg that a block must lie in, from the leg's origin (discount half for longs). */
const LEG_SHARE = 0.5;

/**
 * Order block retest (docs/trading-model.md): the newest candle broke structure and
 * made a displaced block whose whole zone lies in the first half of the leg.
 * Entry at the zone's near edge (or middle), target at the nearest opposing
 * liquidity that price has not taken.
 */
export function proposeOrderBlock(
  detectors: DetectorSet,
  config: OrderBlockStrategyConfig,
): ZoneSetup | null {
  const { series, structure } = detectors;
  if (structure.breakBias === 0) return null;
  const bias = structure.breakBias;
  const block = detectors.blocks.newest(bias);
  if (block === null || !block.displaced) return null;
  const leg = findLeg(series, { swingSeq: structure.brokenSwingSeq, bias });
  const near = bias > 0 ? block.top : block.bottom;
  const far = bias > 0 ? block.bottom : block.top;
  if (bias * (near - leg.originPrice) > LEG_SHARE * leg.height) return null;
  const at = series.lastSeq & SERIES_MASK;
  const opposing = opposingLiquidity(detectors, { bias, price: near });
  const plan = planTrade({ bias, near, far }, {
    config,
    atr: series.atr[at]!,
    opposing: opposing?.price ?? null,
  });
  if (plan === null) return null;
  return {
    strategy: "orderBlock",
    entry: "limit",
    bias,
    zone: { bias, near, far },
    plan,
    createdSeq: series.lastSeq,
    facts: {
      kind: "order_block",
      breakStage: structure.lastBreakStage ?? "bos",
      legAtr: leg.height / series.atr[at]!,
      opposingMembers: opposing?.members ?? 0,
    },
  };
}
