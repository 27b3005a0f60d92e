import type { EpochMs } from "./primitives.ts";

/** Bullish or bearish, as +1 and −1 for arithmetic. */
export type Bias = 1 | -1;

/** Two structures run side by side: the larger swings, and the smaller ones inside them. */
export type SwingScale = "swing" | "internal";

/** Where resting orders are expected: equal swings, one swing, or an extreme of a period. */
export const LIQUIDITY_SOURCES = [
  "equal",
  "swing",
  "previous_day",
  "previous_week",
  "session",
] as const;
export type LiquiditySource = (typeof LIQUIDITY_SOURCES)[number];

/** Trading sessions and kill zones, in the order of their codes: only ever append. */
export const SESSION_NAMES = [
  "sydney",
  "tokyo",
  "london",
  "new_york",
  "asian_kill_zone",
  "london_open_kill_zone",
  "new_york_kill_zone",
  "london_close_kill_zone",
] as const;
export type SessionName = (typeof SESSION_NAMES)[number];

/** Periods whose last high and low are levels, in the order of their codes. */
export const LEVEL_PERIODS = ["4h", "1d", "1w", "1mo"] as const;
export type LevelPeriod = (typeof LEVEL_PERIODS)[number];

/** Every event of the causal detectors. Events are appended, never changed or taken back. */
export type PatternEvent =
  | SwingEvent
  | StructureBreakEvent
  | FairValueGapEvent
  | OrderBlockEvent
  | LiquidityEvent
  | EqualLevelEvent
  | PreviousLevelEvent
  | SessionEvent
  | RangeEvent
  | RetracementEvent;

/** What all events carry. */
interface PatternEventBase {
  /** Candle whose close made the event known. */
  seq: number;
  at: EpochMs;
  /** Candle that the event marks, at or before `seq`. */
  refSeq: number;
  refAt: EpochMs;
  /** Bullish (+1) or bearish (−1); for a level that price meets from below +1, from above −1. */
  bias: Bias;
}

/** A swing high (+1) or low (−1). `final` once the opposite swing has been confirmed. */
export interface SwingEvent extends PatternEventBase {
  kind: "swing";
  stage: "confirmed" | "replaced" | "final";
  scale: SwingScale;
  price: number;
}

/** A close beyond the last confirmed swing: with the trend (BOS) or against it (CHoCH). */
export interface StructureBreakEvent extends PatternEventBase {
  kind: "structure";
  stage: "bos" | "choch";
  scale: SwingScale;
  /** The swing's price that was broken. `refSeq` is the swing's candle. */
  price: number;
}

/** A three-candle gap. `refSeq` is the middle candle; `id` links the stages. */
export interface FairValueGapEvent extends PatternEventBase {
  kind: "fvg";
  stage: "created" | "touched" | "filled" | "inverted";
  id: string;
  top: number;
  bottom: number;
}

/** An order block. `refSeq` is the block's candle; `id` links the stages. */
export interface OrderBlockEvent extends PatternEventBase {
  kind: "order_block";
  stage: "created" | "touched" | "broken" | "ended";
  id: string;
  top: number;
  bottom: number;
  /** Whether a displacement (leg of 1.5 ATR, or a gap in the leg) made it. */
  displaced: boolean;
}

/**
 * Resting liquidity and what became of it: `swept` by a wick beyond that closes
 * back, `run` by a close beyond. Pools of equal swings are also told when they
 * form; a single swing and the levels of a period are told by their own events.
 * `refSeq` is the candle that made the level, of a pool its first swing.
 */
export interface LiquidityEvent extends PatternEventBase {
  kind: "liquidity";
  stage: "formed" | "extended" | "swept" | "run";
  source: LiquiditySource;
  id: string;
  price: number;
  /** Swings at the level; 1 for everything that is no pool. */
  members: number;
}

/** Two internal swings of one side in a row at the same height. `refSeq` is the first of them. */
export interface EqualLevelEvent extends PatternEventBase {
  kind: "equal_level";
  stage: "formed";
  /** Price of the second swing. */
  price: number;
  /** Price of the first one. */
  firstPrice: number;
}

/** The high and the low of the period that has just ended; known at the first candle of the next one. */
export interface PreviousLevelEvent extends PatternEventBase {
  kind: "previous_level";
  stage: "set";
  period: LevelPeriod;
  high: number;
  low: number;
}

/**
 * A trading session in its own local time, daylight saving included. `opened`
 * at its first candle, `closed` at the first candle after it, with its extremes;
 * `refSeq` is the first or the last candle of the session. The bias of `closed`
 * says whether it ended above its open.
 */
export interface SessionEvent extends PatternEventBase {
  kind: "session";
  stage: "opened" | "closed";
  session: SessionName;
  high: number;
  low: number;
}

/** The close went into another part of the dealing range: the upper, the lower, or its middle. */
export interface RangeEvent extends PatternEventBase {
  kind: "range";
  stage: "premium" | "equilibrium" | "discount";
  top: number;
  bottom: number;
}

/** Price came back by a part of the last leg, first time since its swing. Bias +1: an upward leg, retraced down. */
export interface RetracementEvent extends PatternEventBase {
  kind: "retracement";
  stage: "reached";
  /** Part of the leg in percent. */
  levelPct: number;
  price: number;
}
