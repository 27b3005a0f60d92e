import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { CODE, SCALE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";
import type { SwingDetector, SwingPoint } from "./swings.ts";

const BOS = CODE["structure.bos"];
const CHOCH = CODE["structure.choch"];

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
  readonly #log: PatternLog;
  readonly #swings: SwingDetector;
  readonly #outer: StructureDetector | null;
  #brokenHighSeq = -1;
  #brokenLowSeq = -1;

  /** `outer` is the larger structure around an internal one, or null. */
  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    swings: SwingDetector;
    outer: StructureDetector | null;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#swings = options.swings;
    this.#outer = options.outer;
  }

  /** Takes the newest candle; the swings must have taken it before. */
  step(): void {
    this.breakBias = 0;
    this.brokenSwingSeq = -1;
    const close = this.#series.close[this.#series.lastSeq & SERIES_MASK]!;
    const { high, low } = this.#swings;
    if (
      high.seq >= 0 && high.seq !== this.#brokenHighSeq && close > high.price
    ) {
      this.#brokenHighSeq = high.seq;
      this.#break(1);
    } else if (
      low.seq >= 0 && low.seq !== this.#brokenLowSeq && close < low.price
    ) {
      this.#brokenLowSeq = low.seq;
      this.#break(-1);
    }
  }

  #break(bias: Bias): void {
    const seq = this.#series.lastSeq;
    const swing: SwingPoint = bias > 0 ? this.#swings.high : this.#swings.low;
    const stage = this.trend === -bias ? "choch" : "bos";
    this.trend = bias;
    this.breakBias = bias;
    this.brokenSwingSeq = swing.seq;
    this.lastBreakSeq = seq;
    this.lastBreakStage = stage;
    // What the larger structure tells of the same swing need not be told twice.
    const isTold = this.#outer !== null &&
      this.#outer.brokenSwingSeq === swing.seq;
    if (isTold) return;
    const scale = this.#outer === null ? SCALE.swing : SCALE.internal;
    const code = stage === "choch" ? CHOCH : BOS;
    this.#log.add(code, bias, scale, swing.seq, swing.at, swing.price, 0);
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
