/**
 * The connection to one live market: made again whenever it breaks, falls
 * silent or has lived long enough, with pauses that double and chance in them.
 *
 * @module
 */
import type { Clock } from "../../../actors/clock.ts";
import { DefectError } from "../../core/assert.ts";
import { AppError } from "../../core/errors.ts";
import { VenueFailure } from "../history/venue.ts";
import {
  CANDLE_SILENCE_MS_MIN,
  CONNECT_MS_MAX,
  CONNECTION_MS_MAX,
  CONNECTION_SPREAD_MS,
  RECONNECT_PAUSE_MS_MAX,
  RECONNECT_PAUSE_MS_MIN,
  RETRY_AFTER_MS_MAX,
  SILENCE_MS_MAX,
} from "./limits.ts";
import type { LiveCandles } from "./live_candles.ts";
import { heard, type LiveQuotes } from "./live_quotes.ts";
import type { LiveMarketId, LiveMarketSource, OpenLiveMarket } from "./port.ts";
import { SilenceWatch } from "./silence.ts";
import { sleep, within } from "./timing.ts";

/** What a connection works with. */
export interface LiveConnectionOptions {
  market: LiveMarketId;
  open: OpenLiveMarket;
  candles: LiveCandles;
  quotes: LiveQuotes;
  clock: Clock;
  random: () => number;
  /** The oldest candle that somebody waits for. */
  oldestWanted(): number;
  /** It is up, and all that is closed is here. */
  onUp(): void;
  /** It is down and will be made again. */
  onDown(detail: string): void;
  /** There is no such market: it is given up. */
  onRefused(error: AppError): void;
  /** Older candles are here now. */
  onOlder(): void;
}

