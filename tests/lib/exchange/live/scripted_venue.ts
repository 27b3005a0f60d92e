/** A venue whose market and mishaps a test writes: the oracle of what was traded, and the ways in which telling it fails. */
import type { Clock } from "../../../../actors/clock.ts";
import { VenueFailure } from "../../../../lib/exchange/history/venue.ts";
import type {
  LiveMarketSource,
  RawQuote,
} from "../../../../lib/exchange/live/port.ts";

export const STEP_MS = 60_000;

/** What happens to a message of the stream. */
export type Mishap =
  | "drop"
  | "double"
  | "late"
  | "nan"
  | "crossed"
  | "zero"
  | "cut"
  | "silent"
  | "future";

export type Row = [number, number, number, number, number, number];

interface Listener {
  queue: Row[][];
  waiting: PromiseWithResolvers<readonly (readonly unknown[])[]> | null;
  late: Row | null;
  isSilent: boolean;
  isClosed: boolean;
}

/** The market, its history and its streams. */
export class ScriptedVenue {
  readonly clock: Clock;
  readonly candles = new Map<number, Row>();
  readonly questions: number[] = [];
  pageCandles = 100;
  /** Candles that the history goes back; older ones are not to be had. */
  historyCandles = Infinity;
  /** Questions that fail, one after the other, before the next one is answered. */
  failures: VenueFailure[] = [];
  /** Answers that hold rows that are no candles. */
  badAnswers = 0;
  /** So far the history is behind the stream. */
  lagMs = 0;
  /** Whether the history holds the candle that is open, as most venues' do. */
  showsOpen = true;
  connections = 0;
  quote: RawQuote = {
    bid: 99,
    ask: 101,
    bidSize: 1,
    askSize: 2,
    mark: undefined,
  };
  /** Every state of every candle, with when it came to be. */
  readonly #states: { at: number; row: Row }[] = [];
  #price = 100;
  #listeners = new Set<Listener>();
  #quoteWaits: PromiseWithResolvers<RawQuote>[] = [];
  /** By which the venue's clock is ahead of ours. */
  aheadMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  now(): number {
    return this.clock.nowMs() + this.aheadMs;
  }

  /** A trade now; the stream tells it, or what the mishap leaves of that. */
  trade(move: number, volume: number, mishap: Mishap | null = null): void {
    this.#price = Math.max(1, Math.round((this.#price + move) * 100) / 100);
    const openAt = Math.floor(this.now() / STEP_MS) * STEP_MS;
    const price = this.#price;
    const row = this.candles.get(openAt) ??
      [openAt, price, price, price, price, 0];
    row[2] = Math.max(row[2], price);
    row[3] = Math.min(row[3], price);
    row[4] = price;
    row[5] = Math.round((row[5] + volume) * 1_000) / 1_000;
    this.candles.set(openAt, row);
    this.#states.push({ at: this.now(), row: [...row] });
    for (const listener of this.#listeners) {
      this.#tell(listener, [...row], mishap);
    }
  }

  /** Candles that were traded, without the open one. */
  closed(untilAt: number): Row[] {
    return [...this.candles.values()].filter(([openAt]) => openAt < untilAt)
      .sort((a, b) => a[0] - b[0]);
  }

  cutAll(): void {
    for (const listener of this.#listeners) this.#cut(listener);
  }

  tellQuote(quote: Partial<RawQuote>): void {
    this.quote = { ...this.quote, ...quote };
    for (const waiting of this.#quoteWaits.splice(0)) {
      waiting.resolve({ ...this.quote });
    }
  }

  readonly open = (): Promise<LiveMarketSource> => {
    this.connections++;
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    const listener: Listener = {
      queue: [],
      waiting: null,
      late: null,
      isSilent: false,
      isClosed: false,
    };
    this.#listeners.add(listener);
    return Promise.resolve({
      id: "scripted",
      pageCandles: this.pageCandles,
      now: () => this.#answer(() => this.now()),
      fetchPage: (sinceAt) => this.#answer(() => this.#page(sinceAt)),
      nextCandles: () => next(listener),
      nextQuote: () => {
        const waiting = Promise.withResolvers<RawQuote>();
        this.#quoteWaits.push(waiting);
        return waiting.promise;
      },
      fetchQuote: () => this.#answer(() => ({ ...this.quote })),
      nextMark: null,
      close: () => {
        listener.isClosed = true;
        this.#listeners.delete(listener);
      },
    });
  };

  #page(sinceAt: number): readonly (readonly unknown[])[] {
    this.questions.push(sinceAt);
    const openAt = Math.floor(this.now() / STEP_MS) * STEP_MS;
    const rows = this.#history().filter(([at]) =>
      at >= sinceAt && (this.showsOpen || at < openAt)
    ).sort((a, b) => a[0] - b[0]).slice(-this.historyCandles)
      .slice(0, this.pageCandles).map((row) => [...row]);
    if (this.badAnswers > 0 && rows.length > 0) {
      this.badAnswers--;
      rows[0]![2] = NaN;
    }
    return rows;
  }

  #history(): Row[] {
    const untilAt = this.now() - this.lagMs;
    const rows = new Map<number, Row>();
    for (const { at, row } of this.#states) {
      if (at <= untilAt) rows.set(row[0], row);
    }
    return [...rows.values()];
  }

  #answer<T>(make: () => T): Promise<T> {
    const failure = this.failures.shift();
    return failure === undefined
      ? Promise.resolve(make())
      : Promise.reject(failure);
  }

  #tell(listener: Listener, row: Row, mishap: Mishap | null): void {
    if (mishap === "silent") listener.isSilent = true;
    if (mishap === "cut") return this.#cut(listener);
    if (listener.isSilent || mishap === "drop") return;
    if (mishap === "late") {
      listener.late = row;
      return;
    }
    const broken: Row = [...row];
    if (mishap === "nan") broken[4] = NaN;
    if (mishap === "crossed") broken[2] = broken[3] / 2;
    if (mishap === "zero") broken[1] = 0;
    if (mishap === "future") broken[0] += 50 * STEP_MS;
    push(listener, [broken]);
    if (mishap === "double") push(listener, [[...row]]);
    if (listener.late !== null) push(listener, [listener.late]);
    listener.late = null;
  }

  #cut(listener: Listener): void {
    this.#listeners.delete(listener);
    listener.isClosed = true;
    listener.waiting?.reject(
      new VenueFailure("The connection was cut", { isPassing: true }),
    );
    listener.waiting = null;
  }
}

function push(listener: Listener, rows: Row[]): void {
  if (listener.waiting === null) listener.queue.push(rows);
  else {
    listener.waiting.resolve(rows);
    listener.waiting = null;
  }
}

function next(
  listener: Listener,
): Promise<readonly (readonly unknown[])[]> {
  const rows = listener.queue.shift();
  if (rows !== undefined) return Promise.resolve(rows);
  if (listener.isClosed) {
    return Promise.reject(
      new VenueFailure("The connection was cut", { isPassing: true }),
    );
  }
  listener.waiting = Promise.withResolvers();
  return listener.waiting.promise;
}
