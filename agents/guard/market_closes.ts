/**
 * Closes of the guarded markets in candles of one length, and the history of
 * returns made of them. Closes come late and in any order of markets; a row is
 * taken in when all markets that keep up have it.
 *
 * Markets go by different clocks: a simulated one may run sixty times as fast as
 * an exchange. Whether a market keeps up is asked among those of its own clock,
 * and a row joins the newest candles of each, those before them, and so on.
 *
 * @module
 */
import { assert } from "../../lib/core/assert.ts";
import { MARKETS_LIMIT } from "../risk/portfolio/limits.ts";
import { ReturnHistory } from "../risk/portfolio/return_history.ts";
import { LAG_CANDLES_MAX } from "./limits.ts";

/** State of {@link MarketCloses}. */
export interface MarketClosesSnapshot {
  candleMs: number;
  markets: readonly {
    symbol: string;
    newest: number;
    oldest: number;
    closes: Float64Array;
    /** Left out by earlier builds. */
    clock?: string;
  }[];
}

/** Closes of one market by the number of their candle since 1970; NaN where there is none. */
interface Series {
  /** Whose time its candles go by. */
  clock: string;
  closes: Float64Array;
  oldest: number;
  newest: number;
}

/** The newest candle of each clock. */
type Candles = Map<string, number>;

/** Markets of the smallest history; it grows by doubling. */
const MARKETS_LEAST = 8;

/** See the module's description. */
export class MarketCloses {
  readonly #candleMs: number;
  readonly #rows: number;
  readonly #series = new Map<string, Series>();
  #history: ReturnHistory;
  /** Newest candle of each clock whose row is in the history. */
  #pushed: Candles = new Map();
  /** A close has come for a row that is in the history, or a market. */
  #isBehind = false;

  /** `candleMs` apart; `rows` returns are kept. */
  constructor({ candleMs, rows }: { candleMs: number; rows: number }) {
    this.#candleMs = candleMs;
    this.#rows = rows;
    this.#history = this.#newHistory();
  }

  /** Candles that a market has been followed for, from its first close to its last. */
  spanOf(symbol: string): number {
    const series = this.#series.get(symbol);
    return series === undefined ? 0 : series.newest - series.oldest;
  }

  /** Takes closes: open times and closes by turns, of candles that are `candleMs` long. Those between the clock's candles are passed over. */
  take(
    symbol: string,
    { closes, candleMs, clock = "" }: {
      closes: Float64Array;
      candleMs: number;
      clock?: string;
    },
  ): void {
    if (candleMs <= 0) return;
    this.#setClock(symbol, clock);
    for (let index = 0; index < closes.length; index += 2) {
      const closeAt = closes[index]! + candleMs;
      if (closeAt % this.#candleMs !== 0) continue;
      const candle = closeAt / this.#candleMs;
      this.#put({ symbol, clock }, { candle, close: closes[index + 1]! });
    }
  }

  /** Forgets all markets but these. */
  keepOnly(symbols: ReadonlySet<string>): void {
    for (const symbol of [...this.#series.keys()]) {
      if (symbols.has(symbol)) continue;
      this.#series.delete(symbol);
      this.#history.forget(symbol);
    }
  }

  /** The history with all rows that are complete. */
  history(): ReturnHistory {
    if (this.#isBehind) this.#rebuild();
    else this.#catchUp();
    return this.#history;
  }

  snapshot(): MarketClosesSnapshot {
    return {
      candleMs: this.#candleMs,
      markets: [...this.#series].map(([symbol, series]) => ({
        symbol,
        oldest: series.oldest,
        newest: series.newest,
        closes: this.#inOrder(series),
        clock: series.clock,
      })),
    };
  }

  /** Takes up what another clock may have kept; of another length of candles nothing fits. */
  restore({ candleMs, markets }: MarketClosesSnapshot): void {
    if (candleMs !== this.#candleMs) return;
    for (const { symbol, newest, closes, clock = "" } of markets) {
      for (let index = 0; index < closes.length; index++) {
        const candle = newest - closes.length + 1 + index;
        const close = closes[index]!;
        if (!Number.isNaN(close)) {
          this.#put({ symbol, clock }, { candle, close });
        }
      }
    }
  }

  get #size(): number {
    return this.#rows + 1;
  }

  /** A snapshot of an earlier build did not say whose time a market goes by. */
  #setClock(symbol: string, clock: string): void {
    const series = this.#series.get(symbol);
    if (series === undefined || series.clock === clock) return;
    series.clock = clock;
    this.#isBehind = true;
  }

