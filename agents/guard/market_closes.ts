/**
 * Closes of the guarded markets on one clock of candles, and the history of
 * returns made of them. Closes come late and in any order of markets; a row is
 * taken in when all markets that keep up have it.
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
  }[];
}

/** Closes of one market by the number of their candle since 1970; NaN where there is none. */
interface Series {
  closes: Float64Array;
  oldest: number;
  newest: number;
}

/** Markets of the smallest history; it grows by doubling. */
const MARKETS_LEAST = 8;

/** See the module's description. */
export class MarketCloses {
  readonly #candleMs: number;
  readonly #rows: number;
  readonly #series = new Map<string, Series>();
  #history: ReturnHistory;
  /** Newest candle whose row is in the history; null before the first. */
  #pushed: number | null = null;
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
    { closes, candleMs }: { closes: Float64Array; candleMs: number },
  ): void {
    if (candleMs <= 0) return;
    for (let index = 0; index < closes.length; index += 2) {
      const closeAt = closes[index]! + candleMs;
      if (closeAt % this.#candleMs !== 0) continue;
      this.#put(symbol, closeAt / this.#candleMs, closes[index + 1]!);
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
      })),
    };
  }

  /** Takes up what another clock may have kept; of another length of candles nothing fits. */
  restore({ candleMs, markets }: MarketClosesSnapshot): void {
    if (candleMs !== this.#candleMs) return;
    for (const { symbol, newest, closes } of markets) {
      for (let index = 0; index < closes.length; index++) {
        const candle = newest - closes.length + 1 + index;
        if (!Number.isNaN(closes[index]!)) {
          this.#put(symbol, candle, closes[index]!);
        }
      }
    }
  }

  get #size(): number {
    return this.#rows + 1;
  }

  #put(symbol: string, candle: number, close: number): void {
    let series = this.#series.get(symbol);
    if (series === undefined) {
      // There is no room for its returns: they stay unknown, and it says so.
      if (this.#series.size >= MARKETS_LIMIT) return;
      series = {
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
    if (this.#pushed === null || candle > this.#pushed) return;
    if (candle > this.#pushed - this.#size) this.#isBehind = true;
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

  /** Newest candle that all markets have which are not far behind; null while there is none. */
  #complete(): number | null {
    let newest = -Infinity;
    for (const series of this.#series.values()) {
      newest = Math.max(newest, series.newest);
    }
    if (newest === -Infinity) return null;
    let complete = newest;
    for (const series of this.#series.values()) {
      if (series.newest >= newest - LAG_CANDLES_MAX) {
        complete = Math.min(complete, series.newest);
      }
    }
    return complete;
  }

  #catchUp(): void {
    const until = this.#complete();
    if (until === null || this.#pushed === null) return;
    for (
      let candle = Math.max(this.#pushed + 1, until - this.#rows);
      candle <= until;
      candle++
    ) this.#push(candle);
  }

  #rebuild(): void {
    this.#isBehind = false;
    this.#history = this.#newHistory();
    for (const symbol of this.#series.keys()) {
      assert(this.#history.follow(symbol), `No room for ${symbol}`);
    }
    const until = this.#complete();
    if (until === null) return;
    const oldest = Math.min(
      ...[...this.#series.values()].map((series) => series.oldest),
    );
    this.#pushed = Math.max(until - this.#rows, oldest) - 1;
    // The first close makes no return: its row would be empty.
    this.#catchUp();
  }

  #push(candle: number): void {
    const closes = new Map<string, number | null>();
    for (const [symbol, series] of this.#series) {
      const close = this.#at(series, candle);
      closes.set(symbol, Number.isNaN(close) ? null : close);
    }
    this.#history.pushCloses(closes);
    this.#pushed = candle;
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
