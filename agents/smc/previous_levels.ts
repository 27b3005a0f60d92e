import type { LevelPeriod } from "../../lib/contracts/pattern.ts";
import { LEVEL_PERIODS } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { dayNumber, monthNumber, weekNumber } from "../market/civil_time.ts";
import { CODE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";

const SET = CODE["previous_level.set"];
const FOUR_HOURS_MS = 4 * 3_600_000;
const NONE = -1e15;

/** Number of the period that a time lies in, UTC; weeks begin on Monday. */
const PERIOD_NUMBER: Readonly<Record<LevelPeriod, (at: number) => number>> = {
  "4h": (at) => Math.floor(at / FOUR_HOURS_MS),
  "1d": dayNumber,
  "1w": weekNumber,
  "1mo": monthNumber,
};

/** State of a {@link PreviousLevelDetector}. */
export interface PreviousLevelSnapshot {
  number: number;
  state: Float64Array;
}

/** Places in the state: the running period, then the one before it. */
const STATE = {
  open: 0,
  high: 1,
  low: 2,
  highSeq: 3,
  lowSeq: 4,
  highAt: 5,
  lowAt: 6,
  lastClose: 7,
  lastSeq: 8,
  lastAt: 9,
  previousHigh: 10,
  previousLow: 11,
  previousHighSeq: 12,
  previousLowSeq: 13,
  previousHighAt: 14,
  previousLowAt: 15,
} as const;
const STATE_SIZE = 16;

/**
 * High and low of the last period that had candles: the day before, the week
 * before (docs/trading-model.md). Known at the first candle of the next period, which may
 * already take them. Unlike the reference package this is the period right
 * before, not the one before that.
 */
export class PreviousLevelDetector {
  /** Whether the newest candle began a period. */
  isNew = false;
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #period: number;
  readonly #numberOf: (at: number) => number;
  readonly #state = new Float64Array(STATE_SIZE).fill(NaN);
  #number = NONE;

  constructor(
    options: { series: CandleSeries; log: PatternLog; period: LevelPeriod },
  ) {
    this.#series = options.series;
    this.#log = options.log;
    this.#period = LEVEL_PERIODS.indexOf(options.period);
    this.#numberOf = PERIOD_NUMBER[options.period];
  }

  /** Highest price of the period before; NaN in the first one. */
  get high(): number {
    return this.#state[STATE.previousHigh]!;
  }

  get low(): number {
    return this.#state[STATE.previousLow]!;
  }

  get highSeq(): number {
    return this.#state[STATE.previousHighSeq]!;
  }

  get lowSeq(): number {
    return this.#state[STATE.previousLowSeq]!;
  }

  get highAt(): number {
    return this.#state[STATE.previousHighAt]!;
  }

  get lowAt(): number {
    return this.#state[STATE.previousLowAt]!;
  }

  /** Takes the newest candle of the series. */
  step(): void {
    const series = this.#series;
    const seq = series.lastSeq;
    const place = seq & SERIES_MASK;
    const at = series.openAt[place]!;
    const state = this.#state;
    const high = series.high[place]!;
    const low = series.low[place]!;
    const number = this.#numberOf(at);
    this.isNew = number !== this.#number;
    if (this.isNew) {
      if (this.#number !== NONE) this.#end();
      this.#number = number;
      state[STATE.open] = series.open[place]!;
      state[STATE.high] = -Infinity;
      state[STATE.low] = Infinity;
    }
    if (high > state[STATE.high]!) {
      state[STATE.high] = high;
      state[STATE.highSeq] = seq;
      state[STATE.highAt] = at;
    }
    if (low < state[STATE.low]!) {
      state[STATE.low] = low;
      state[STATE.lowSeq] = seq;
      state[STATE.lowAt] = at;
    }
    state[STATE.lastClose] = series.close[place]!;
    state[STATE.lastSeq] = seq;
    state[STATE.lastAt] = at;
  }

  #end(): void {
    const state = this.#state;
    state[STATE.previousHigh] = state[STATE.high]!;
    state[STATE.previousLow] = state[STATE.low]!;
    state[STATE.previousHighSeq] = state[STATE.highSeq]!;
    state[STATE.previousLowSeq] = state[STATE.lowSeq]!;
    state[STATE.previousHighAt] = state[STATE.highAt]!;
    state[STATE.previousLowAt] = state[STATE.lowAt]!;
    this.#log.add(
      SET,
      state[STATE.lastClose]! >= state[STATE.open]! ? 1 : -1,
      this.#period,
      state[STATE.lastSeq]!,
      state[STATE.lastAt]!,
      state[STATE.high]!,
      state[STATE.low]!,
    );
  }

  snapshot(): PreviousLevelSnapshot {
    return { number: this.#number, state: this.#state.slice() };
  }

  restore(snapshot: PreviousLevelSnapshot): void {
    this.#number = snapshot.number;
    this.#state.set(snapshot.state);
    this.isNew = false;
  }
}
