/**
 * What speaks for a setup, as numbers; `describeReasons` puts it in words.
 *
 * @module
 */
import type { LiquiditySource } from "../../lib/contracts/pattern.ts";

/** Facts of a setup at a zone. */
export type ZoneFacts = OrderBlockFacts | GapFacts;

export interface OrderBlockFacts {
  kind: "order_block";
  breakStage: "bos" | "choch";
  legAtr: number;
  /** Swings at the opposing level; 0 where there is none. */
  opposingMembers: number;
}

export interface GapFacts {
  kind: "fvg";
  gapAtr: number;
  bodyPct: number;
}

/** Facts of a setup at the market. */
export type MarketFacts =
  | SweepFacts
  | BreakoutFacts
  | MeanReversionFacts
  | PairsFacts;

export interface SweepFacts {
  kind: "liquidity_sweep";
  source: LiquiditySource;
  members: number;
  /** The extreme of the sweep. */
  extreme: number;
  wickPct: number;
  poolAgeCandles: number;
  /** Candles from the sweep to the turn of internal structure; null where none was asked for. */
  turnedAfterCandles: number | null;
  opposingMembers: number;
}

export interface BreakoutFacts {
  kind: "breakout";
  level: "donchian" | "swing";
  channelCandles: number;
  /** Percentile of the channel's width; null where any was taken. */
  squeezePercentile: number | null;
  /** Volume as a multiple of its mean; null where it was not looked at. */
  volumeRatio: number | null;
  /** Whether the market has no volume to look at. */
  isVolumeMissing: boolean;
  bodyPct: number;
  /** Distance of the trailing stop in ATR; null for a fixed target. */
  trailAtr: number | null;
}

export interface MeanReversionFacts {
  kind: "mean_reversion";
  z: number;
  adx: number;
  mean: number;
  windowCandles: number;
}

export interface PairsFacts {
  kind: "pairs";
  hedgeSymbol: string;
  beta: number;
  /** In candles. */
  halfLife: number;
  z: number;
  /** Of the spread, in log prices. */
  deviation: number;
  windowCandles: number;
}