  #put(
    { symbol, clock }: { symbol: string; clock: string },
    { candle, close }: { candle: number; close: number },
  ): void {
    let series = this.#series.get(symbol);
    if (series === undefined) {
      // There is no room for its returns: they stay unknown, and it says so.
      if (this.#series.size >= MARKETS_LIMIT) return;
      series = {
        clock,
        closes: new Float64Array(this.#size).fill(NaN),
        oldest: candle,
        newest: candle - 1,
      };
      this.#series.set(symbol, series);
      this.#isBehind = true;
    }
    if (candle <= series.newest - this.#size) return;
    if (candle > series.newest) this.#moveOn(series, candle);
    else if (this.#at(series, candle) === close) return;
    series.closes[candle % this.#size] = close;
    series.oldest = Math.max(
      Math.min(series.oldest, candle),
      series.newest - this.#size + 1,
    );
    const pushed = this.#pushed.get(series.clock) ?? -Infinity;
    if (candle > pushed) return;
    if (candle > pushed - this.#size) this.#isBehind = true;
  }

  #moveOn(series: Series, candle: number): void {
    const skipped = Math.min(candle - series.newest, this.#size);
    for (let back = 0; back < skipped; back++) {
      series.closes[(candle - back) % this.#size] = NaN;
    }
    series.newest = candle;
  }

  #at({ closes, oldest, newest }: Series, candle: number): number {
    return candle < oldest || candle > newest
      ? NaN
      : closes[candle % this.#size]!;
  }

  #inOrder(series: Series): Float64Array {
    const count = series.newest - series.oldest + 1;
    return Float64Array.from(
      { length: count },
      (_, index) => this.#at(series, series.oldest + index),
    );
  }

  /** Newest candle of each clock that all of its markets have which are not far behind. */
  #complete(): Candles {
    const newest: Candles = new Map();
    for (const series of this.#series.values()) {
      const known = newest.get(series.clock) ?? -Infinity;
      newest.set(series.clock, Math.max(known, series.newest));
    }
    const complete: Candles = new Map(newest);
    for (const series of this.#series.values()) {
      const { clock } = series;
      if (series.newest < newest.get(clock)! - LAG_CANDLES_MAX) continue;
      complete.set(clock, Math.min(complete.get(clock)!, series.newest));
    }
    return complete;
  }

  #catchUp(): void {
    const until = this.#complete();
    const ahead = [...until].map(([clock, candle]) =>
      candle - (this.#pushed.get(clock) ?? candle)
    );
    if (ahead.length === 0) return;
    const least = Math.max(0, Math.min(...ahead));
    // Where one clock runs ahead of another, other candles of theirs are the newest ones.
    if (Math.max(...ahead) - least > LAG_CANDLES_MAX) this.#rebuild();
    else this.#pushRows(least);
  }

  #rebuild(): void {
    this.#isBehind = false;
    this.#history = this.#newHistory();
    const until = this.#complete();
    let rows = 0;
    for (const [symbol, series] of this.#series) {
      assert(this.#history.follow(symbol), `No room for ${symbol}`);
      rows = Math.max(rows, until.get(series.clock)! - series.oldest + 1);
    }
    // The first close makes no return: its row would be empty.
    rows = Math.min(rows, this.#size);
    this.#pushed = new Map(
      [...until].map(([clock, candle]) => [clock, candle - rows]),
    );
    this.#pushRows(rows);
  }

  /** The next rows; of so many that nothing before them stays, only the last ones. */
  #pushRows(rows: number): void {
    for (let row = Math.max(1, rows - this.#rows); row <= rows; row++) {
      this.#push(row);
    }
    for (const [clock, candle] of this.#pushed) {
      this.#pushed.set(clock, candle + rows);
    }
  }

  #push(row: number): void {
    const closes = new Map<string, number | null>();
    for (const [symbol, series] of this.#series) {
      const close = this.#at(series, this.#pushed.get(series.clock)! + row);
      closes.set(symbol, Number.isNaN(close) ? null : close);
    }
    this.#history.pushCloses(closes);
  }

  #newHistory(): ReturnHistory {
    let markets = MARKETS_LEAST;
    while (markets < this.#series.size) markets *= 2;
    return new ReturnHistory({
      markets: Math.min(MARKETS_LIMIT, markets),
      rows: this.#size,
    });
  }
}
