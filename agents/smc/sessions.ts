import { SESSION_NAMES } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { DAY_MS, dayNumber } from "../market/civil_time.ts";
import {
  MARKET_ZONES,
  type MarketZoneName,
  ZoneClock,
} from "../market/market_zones.ts";
import { CODE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";

const OPENED = CODE["session.opened"];
const CLOSED = CODE["session.closed"];
const HOUR_MS = 3_600_000;

/** A daily window in the local time of a market place; the end is not part of it. */
interface SessionWindow {
  zone: number;
  fromMs: number;
  toMs: number;
}

/** Windows by the order of SESSION_NAMES. None of them crosses midnight of its place. */
const WINDOWS: readonly SessionWindow[] = [
  hours("sydney", 7, 16),
  hours("tokyo", 9, 18),
  hours("london", 8, 17),
  hours("new_york", 8, 17),
  hours("tokyo", 9, 13),
  hours("london", 7, 10),
  hours("new_york", 7, 10),
  hours("london", 15, 17),
];

function hours(
  name: MarketZoneName,
  from: number,
  to: number,
): SessionWindow {
  const zone = MARKET_ZONES.indexOf(name);
  return { zone, fromMs: from * HOUR_MS, toMs: to * HOUR_MS };
}

/** How many of the sessions leave their high and low as levels: the kill zones lie within them. */
export const LEVEL_SESSIONS = 4;

const COUNT = SESSION_NAMES.length;
const NOT_OPEN = -1;

/** State of a {@link SessionDetector}. */
export interface SessionSnapshot {
  /** Local day of the open session, −1 while it is closed. */
  day: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  highSeq: Float64Array;
  lowSeq: Float64Array;
  highAt: Float64Array;
  lowAt: Float64Array;
  lastSeq: number;
  lastAt: number;
  lastClose: number;
}

/**
 * Trading sessions (docs/trading-model.md): a candle belongs to a session if it opens
 * within the session's window of local time. So London is 08:00 to 17:00 in
 * London, in summer an hour earlier in UTC. `opened` is told at the first
 * candle, `closed` at the first one after it, with high and low. A session of
 * another day is another session, whatever gap lies between.
 *
 * Between two boundaries only the extremes of the open sessions are kept up.
 */
export class SessionDetector {
  /** Sessions that the newest candle closed, as bits by the order of SESSION_NAMES. */
  closedBits = 0;
  readonly high = new Float64Array(COUNT);
  readonly low = new Float64Array(COUNT);
  readonly highSeq = new Float64Array(COUNT);
  readonly lowSeq = new Float64Array(COUNT);
  readonly highAt = new Float64Array(COUNT);
  readonly lowAt = new Float64Array(COUNT);
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #clock = new ZoneClock();
  readonly #day = new Float64Array(COUNT).fill(NOT_OPEN);
  readonly #open = new Float64Array(COUNT);
  /** Time of the next boundary of any session. */
  #nextAt = -Infinity;
  #lastSeq = -1;
  #lastAt = 0;
  #lastClose = 0;

  constructor(options: { series: CandleSeries; log: PatternLog }) {
    this.#series = options.series;
    this.#log = options.log;
  }

  /** Whether a session is open at the newest candle, by its place in SESSION_NAMES. */
  isOpen(session: number): boolean {
    return this.#day[session] !== NOT_OPEN;
  }

  /** Takes the newest candle of the series. */
  step(): void {
    const series = this.#series;
    const seq = series.lastSeq;
    const place = seq & SERIES_MASK;
    const at = series.openAt[place]!;
    this.closedBits = 0;
    if (at >= this.#nextAt) this.#cross(at, place);
    const high = series.high[place]!;
    const low = series.low[place]!;
    for (let session = 0; session < COUNT; session++) {
      if (this.#day[session] === NOT_OPEN) continue;
      if (high > this.high[session]!) {
        this.high[session] = high;
        this.highSeq[session] = seq;
        this.highAt[session] = at;
      }
      if (low < this.low[session]!) {
        this.low[session] = low;
        this.lowSeq[session] = seq;
        this.lowAt[session] = at;
      }
    }
    this.#lastSeq = seq;
    this.#lastAt = at;
    this.#lastClose = series.close[place]!;
  }

  /** Opens and closes what the boundaries up to `at` ask for. */
  #cross(at: number, place: number): void {
    let nextAt = Infinity;
    for (let session = 0; session < COUNT; session++) {
      const window = WINDOWS[session]!;
      const offsetMs = this.#clock.offsetMs(window.zone, at);
      const day = dayNumber(at + offsetMs);
      const dayAt = day * DAY_MS - offsetMs;
      const fromAt = dayAt + window.fromMs;
      const toAt = dayAt + window.toMs;
      const isIn = at >= fromAt && at < toAt;
      const before = this.#day[session]!;
      if (before !== NOT_OPEN && (!isIn || before !== day)) {
        this.#close(session);
      }
      if (isIn && this.#day[session] === NOT_OPEN) {
        this.#openSession(session, { day, at, place });
      }
      const boundary = at < fromAt ? fromAt : isIn ? toAt : fromAt + DAY_MS;
      const changeAt = this.#clock.nextChangeAt(window.zone);
      nextAt = Math.min(nextAt, boundary, changeAt);
    }
    this.#nextAt = nextAt;
  }

  #openSession(
    session: number,
    { day, at, place }: { day: number; at: number; place: number },
  ): void {
    const series = this.#series;
    const seq = series.lastSeq;
    this.#day[session] = day;
    this.#open[session] = series.open[place]!;
    this.high[session] = series.high[place]!;
    this.low[session] = series.low[place]!;
    this.highSeq[session] = seq;
    this.lowSeq[session] = seq;
    this.highAt[session] = at;
    this.lowAt[session] = at;
    const bias = series.close[place]! >= series.open[place]! ? 1 : -1;
    this.#log.add(
      OPENED,
      bias,
      session,
      seq,
      at,
      this.high[session]!,
      this.low[session]!,
    );
  }

  #close(session: number): void {
    this.#day[session] = NOT_OPEN;
    this.closedBits |= 1 << session;
    const bias = this.#lastClose >= this.#open[session]! ? 1 : -1;
    this.#log.add(
      CLOSED,
      bias,
      session,
      this.#lastSeq,
      this.#lastAt,
      this.high[session]!,
      this.low[session]!,
    );
  }

  snapshot(): SessionSnapshot {
    return {
      day: this.#day.slice(),
      open: this.#open.slice(),
      high: this.high.slice(),
      low: this.low.slice(),
      highSeq: this.highSeq.slice(),
      lowSeq: this.lowSeq.slice(),
      highAt: this.highAt.slice(),
      lowAt: this.lowAt.slice(),
      lastSeq: this.#lastSeq,
      lastAt: this.#lastAt,
      lastClose: this.#lastClose,
    };
  }

  restore(snapshot: SessionSnapshot): void {
    this.#day.set(snapshot.day);
    this.#open.set(snapshot.open);
    this.high.set(snapshot.high);
    this.low.set(snapshot.low);
    this.highSeq.set(snapshot.highSeq);
    this.lowSeq.set(snapshot.lowSeq);
    this.highAt.set(snapshot.highAt);
    this.lowAt.set(snapshot.lowAt);
    this.#lastSeq = snapshot.lastSeq;
    this.#lastAt = snapshot.lastAt;
    this.#lastClose = snapshot.lastClose;
    this.closedBits = 0;
    // The first candle looks at every session and finds the boundary again.
    this.#nextAt = -Infinity;
  }
}
