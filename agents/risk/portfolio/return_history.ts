/**
 * Returns of the markets that a portfolio may hold, as rows of periods: the
 * newest `rows` of them, with deviations and correlations kept up to date.
 *
 * @module
 */
import { assert } from "../../../lib/core/assert.ts";
import { MARKETS_LIMIT, RETURN_ROWS_LIMIT } from "./limits.ts";
import { createSampleBuffers, type SampleBuffers } from "./loss_sample.ts";
import { PairMoments, type PairMomentsSnapshot } from "./pair_moments.ts";
import { returnOf } from "./portfolio_returns.ts";

/** State of a {@link ReturnHistory}; structured-cloneable. */
export interface ReturnHistorySnapshot {
  version: 1;
  /** Market at each place, null where it is free. */
  symbols: readonly (string | null)[];
  count: number;
  next: number;
  returns: Float64Array;
  closes: Float64Array;
  moments: PairMomentsSnapshot;
}

/** Size of a history. */
export interface ReturnHistoryOptions {
  /** Markets that it has room for, at most {@link MARKETS_LIMIT}. */
  markets: number;
  /** Rows that it keeps, at most {@link RETURN_ROWS_LIMIT}. */
  rows: number;
}

/**
 * All memory is taken at the start: 8 bytes for each return, and what
 * `PairMoments` takes; 100 markets of 1,000 rows are 1.2 MB. Taking a row in
 * costs markets² additions, once for it and once for the row that leaves.
 */
export class ReturnHistory {
  readonly markets: number;
  readonly rows: number;
  readonly #symbols: (string | null)[];
  readonly #places = new Map<string, number>();
  readonly #isUsed: Uint8Array;
  /** Market by market, each a ring of rows. NaN is unknown. */
  readonly #returns: Float64Array;
  readonly #closes: Float64Array;
  readonly #row: Float64Array;
  readonly #moments: PairMoments;
  /** Returns of a portfolio in the order of the rings, and in order of time. */
  readonly #ring: Float64Array;
  readonly #totals: Float64Array;
  readonly #buffers: SampleBuffers;
  #count = 0;
  /** Where the next row goes. */
  #next = 0;

  constructor({ markets, rows }: ReturnHistoryOptions) {
    assert(
      Number.isInteger(markets) && markets > 0 && markets <= MARKETS_LIMIT,
      `A history has room for 1 to ${MARKETS_LIMIT} markets, was ${markets}`,
    );
    assert(
      Number.isInteger(rows) && rows > 1 && rows <= RETURN_ROWS_LIMIT,
      `A history keeps 2 to ${RETURN_ROWS_LIMIT} rows, was ${rows}`,
    );
    this.markets = markets;
    this.rows = rows;
    this.#symbols = new Array<string | null>(markets).fill(null);
    this.#isUsed = new Uint8Array(markets);
    this.#returns = new Float64Array(markets * rows).fill(NaN);
    this.#closes = new Float64Array(markets).fill(NaN);
    this.#row = new Float64Array(markets);
    this.#moments = new PairMoments(markets);
    this.#ring = new Float64Array(rows);
    this.#totals = new Float64Array(rows);
    this.#buffers = createSampleBuffers(rows);
  }

  /** Rows that are kept now. */
  get count(): number {
    return this.#count;
  }

  /** Markets that are followed, in order of their places. */
  get symbols(): readonly string[] {
    return this.#symbols.filter((symbol) => symbol !== null);
  }

  /** Bytes of its arrays. */
  get bytes(): number {
    return this.#returns.byteLength + 2 * this.#closes.byteLength +
      4 * this.#totals.byteLength +
      this.#moments.bytes;
  }

  /** Place of a market, or null if it is not followed. */
  placeOf(symbol: string): number | null {
    return this.#places.get(symbol) ?? null;
  }

  /** Follows a market from now on; its earlier returns are unknown. False if there is no room. */
  follow(symbol: string): boolean {
    if (this.#places.has(symbol)) return true;
    const place = this.#symbols.indexOf(null);
    if (place === -1) return false;
    this.#moments.begin(place, this.#isUsed);
    this.#symbols[place] = symbol;
    this.#places.set(symbol, place);
    this.#isUsed[place] = 1;
    return true;
  }

  /** Forgets a market and its returns. */
  forget(symbol: string): void {
    const place = this.#places.get(symbol);
    if (place === undefined) return;
    this.#moments.end(place);
    this.#symbols[place] = null;
    this.#places.delete(symbol);
    this.#isUsed[place] = 0;
    this.#closes[place] = NaN;
    this.#returns.fill(NaN, place * this.rows, (place + 1) * this.rows);
  }

  /** Adds the returns of the next period. A market that is left out, null, not finite or below −1 is unknown. */
  push(returns: ReadonlyMap<string, number | null>): void {
    for (const [symbol, place] of this.#places) {
      const value = returns.get(symbol) ?? NaN;
      this.#row[place] = value >= -1 && value < Infinity ? value : NaN;
    }
    this.#takeRow();
  }

  /** Adds the returns from the closes before to these. The return after an unknown close is unknown as well. */
  pushCloses(closes: ReadonlyMap<string, number | null>): void {
    for (const [symbol, place] of this.#places) {
      const close = closes.get(symbol) ?? NaN;
      this.#row[place] = returnOf(this.#closes[place], close);
      this.#closes[place] = close;
    }
    this.#takeRow();
  }

  #takeRow(): void {
    const isUsed = this.#isUsed;
    this.#moments.apply(this.#row, { sign: 1, isUsed });
    const { rows, markets } = this;
    for (let place = 0; place < markets; place++) {
      if (isUsed[place] === 0) continue;
      const at = place * rows + this.#next;
      const leaving = this.#returns[at]!;
      this.#returns[at] = this.#row[place]!;
      this.#row[place] = leaving;
    }
    if (this.#count === rows) {
      this.#moments.apply(this.#row, { sign: -1, isUsed });
    } else this.#count++;
    this.#next = (this.#next + 1) % rows;
  }

