import type { EpochMs } from "./primitives.ts";

/** Bullish or bearish, as +1 and −1 for arithmetic. */
export type Bias = 1 | -1;

/** Every event of the causal detectors. Events are appended, never changed or taken back. */
export type PatternEvent =
  | SwingEvent
  | StructureBreakEvent
  | FairValueGapEvent
  | OrderBlockEvent
  | LiquidityEvent;

/** What all events carry. */
interface PatternEventBase {
  /** Candle whose close made the event known. */
  seq: number;
  at: EpochMs;
  /** Candle that the event marks, at or before `seq`. */
  refSeq: number;
  refAt: EpochMs;
  /** Bullish (+1) or bearish (−1); for a swing: high (+1) or low (−1). */
  bias: Bias;
}

/** A swing high or low. `final` once the opposite swing has been confirmed. */
export interface SwingEvent extends PatternEventBase {
  kind: "swing";
  stage: "confirmed" | "replaced" | "final";
  price: number;
}

/** A close beyond the last confirmed swing: with the trend (BOS) or against it (CHoCH). */
export interface StructureBreakEvent extends PatternEventBase {
  kind: "structure";
  stage: "bos" | "choch";
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

/** A pool of resting liquidity and what became of it. `refSeq` is the pool's first swing. */
export interface LiquidityEvent extends PatternEventBase {
  kind: "liquidity";
  stage: "formed" | "extended" | "swept" | "run";
  id: string;
  price: number;
  members: number;
}
