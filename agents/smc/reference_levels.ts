import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import type { LiquidityLevel } from "./liquidity.ts";
import { CODE, SOURCE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";
import type { PreviousLevelDetector } from "./previous_levels.ts";
import { LEVEL_SESSIONS, type SessionDetector } from "./sessions.ts";

const SWEPT = CODE["liquidity.swept"];
const RUN = CODE["liquidity.run"];

/** Places of one side: the day, the week, then the sessions. */
const DAY = 0;
const WEEK = 1;
const FIRST_SESSION = 2;
const COUNT = FIRST_SESSION + LEVEL_SESSIONS;

/** State of one side of {@link ReferenceLevels}. */
interface SideSnapshot {
  price: Float64Array;
  refSeq: Float64Array;
  refAt: Float64Array;
}

/** State of {@link ReferenceLevels}. */
export interface ReferenceLevelsSnapshot {
  highs: SideSnapshot;
  lows: SideSnapshot;
}

/** Levels of one side; signed prices, Infinity where there is none or it was taken. */
class Side {
  readonly bias: Bias;
  readonly price = new Float64Array(COUNT).fill(Infinity);
  readonly refSeq = new Float64Array(COUNT);
  readonly refAt = new Float64Array(COUNT);
  trigger = Infinity;

  constructor(bias: Bias) {
    this.bias = bias;
  }

  set(place: number, price: number, refSeq: number, refAt: number): void {
    this.price[place] = this.bias * price;
    this.refSeq[place] = refSeq;
    this.refAt[place] = refAt;
    this.refresh();
  }

  refresh(): void {
    let trigger = Infinity;
    for (let place = 0; place < COUNT; place++) {
      if (this.price[place]! < trigger) trigger = this.price[place]!;
    }
    this.trigger = trigger;
  }

  snapshot(): SideSnapshot {
    return {
      price: this.price.slice(),
      refSeq: this.refSeq.slice(),
      refAt: this.refAt.slice(),
    };
  }

  restore(snapshot: SideSnapshot): void {
    this.price.set(snapshot.price);
    this.refSeq.set(snapshot.refSeq);
    this.refAt.set(snapshot.refAt);
    this.refresh();
  }
}

/**
 * Liquidity at the extremes of the day before, of the week before and of the
 * last session of each market place. A level stands from the first candle after
 * its period, which may already take it, until it is taken or its successor
 * comes: `swept` by a wick beyond it that closes back, `run` by a close beyond.
 */
export class ReferenceLevels {
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #day: PreviousLevelDetector;
  readonly #week: PreviousLevelDetector;
  readonly #sessions: SessionDetector;
  readonly #highs = new Side(1);
  readonly #lows = new Side(-1);

  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    day: PreviousLevelDetector;
    week: PreviousLevelDetector;
    sessions: SessionDetector;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#day = options.day;
    this.#week = options.week;
    this.#sessions = options.sessions;
  }

  /** The nearest level above `price` (bias +1) or below it (bias −1) that price has not taken. */
  nearestBeyond(bias: Bias, price: number): LiquidityLevel | null {
    const nearest = this.nearestPriceBeyond(bias, price);
    return nearest === Infinity ? null : { price: bias * nearest, members: 1 };
  }

  /** Price, times the bias, of the level that {@link nearestBeyond} gives; Infinity where there is none. Makes no object. */
  nearestPriceBeyond(bias: Bias, price: number): number {
    const side = bias > 0 ? this.#highs : this.#lows;
    let nearest = Infinity;
    for (let place = 0; place < COUNT; place++) {
      const level = side.price[place]!;
      if (level > bias * price && level < nearest) nearest = level;
    }
    return nearest;
  }

  /** Takes the newest candle; days, weeks and sessions must have taken it before. */
  step(): void {
    if (this.#day.isNew) this.#takePeriod(DAY, this.#day);
    if (this.#week.isNew) this.#takePeriod(WEEK, this.#week);
    if (this.#sessions.closedBits !== 0) this.#takeSessions();
    const series = this.#series;
    const place = series.lastSeq & SERIES_MASK;
    const close = series.close[place]!;
    const high = series.high[place]!;
    const low = series.low[place]!;
    if (high > this.#highs.trigger) this.#check(this.#highs, high, close);
    if (-low > this.#lows.trigger) this.#check(this.#lows, -low, -close);
  }

  #takePeriod(place: number, period: PreviousLevelDetector): void {
    // The first period of a stream has none before it.
    if (Number.isNaN(period.high)) return;
    this.#highs.set(place, period.high, period.highSeq, period.highAt);
    this.#lows.set(place, period.low, period.lowSeq, period.lowAt);
  }

  #takeSessions(): void {
    const sessions = this.#sessions;
    for (let session = 0; session < LEVEL_SESSIONS; session++) {
      if ((sessions.closedBits & (1 << session)) === 0) continue;
      // Where the next session began on this very candle the extremes are its own already.
      if (sessions.isOpen(session)) continue;
      this.#highs.set(
        FIRST_SESSION + session,
        sessions.high[session]!,
        sessions.highSeq[session]!,
        sessions.highAt[session]!,
      );
      this.#lows.set(
        FIRST_SESSION + session,
        sessions.low[session]!,
        sessions.lowSeq[session]!,
        sessions.lowAt[session]!,
      );
    }
  }

  #check(side: Side, reach: number, close: number): void {
    for (let place = 0; place < COUNT; place++) {
      const price = side.price[place]!;
      if (reach <= price) continue;
      this.#log.add(
        close > price ? RUN : SWEPT,
        side.bias,
        sourceOf(place),
        side.refSeq[place]!,
        side.refAt[place]!,
        side.bias * price,
        1,
      );
      side.price[place] = Infinity;
    }
    side.refresh();
  }

  snapshot(): ReferenceLevelsSnapshot {
    return { highs: this.#highs.snapshot(), lows: this.#lows.snapshot() };
  }

  restore(snapshot: ReferenceLevelsSnapshot): void {
    this.#highs.restore(snapshot.highs);
    this.#lows.restore(snapshot.lows);
  }
}

function sourceOf(place: number): number {
  if (place === DAY) return SOURCE.previous_day;
  return place === WEEK ? SOURCE.previous_week : SOURCE.session;
}
