import type { Clock } from "../../../actors/clock.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { retrying } from "../history/retry.ts";
import { VenueFailure } from "../history/venue.ts";
import { LIVE_ANSWER_MS_MAX, LIVE_PAGE_ATTEMPTS_MAX } from "./limits.ts";
import type { LiveMarketId, LiveMarketSource } from "./port.ts";
import { type CheckedRows, checkRows } from "./row_check.ts";
import { sleep, within } from "./timing.ts";

/** How questions are asked. */
export interface VenueQuestionsOptions {
  market: LiveMarketId;
  stepMs: number;
  clock: Clock;
  random: () => number;
  onNotice(level: "info" | "warning", message: string): void;
}

/** Asks a venue, each question with its time limit and, after a passing failure, again. */
export class VenueQuestions {
  readonly #options: VenueQuestionsOptions;

  constructor(options: VenueQuestionsOptions) {
    this.#options = options;
  }

  /** Candles that open at `sinceAt` or later, a page of them. @throws {VenueFailure} */
  async page(
    source: LiveMarketSource,
    sinceAt: EpochMs,
    signal: AbortSignal,
  ): Promise<CheckedRows> {
    const { market, onNotice, stepMs } = this.#options;
    let refused = 0;
    let attempts = 0;
    const rows = await this.#asked(signal, async () => {
      const raw = await this.#answer(source, source.fetchPage(sinceAt));
      const checked = checkRows(raw, stepMs);
      refused += checked.refused;
      attempts++;
      if (checked.refused > 0 && attempts < LIVE_PAGE_ATTEMPTS_MAX) {
        throw new VenueFailure(`${nameOf(source, market)} sent no candles`, {
          isPassing: true,
        });
      }
      return checked.rows.filter(([openAt]) => openAt! >= sinceAt);
    });
    if (refused > 0) {
      onNotice(
        "warning",
        `${
          nameOf(source, market)
        } sent ${refused} rows that are no candles; they were refused`,
      );
    }
    return { rows, refused };
  }

  /** The venue's time. @throws {VenueFailure} */
  now(source: LiveMarketSource, signal: AbortSignal): Promise<EpochMs> {
    return this.#asked(signal, () => this.#answer(source, source.now()));
  }

  #asked<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    const { clock, random } = this.#options;
    return retrying(ask, {
      attemptsMax: LIVE_PAGE_ATTEMPTS_MAX,
      waiting: { random, sleep: (ms) => sleep(clock, ms, signal) },
      signal,
      onPause: () => {},
    });
  }

  async #answer<T>(source: LiveMarketSource, answer: Promise<T>): Promise<T> {
    try {
      return await within(this.#options.clock, answer, {
        ms: LIVE_ANSWER_MS_MAX,
        what: `an answer of ${source.id}`,
      });
    } catch (error) {
      if (error instanceof VenueFailure) throw error;
      const text = error instanceof Error ? error.message : String(error);
      throw new VenueFailure(text, { isPassing: true, cause: error });
    }
  }
}

/** A market in a sentence. */
export function nameOf(
  { id }: LiveMarketSource,
  { symbol, timeframe }: LiveMarketId,
): string {
  return `${id} ${symbol} ${timeframe}`;
}