  /** Returns of one market, oldest first, NaN where unknown. */
  returnsOf(symbol: string): Float64Array {
    const place = this.#places.get(symbol);
    return place === undefined
      ? new Float64Array(this.#count).fill(NaN)
      : this.portfolioReturns([place], [1]).slice();
  }

  /**
   * Returns of all rows, oldest first, of a portfolio that holds `weights[i]` at
   * `places[i]`; NaN where one of them is unknown. It is written into memory of
   * the history: the next call overwrites it.
   */
  portfolioReturns(
    places: readonly number[],
    weights: readonly number[],
  ): Float64Array {
    const { rows } = this;
    const count = this.#count;
    const starts = places.map((place) => place * rows);
    this.#ring.fill(0);
    let index = 0;
    for (; index + 3 < starts.length; index += 4) {
      this.#addFour(index, { starts, weights });
    }
    for (; index < starts.length; index++) {
      const start = starts[index]!;
      const weight = weights[index]!;
      for (let row = 0; row < count; row++) {
        this.#ring[row]! += weight * this.#returns[start + row]!;
      }
    }
    const oldest = count === rows ? this.#next : 0;
    this.#totals.set(this.#ring.subarray(oldest, count));
    this.#totals.set(this.#ring.subarray(0, oldest), count - oldest);
    return this.#totals.subarray(0, count);
  }

  /** Adds four weighted series in one pass, which takes half the time of four passes. */
  #addFour(
    index: number,
    { starts, weights }: {
      starts: readonly number[];
      weights: readonly number[];
    },
  ): void {
    const totals = this.#ring;
    const returns = this.#returns;
    const [a, b, c, d] = [
      starts[index]!,
      starts[index + 1]!,
      starts[index + 2]!,
      starts[index + 3]!,
    ];
    const [wa, wb, wc, wd] = [
      weights[index]!,
      weights[index + 1]!,
      weights[index + 2]!,
      weights[index + 3]!,
    ];
    const count = this.#count;
    for (let row = 0; row < count; row++) {
      totals[row]! += wa * returns[a + row]! + wb * returns[b + row]! +
        (wc * returns[c + row]! + wd * returns[d + row]!);
    }
  }

  /** Room for a sample of the portfolio's returns. One user at a time. */
  get sampleBuffers(): SampleBuffers {
    return this.#buffers;
  }

  /** Standard deviation of a market's returns, a part of one; null where unknown. */
  deviation(place: number): number | null {
    return this.#moments.deviation(place);
  }

  /** Correlation of the returns at two places; NaN where unknown. */
  correlation(a: number, b: number): number {
    return this.#moments.correlation(a, b);
  }

  /** Writes the correlations of one place with the first `count` of others to the start of `out`; NaN where unknown. */
  correlations(
    out: Float64Array,
    options: { a: number; others: Int32Array; count: number },
  ): void {
    this.#moments.correlations(out, options);
  }

  snapshot(): ReturnHistorySnapshot {
    return {
      version: 1,
      symbols: [...this.#symbols],
      count: this.#count,
      next: this.#next,
      returns: this.#returns.slice(),
      closes: this.#closes.slice(),
      moments: this.#moments.snapshot(),
    };
  }

  /** Goes on from a snapshot, bit for bit. */
  static restore(snapshot: ReturnHistorySnapshot): ReturnHistory {
    const { symbols, returns } = snapshot;
    const history = new ReturnHistory({
      markets: symbols.length,
      rows: returns.length / symbols.length,
    });
    for (const [place, symbol] of symbols.entries()) {
      history.#symbols[place] = symbol;
      if (symbol === null) continue;
      history.#places.set(symbol, place);
      history.#isUsed[place] = 1;
    }
    history.#count = snapshot.count;
    history.#next = snapshot.next;
    history.#returns.set(returns);
    history.#closes.set(snapshot.closes);
    history.#moments.restore(snapshot.moments);
    return history;
  }
}
