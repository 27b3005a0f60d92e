import type { Bias, PatternEvent } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import type { SwingDetector, SwingPoint } from "./swings.ts";

/** State of a {@link StructureDetector}. */
export interface StructureSnapshot {
  trend: Bias | 0;
  brokenHighSeq: number;
  brokenLowSeq: number;
  lastBreakSeq: number;
  lastBreakStage: "bos" | "choch" | null;
}

/**
 * Breaks of structure (docs/trading-model.md): the first CLOSE beyond
 * the last confirmed swing, once per swing. Against the trend it is a change
 * of character (CHoCH), else a break of structure (BOS); the first break of a
 * stream, with no trend yet, is a BOS. A wick alone breaks nothing.
 *
 * A high and a low cannot break on one candle: where the last swing high lies
 * below the last swing low, one of them had been closed through before the
 * other was confirmed.
 */
export class StructureDetector {
  /** Direction of the last break; 0 before the first. */
  trend: Bias | 0 = 0;
  /** Direction of the break on the current candle, or 0. */
  breakBias: Bias | 0 = 0;
  /** Candle of the swing that the current candle broke, or −1. */
  brokenSwingSeq = -1;
  /** Candle and kind of the last break. */
  lastBreakSeq = -1;
  lastBreakStage: "bos" | "choch" | null = null;
  readonly #series: CandleSeries;
  readonly #swings: SwingDetector;
  #brokenHighSeq = -1;
  #brokenLowSeq = -1;

  constructor(options: { series: CandleSeries; swings: SwingDetector }) {
    this.#series = options.series;
    this.#swings = options.swings;
  }

  /** Takes the newest candle; the swings must have taken it before. */
  step(events: PatternEvent[]): void {
    this.breakBias = 0;
    this.brokenSwingSeq = -1;
    const close = this.#series.close[this.#series.lastSeq & SERIES_MASK]!;
    const { high, low } = this.#swings;
    if (
      high.seq >= 0 && high.seq !== this.#brokenHighSeq && close > high.price
    ) {
      this.#brokenHighSeq = high.seq;
      this.#break(1, events);
    } else if (
      low.seq >= 0 && low.seq !== this.#brokenLowSeq && close < low.price
    ) {
      this.#brokenLowSeq = low.seq;
      this.#break(-1, events);
    }
  }

  #break(bias: Bias, events: PatternEvent[]): void {
    const seq = this.#series.lastSeq;
    const swing: SwingPoint = bias > 0 ? this.#swings.high : this.#swings.low;
    const stage = this.trend === -bias ? "choch" : "bos";
    this.trend = bias;
    this.breakBias = bias;
    this.brokenSwingSeq = swing.seq;
    this.lastBreakSeq = seq;
    this.lastBreakStage = stage;
    events.push({
      kind: "structure",
      stage,
      seq,
      at: this.#series.openAt[seq & SERIES_MASK]!,
      refSeq: swing.seq,
      refAt: swing.at,
      bias,
      price: swing.price,
    });
  }

  snapshot(): StructureSnapshot {
    return {
      trend: this.trend,
      brokenHighSeq: this.#brokenHighSeq,
      brokenLowSeq: this.#brokenLowSeq,
      lastBreakSeq: this.lastBreakSeq,
      lastBreakStage: this.lastBreakStage,
    };
  }

  restore(snapshot: StructureSnapshot): void {
    this.trend = snapshot.trend;
    this.#brokenHighSeq = snapshot.brokenHighSeq;
    this.#brokenLowSeq = snapshot.brokenLowSeq;
    this.lastBreakSeq = snapshot.lastBreakSeq;
    this.lastBreakStage = snapshot.lastBreakStage;
    this.breakBias = 0;
    this.brokenSwingSeq = -1;
  }
}
