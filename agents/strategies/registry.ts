import { BreakoutStrategy } from "./breakout.ts";
import { LiquiditySweepStrategy } from "./liquidity_sweep.ts";
import { MeanReversionStrategy } from "./mean_reversion.ts";
import { PairsStrategy } from "./pairs.ts";
import type { Strategy } from "./strategy.ts";
import {
  createGapStrategy,
  createOrderBlockStrategy,
} from "./zone_strategies.ts";

/**
 * All strategies, made anew for one agent, in the order in which they may
 * submit. Entries at the market come first because they last one candle; an
 * entry that rests at a zone is withdrawn for one and is submitted again
 * afterwards if its zone is still untouched. Among those at the market the
 * rarer pattern comes first; the zone strategies keep their order.
 */
export function createStrategies(): readonly Strategy[] {
  return [
    new LiquiditySweepStrategy(),
    new BreakoutStrategy(),
    new MeanReversionStrategy(),
    new PairsStrategy(),
    createOrderBlockStrategy(),
    createGapStrategy(),
  ];
}
