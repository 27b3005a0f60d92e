import type { Clock } from "../../../actors/clock.ts";
import type { Quote } from "../../contracts/venue.ts";
import { VenueFailure } from "../history/venue.ts";
import {
  LIVE_ANSWER_MS_MAX,
  MARK_AGE_MS_MAX,
  QUOTE_SILENCE_MS_MIN,
  SILENCE_MS_MAX,
} from "./limits.ts";
import type { LiveMarketSource, RawQuote } from "./port.ts";
import { SilenceWatch } from "./silence.ts";
import { Overdue, sleep, within } from "./timing.ts";

/** Best prices, checked; null where they make no sense. */
export function toQuote(raw: RawQuote, at: number): Quote | null {
  const bid = Number(raw.bid ?? NaN);
  const ask = Number(raw.ask ?? NaN);
  const isSound = bid > 0 && ask >= bid && ask < Infinity;
  if (!isSound) return null;
  return {
    at,
    bid,
    ask,
    bidSize: toAmount(raw.bidSize),
    askSize: toAmount(raw.askSize),
    mark: toAmount(raw.mark),
  };
}

/** A positive number, or null. */
function toAmount(value: unknown): number | null {
  const amount = Number(value ?? NaN);
  return amount > 0 && amount < Infinity ? amount : null;
}

/** What quotes are read with. */
export interface LiveQuotesOptions {
  clock: Clock;
  onQuote(quote: Quote): void;
}

/** Reads best prices, and mark prices with them, while somebody wants them. */
export class LiveQuotes {
  readonly #options: LiveQuotesOptions;
  #mark: { price: number; atMs: number } | null = null;
  /** Messages whose prices make no sense. */
  refused = 0;

  constructor(options: LiveQuotesOptions) {
    this.#options = options;
  }

  /** Reads until the signal is aborted. @throws {Error} If the stream breaks or misses what moved. */
  async read(source: LiveMarketSource, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const watch = new SilenceWatch({
      minMs: QUOTE_SILENCE_MS_MIN,
      maxMs: SILENCE_MS_MAX,
      nowMs: clock.monotonicMs(),
    });
    let last: Quote | null = null;
    let next = source.nextQuote();
    while (!signal.aborted) {
      // deno-lint-ignore no-await-in-loop -- one message after the other
      const raw = await heard(clock, next, watch.limitMs);
      if (signal.aborted) return;
      if (raw !== null) {
        watch.heard(clock.monotonicMs());
        last = this.#take(raw) ?? last;
        next = source.nextQuote();
        continue;
      }
      // deno-lint-ignore no-await-in-loop -- silence: was there anything to say?
      const asked = await within(clock, source.fetchQuote(), {
        ms: LIVE_ANSWER_MS_MAX,
        what: `an answer of ${source.id}`,
      });
      if (signal.aborted) return;
      const now = this.#take(asked);
      const hasMoved = now !== null && last !== null &&
        (now.bid !== last.bid || now.ask !== last.ask);
      if (hasMoved) {
        next.catch(() => {});
        throw new VenueFailure(
          `${source.id} sends no prices though they move`,
          { isPassing: true },
        );
      }
      last ??= now;
    }
  }

  /** Reads mark prices until the signal is aborted; without them the mark is unknown. */
  async readMarks(
    source: LiveMarketSource,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#options;
    const { nextMark } = source;
    while (nextMark !== null && !signal.aborted) {
      // deno-lint-ignore no-await-in-loop -- one message after the other
      const mark = await heard(clock, nextMark(), MARK_AGE_MS_MAX)
        .catch(() => null);
      if (signal.aborted) return;
      const price = toAmount(mark);
      if (price !== null) {
        this.#mark = { price, atMs: clock.monotonicMs() };
        continue;
      }
      this.#mark = null;
      // deno-lint-ignore no-await-in-loop -- a broken stream must not spin
      await sleep(clock, QUOTE_SILENCE_MS_MIN, signal);
    }
  }

  #take(raw: RawQuote): Quote | null {
    const { clock } = this.#options;
    const quote = toQuote(raw, clock.nowMs());
    if (quote === null) {
      this.refused++;
      return null;
    }
    const mark = this.#mark;
    const isFresh = mark !== null &&
      clock.monotonicMs() - mark.atMs <= MARK_AGE_MS_MAX;
    const known = quote.mark ?? (isFresh ? mark.price : null);
    const full = { ...quote, mark: known };
    this.#options.onQuote(full);
    return full;
  }
}

/** A message, or null if none comes in time; it may still come for who asks again. */
export async function heard<T>(
  clock: Clock,
  message: Promise<T>,
  ms: number,
): Promise<T | null> {
  try {
    return await within(clock, message, { ms, what: "a message" });
  } catch (error) {
    if (error instanceof Overdue) return null;
    throw error;
  }
}