/** Keeps one market connected until it is closed. */
export class LiveConnection {
  readonly #options: LiveConnectionOptions;
  readonly #end = new AbortController();
  /** Failures since the stream last told anything. */
  #failures = 0;
  #wasUp = false;
  #isWanted = false;
  readonly #quotesWanted = Promise.withResolvers<void>();
  /** Wakes what waits for a reason to look. */
  #wake: () => void = () => {};

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
  }

  /** Somebody wants best prices: from now on they are read. */
  readQuotes(): void {
    this.#quotesWanted.resolve();
  }

  /** Something is wanted: a closed candle, or older ones. */
  look(): void {
    this.#isWanted = true;
    this.#wake();
  }

  close(): void {
    this.#end.abort();
    this.#wake();
  }

  /** Runs until it is closed or refused. */
  async run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#end;
    while (!signal.aborted) {
      // deno-lint-ignore no-await-in-loop -- one connection after the other
      const failure = await this.#connection();
      if (signal.aborted) return;
      if (failure === null) continue;
      if (failure instanceof AppError && !this.#wasUp) {
        this.#options.onRefused(failure);
        return;
      }
      this.#options.onDown(sentenceOf(failure));
      // deno-lint-ignore no-await-in-loop -- a pause before the next one
      await sleep(clock, this.#pauseMs(failure), signal);
    }
  }

  /** One connection from its making to its end; null for an end that was due. */
  async #connection(): Promise<unknown> {
    const over = new AbortController();
    const endWithAll = () => over.abort();
    this.#end.signal.addEventListener("abort", endWithAll);
    let source: LiveMarketSource | null = null;
    try {
      source = await this.#open();
      await this.#serve(source, over.signal);
      return null;
    } catch (error) {
      if (error instanceof DefectError) throw error;
      return error;
    } finally {
      this.#end.signal.removeEventListener("abort", endWithAll);
      over.abort();
      this.#wake();
      source?.close();
    }
  }

  async #open(): Promise<LiveMarketSource> {
    const { clock, market, open } = this.#options;
    let isLate = false;
    const opening = open(market);
    // One that comes after all has no use any more.
    opening.then((late) => isLate && late.close(), () => {});
    try {
      return await within(clock, opening, {
        ms: CONNECT_MS_MAX,
        what: `a connection for ${market.symbol}`,
      });
    } catch (error) {
      isLate = true;
      throw error;
    }
  }

  async #serve(source: LiveMarketSource, signal: AbortSignal): Promise<void> {
    const { candles, clock, random } = this.#options;
    // The stream first, so that nothing falls between it and the history.
    const first = source.nextCandles();
    first.catch(() => {});
    await candles.sync(source, signal);
    if (signal.aborted) return;
    candles.begin();
    this.#wasUp = true;
    this.#isWanted = true;
    this.#options.onUp();
    const lifeMs = CONNECTION_MS_MAX - random() * CONNECTION_SPREAD_MS;
    await Promise.race([
      this.#readCandles(source, first, signal),
      this.#closeCandles(source, signal),
      this.#readQuotes(source, signal),
      sleep(clock, lifeMs, signal),
    ]);
  }

  async #readCandles(
    source: LiveMarketSource,
    first: ReturnType<LiveMarketSource["nextCandles"]>,
    signal: AbortSignal,
  ): Promise<void> {
    const { candles, clock } = this.#options;
    const watch = new SilenceWatch({
      minMs: CANDLE_SILENCE_MS_MIN,
      maxMs: SILENCE_MS_MAX,
      nowMs: clock.monotonicMs(),
    });
    let next = first;
    while (!signal.aborted) {
      // deno-lint-ignore no-await-in-loop -- one message after the other
      const rows = await heard(clock, next, watch.limitMs);
      if (signal.aborted) return;
      if (rows === null) {
        // deno-lint-ignore no-await-in-loop -- silence: was there anything to say?
        if (!await candles.hasMissed(source, signal) || signal.aborted) {
          continue;
        }
        next.catch(() => {});
        throw new VenueFailure(
          `${source.id} sends no candles though the market moves`,
          { isPassing: true },
        );
      }
      watch.heard(clock.monotonicMs());
      this.#failures = 0;
      if (candles.offer(rows)) this.look();
      next = source.nextCandles();
    }
  }

  /** Fetches what is over, when the stream or the clock says so, and what is older and wanted. */
  async #closeCandles(
    source: LiveMarketSource,
    signal: AbortSignal,
  ): Promise<void> {
    const { candles, oldestWanted } = this.#options;
    while (!signal.aborted) {
      // deno-lint-ignore no-await-in-loop -- waits for a reason
      await this.#reason(signal);
      if (signal.aborted) return;
      // deno-lint-ignore no-await-in-loop -- one sync after the other
      await candles.sync(source, signal);
      const wantedSeq = oldestWanted();
      if (wantedSeq >= candles.firstSeq || signal.aborted) continue;
      // deno-lint-ignore no-await-in-loop -- one after the other
      await candles.backfill(source, wantedSeq, signal);
      this.#options.onOlder();
    }
  }

  async #readQuotes(
    source: LiveMarketSource,
    signal: AbortSignal,
  ): Promise<void> {
    const { quotes } = this.#options;
    await this.#quotesWanted.promise;
    if (signal.aborted) return;
    void quotes.readMarks(source, signal);
    await quotes.read(source, signal);
  }

  /** Resolves when something is wanted, or a candle is over by the clock. */
  #reason(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(
      this.#options.candles.waitMs(),
      () => this.#wake(),
    );
    this.#wake = () => {
      timer.cancel();
      this.#isWanted = false;
      this.#wake = () => {};
      resolve();
    };
    if (this.#isWanted || signal.aborted) this.#wake();
    return promise;
  }

  /** Full jitter, so that not everybody comes back at once; what the venue asks for is kept. */
  #pauseMs(failure: unknown): number {
    const { random } = this.#options;
    const fullMs = Math.min(
      RECONNECT_PAUSE_MS_MAX,
      RECONNECT_PAUSE_MS_MIN * 2 ** this.#failures,
    );
    this.#failures++;
    const askedMs = failure instanceof VenueFailure
      ? failure.retryAfterMs ?? 0
      : 0;
    return Math.max(Math.min(askedMs, RETRY_AFTER_MS_MAX), random() * fullMs);
  }
}

function sentenceOf(failure: unknown): string {
  const text = failure instanceof Error ? failure.message : String(failure);
  return text.replaceAll(/\s+/g, " ").slice(0, 300);
}
