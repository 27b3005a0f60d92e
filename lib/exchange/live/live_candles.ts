/**
 * Keeps the closed candles of one live market complete. The stream says that a
 * candle is over; what it came to is asked of the venue's history, because
 * updates can be lost, doubled or late without anybody noticing, and a candle
 * never changes once it went out.
 *
 * @module
 */
import type { Clock } from "../../../actors/clock.ts";
import { TIMEFRAME_MS } from "../../contracts/candle.ts";
import { EXCHANGE_GENESIS_AT } from "../../contracts/market.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { VenueFailure } from "../history/venue.ts";
import { CandleBoard } from "./candle_board.ts";
import {
  CATCH_UP_ATTEMPTS_MAX,
  CATCH_UP_PAUSE_MS,
  CLOSE_GRACE_MS,
  LIVE_CANDLES_MAX,
  OPENING_CANDLES,
} from "./limits.ts";
import { HeardCandles } from "./heard_candles.ts";
import { missingBefore, missingSince } from "./missing_candles.ts";
import type { LiveMarketId, LiveMarketSource } from "./port.ts";
import { checkRows, isNewer, isUnordered } from "./row_check.ts";
import { sleep } from "./timing.ts";
import { nameOf, VenueQuestions } from "./venue_questions.ts";

/** What candles are kept with. */
export interface LiveCandlesOptions {
  market: LiveMarketId;
  clock: Clock;
  random: () => number;
  /** Further candles are closed. */
  onClosed(): void;
  onNotice(level: "info" | "warning", message: string): void;
}

/** What was not as it should be, counted. */
export interface LiveCounts {
  /** Rows that are no candles. */
  refused: number;
  /** Rows of candles that are closed already: repeated or late. */
  repeated: number;
  /** Rows that came before an earlier one of the same answer. */
  reordered: number;
}

/** The closed candles of one market, whatever the connection does. */
export class LiveCandles {
  readonly board: CandleBoard;
  readonly counts: LiveCounts = { refused: 0, repeated: 0, reordered: 0 };
  readonly #options: LiveCandlesOptions;
  readonly #stepMs: number;
  readonly #heard = new HeardCandles();
  readonly #questions: VenueQuestions;
  /** Newest row that the stream told, or the history when the connection began. */
  #told: readonly number[] | null = null;
  #newestRow: readonly number[] | null = null;
  /** Venue's time minus our monotonic one. */
  #offsetMs: number | null = null;
  #coveredSeq = Infinity;

