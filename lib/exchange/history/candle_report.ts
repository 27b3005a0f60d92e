/**
 * What a person should know about some candles before trading them in a test:
 * how many there are, what is missing, what looks wrong.
 *
 * @module
 */
import { CANDLE_WIDTH, timeframeOf } from "../../contracts/candle.ts";
import type { PackedRows } from "../columnar/writer.ts";
import { GapCounter } from "../gap_counter.ts";
import { CANDLE_CHUNK_ROWS } from "../limits.ts";
import { JUMP_PCT_MIN, REPORT_GAPS_MAX, REPORT_JUMPS_MAX } from "./limits.ts";

/** A place where candles are missing. */
export interface Gap {
  /** Open time of the last candle before it. */
  afterAt: number;
  /** Open time of the first candle behind it. */
  nextAt: number;
  /** Whole candles that would fit in. */
  missing: number;
}

/** A candle that goes far from the close before it. */
export interface Jump {
  at: number;
  /** Farthest distance of its prices from the close before, in percent of that. */
  pct: number;
}

/** See the module. Times are milliseconds since 1970, UTC. */
export interface CandleReport {
  rows: number;
  /** Null without candles. */
  firstAt: number | null;
  lastAt: number | null;
  /** The most frequent time from one open to the next; null with fewer than two candles. */
  stepMs: number | null;
  gaps: number;
  /** Candles missing in all gaps together. */
  missing: number;
  /** The longest gaps, longest first. */
  longestGaps: readonly Gap[];
  /** Candles that open less than a step after the one before. */
  tooClose: number;
  /** Candles that do not open at a multiple of the step. */
  offGrid: number;
  zeroVolume: number;
  jumps: number;
  /** The first jumps in time. */
  firstJumps: readonly Jump[];
}

/** Reports on valid candles in ascending order. */
export function reportCandles(candles: PackedRows): CandleReport {
  const { rows, stepMs } = countSteps(candles);
  const inspector = new Inspector(stepMs);
  eachRow(candles, (packed, at) => inspector.add(packed, at));
  return { rows, stepMs, ...inspector.report() };
}

function countSteps(candles: PackedRows) {
  const counter = new GapCounter();
  eachRow(candles, (packed, at) => counter.add(packed[at]!));
  return counter.report();
}

function eachRow(
  candles: PackedRows,
  visit: (packed: Float64Array, at: number) => void,
): void {
  for (let from = 0; from < candles.length; from += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, candles.length - from);
    const packed = candles.packed(from, count);
    for (let at = 0; at < packed.length; at += CANDLE_WIDTH) visit(packed, at);
  }
}

class Inspector {
  readonly #stepMs: number | null;
  readonly #longest: Gap[] = [];
  readonly #firstJumps: Jump[] = [];
  #firstAt: number | null = null;
  #lastAt: number | null = null;
  #lastClose = 0;
  #gaps = 0;
  #missing = 0;
  #tooClose = 0;
  #offGrid = 0;
  #zeroVolume = 0;
  #jumps = 0;

  constructor(stepMs: number | null) {
    this.#stepMs = stepMs;
  }

  add(packed: Float64Array, at: number): void {
    const openAt = packed[at]!;
    if (packed[at + 5] === 0) this.#zeroVolume++;
    if (this.#lastAt !== null) {
      this.#addStep(this.#lastAt, openAt);
      this.#addJump(packed, at);
    }
    this.#firstAt ??= openAt;
    if (this.#stepMs !== null && !this.#isOnGrid(openAt)) this.#offGrid++;
    this.#lastAt = openAt;
    this.#lastClose = packed[at + 4]!;
  }

  report() {
    return {
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      gaps: this.#gaps,
      missing: this.#missing,
      longestGaps: this.#longest,
      tooClose: this.#tooClose,
      offGrid: this.#offGrid,
      zeroVolume: this.#zeroVolume,
      jumps: this.#jumps,
      firstJumps: this.#firstJumps,
    };
  }

  /** Timeframes of the product count from 1970; of other steps the first candle says where they begin. */
  #isOnGrid(openAt: number): boolean {
    const stepMs = this.#stepMs!;
    const origin = timeframeOf(stepMs) === null ? this.#firstAt! : 0;
    return (openAt - origin) % stepMs === 0;
  }

  #addStep(afterAt: number, nextAt: number): void {
    const stepMs = this.#stepMs!;
    const apartMs = nextAt - afterAt;
    if (apartMs < stepMs) this.#tooClose++;
    if (apartMs <= stepMs) return;
    const missing = Math.ceil(apartMs / stepMs) - 1;
    this.#gaps++;
    this.#missing += missing;
    const longest = this.#longest;
    const isLonger = (other: Gap) => apartMs > other.nextAt - other.afterAt;
    const place = longest.findIndex(isLonger);
    if (place === -1 && longest.length >= REPORT_GAPS_MAX) return;
    const at = place === -1 ? longest.length : place;
    longest.splice(at, 0, { afterAt, nextAt, missing });
    if (longest.length > REPORT_GAPS_MAX) longest.pop();
  }

  #addJump(packed: Float64Array, at: number): void {
    const before = this.#lastClose;
    const up = packed[at + 2]! / before - 1;
    const down = 1 - packed[at + 3]! / before;
    const pct = 100 * Math.max(up, down);
    if (pct <= JUMP_PCT_MIN) return;
    this.#jumps++;
    if (this.#firstJumps.length < REPORT_JUMPS_MAX) {
      this.#firstJumps.push({ at: packed[at]!, pct });
    }
  }
}