  constructor(options: LiveCandlesOptions) {
    this.#options = options;
    this.#stepMs = TIMEFRAME_MS[options.market.timeframe];
    this.#questions = new VenueQuestions({
      ...options,
      stepMs: this.#stepMs,
    });
    this.board = new CandleBoard({
      stepMs: this.#stepMs,
      genesisAt: EXCHANGE_GENESIS_AT,
    });
  }

  /** The oldest candle that can be given: older ones have to be fetched first. */
  get firstSeq(): number {
    return this.board.isEmpty
      ? Infinity
      : Math.min(this.board.firstSeq, this.#coveredSeq);
  }

  /** A connection has begun; what the stream told before says nothing about it. */
  begin(): void {
    this.#heard.clear();
    this.#told = this.#newestRow;
  }

  /** Takes what the stream tells; says whether a candle that is open here is over there. */
  offer(raw: readonly (readonly unknown[])[]): boolean {
    const { rows, refused } = checkRows(raw, this.#stepMs);
    this.counts.refused += refused;
    if (isUnordered(raw)) this.counts.reordered++;
    const { nextAt } = this.board;
    for (const row of rows) {
      const [openAt, , , , , volume] = row as [number, ...number[]];
      if (openAt < nextAt) this.counts.repeated++;
      else if (this.#mayBeOpen(openAt)) this.#heard.hear(openAt, volume!);
      if (isNewer(row, this.#told)) this.#told = row;
    }
    return rows.length > 0 && rows.at(-1)![0]! > nextAt;
  }

  /** How long until the next candle is over by the venue's clock. */
  waitMs(): number {
    const overAt = this.board.nextAt + this.#stepMs + CLOSE_GRACE_MS;
    return Math.max(CATCH_UP_PAUSE_MS, overAt - this.#venueNow());
  }

  /**
   * Fetches what is closed and not here yet, from the beginning on an empty board.
   *
   * @throws {VenueFailure} If the venue does not give it.
   */
  async sync(source: LiveMarketSource, signal: AbortSignal): Promise<void> {
    const { market, onNotice } = this.#options;
    const cursor = { at: await this.#beginAt(source, signal) };
    /** Where a break began, until the first candle after it is here. */
    let breakAt = this.board.isEmpty ? null : cursor.at;
    let attempt = 1;
    while (!signal.aborted) {
      // deno-lint-ignore no-await-in-loop -- one page after the other
      const page = await this.#closedPage(source, cursor.at, signal);
      if (signal.aborted) return;
      const { rows } = page;
      let { untilAt } = page;
      const begunAt = this.#heard.newestAt;
      const isBehind = !page.isFull &&
        (untilAt < begunAt || this.#heard.isMissingIn(rows, untilAt));
      if (isBehind && attempt < CATCH_UP_ATTEMPTS_MAX) {
        attempt++;
        // deno-lint-ignore no-await-in-loop -- the venue is behind its stream
        await sleep(this.#options.clock, CATCH_UP_PAUSE_MS, signal);
        continue;
      }
      // A history without the open candle: the stream alone tells that it has begun.
      if (isBehind && !this.#heard.isMissingIn(rows, begunAt)) {
        untilAt = Math.max(untilAt, begunAt);
      }
      if (breakAt !== null && rows.length > 0) {
        const stepMs = this.#stepMs;
        const detail = missingSince(breakAt, { rows, source, market, stepMs });
        if (detail !== null) onNotice("warning", detail);
        breakAt = null;
      }
      if (this.board.append(rows, untilAt) > 0) this.#closed();
      cursor.at = Math.max(cursor.at, untilAt);
      if (!page.hasMore) break;
    }
    if (this.board.isEmpty && !signal.aborted) {
      throw new VenueFailure(
        `${nameOf(source, this.#options.market)} has no candles yet`,
        { isPassing: true },
      );
    }
  }

  /** Fetches candles from `fromSeq` on that are older than the first one here. @throws {VenueFailure} */
  async backfill(
    source: LiveMarketSource,
    fromSeq: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { board } = this;
    const oldestSeq = Math.max(fromSeq, board.headSeq - LIVE_CANDLES_MAX + 1);
    const endAt = board.openAt(board.firstSeq);
    const older: (readonly number[])[] = [];
    let sinceAt = board.openAt(oldestSeq);
    while (sinceAt < endAt && !signal.aborted) {
      // deno-lint-ignore no-await-in-loop -- one page after the other
      const rows = await this.#page(source, sinceAt, signal);
      older.push(...rows.filter(([openAt]) => openAt! < endAt));
      // Without anything new there is a hole, at least as long as a page.
      sinceAt = Math.max(
        (rows.at(-1)?.[0] ?? -Infinity) + this.#stepMs,
        sinceAt + (rows.length === 0 ? source.pageCandles : 1) * this.#stepMs,
      );
    }
    if (signal.aborted) return;
    board.prepend(older, oldestSeq);
    const missing = board.firstSeq - fromSeq;
    if (missing > 0) {
      const { market, onNotice } = this.#options;
      const firstAt = board.openAt(board.firstSeq);
      onNotice("warning", missingBefore(firstAt, { missing, source, market }));
    }
    this.#coveredSeq = Math.min(this.#coveredSeq, fromSeq);
  }

  /** Asks whether the market has moved though the stream told nothing. @throws {VenueFailure} */
  async hasMissed(
    source: LiveMarketSource,
    signal: AbortSignal,
  ): Promise<boolean> {
    await this.#page(source, this.board.nextAt, signal);
    const newest = this.#newestRow;
    const told = this.#told;
    if (newest === null) return false;
    if (told === null) {
      this.#told = newest;
      return false;
    }
    const [openAt, , , , , volume] = newest;
    return openAt === told[0]! ? volume! > told[5]! : openAt! > told[0]! &&
      volume! > 0;
  }

  /** Where to begin to ask; measures the venue's clock where it is not known. */
  async #beginAt(
    source: LiveMarketSource,
    signal: AbortSignal,
  ): Promise<EpochMs> {
    if (this.#offsetMs === null) await this.#askTime(source, signal);
    if (!this.board.isEmpty) return this.board.nextAt;
    return this.#floor(this.#venueNow()) - OPENING_CANDLES * this.#stepMs;
  }

  /** A page, and until when its candles are over. */
  async #closedPage(
    source: LiveMarketSource,
    sinceAt: EpochMs,
    signal: AbortSignal,
  ): Promise<
    {
      rows: readonly (readonly number[])[];
      untilAt: EpochMs;
      isFull: boolean;
      hasMore: boolean;
    }
  > {
    let rows = await this.#page(source, sinceAt, signal);
    const isFull = () => rows.length >= source.pageCandles;
    // Where a next candle has begun, the one before is over.
    const begunAt = () => rows.at(-1)?.[0] ?? sinceAt;
    let overAt = -Infinity;
    if (!isFull() && this.#overByClock() > begunAt()) {
      // The time first: what is over by then cannot change while the rows come.
      await this.#askTime(source, signal);
      overAt = this.#overByClock();
      rows = await this.#page(source, sinceAt, signal);
    }
    const pageEndAt = sinceAt + source.pageCandles * this.#stepMs;
    const byClock = Math.min(overAt, Math.max(pageEndAt, begunAt()));
    return {
      rows,
      untilAt: isFull() ? begunAt() : Math.max(begunAt(), byClock),
      isFull: isFull(),
      hasMore: isFull() || overAt > byClock,
    };
  }

  /** A time far ahead is a mistake of the venue; waiting for it would hold up all others. */
  #mayBeOpen(openAt: EpochMs): boolean {
    const { nextAt } = this.board;
    return openAt <= Math.max(nextAt, this.#floor(this.#venueNow())) +
        this.#stepMs;
  }

  async #page(
    source: LiveMarketSource,
    sinceAt: EpochMs,
    signal: AbortSignal,
  ): Promise<readonly (readonly number[])[]> {
    const page = await this.#questions.page(source, sinceAt, signal);
    this.counts.refused += page.refused;
    this.#newestRow = page.rows.at(-1) ?? this.#newestRow;
    return page.rows;
  }

  async #askTime(
    source: LiveMarketSource,
    signal: AbortSignal,
  ): Promise<void> {
    const nowAt = await this.#questions.now(source, signal);
    this.#offsetMs = nowAt - this.#options.clock.monotonicMs();
  }

  #closed(): void {
    this.#heard.forgetUntil(this.board.nextAt);
    this.#options.onClosed();
  }

  /** Candles that open before are over, grace included, as far as our clock knows the venue's. */
  #overByClock(): EpochMs {
    return this.#floor(this.#venueNow() - CLOSE_GRACE_MS);
  }

  #venueNow(): EpochMs {
    return this.#options.clock.monotonicMs() + (this.#offsetMs ?? 0);
  }

  #floor(at: EpochMs): EpochMs {
    return Math.floor(at / this.#stepMs) * this.#stepMs;
  }
}
