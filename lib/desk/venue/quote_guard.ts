import type { Clock } from "../../../actors/clock.ts";
import type { Quote } from "../../contracts/venue.ts";
import { QUOTE_GAP_WEIGHT, QUOTE_GAPS_MAX, QUOTE_STALE_MS } from "./limits.ts";
import type { EntryBlock } from "./port.ts";

/** Watches that the prices an entry is judged by are of now. */
export class QuoteGuard {
  readonly #clock: Clock;
  #latest: Quote | null = null;
  #latestMs = -Infinity;
  #usualGapMs: number | null = null;
  #feedProblem: string | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Latest mark or middle price; null before the first quote. */
  get price(): number | null {
    if (this.#latest === null) return null;
    return this.#latest.mark ?? (this.#latest.bid + this.#latest.ask) / 2;
  }

  /** Half of the spread in basis points of the middle; null while the latest price is not one of now. */
  get halfSpreadBp(): number | null {
    if (this.#latest === null || this.block() !== null) return null;
    const { bid, ask } = this.#latest;
    return (ask - bid) / (ask + bid) * 10_000;
  }

  take(quote: Quote): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#latest !== null) {
      const gapMs = nowMs - this.#latestMs;
      const usualMs = this.#usualGapMs ?? gapMs;
      this.#usualGapMs = usualMs + QUOTE_GAP_WEIGHT * (gapMs - usualMs);
    }
    this.#latest = quote;
    this.#latestMs = nowMs;
    this.#feedProblem = null;
  }

  /** What the feed says of itself: nothing comes, or it comes again (null). */
  feedIsStale(detail: string | null): void {
    this.#feedProblem = detail;
  }

  block(): EntryBlock | null {
    const code = "MARKET_DATA_STALE";
    if (this.#feedProblem !== null) {
      return { code, detail: this.#feedProblem };
    }
    const ageMs = this.#clock.monotonicMs() - this.#latestMs;
    const allowedMs = Math.max(
      QUOTE_STALE_MS,
      QUOTE_GAPS_MAX * (this.#usualGapMs ?? 0),
    );
    if (ageMs <= allowedMs) return null;
    return {
      code,
      detail: this.#latest === null
        ? "No price of the market has come yet"
        : `The latest price is ${Math.round(ageMs)} ms old, more than ${
          Math.round(allowedMs)
        } ms`,
    };
  }
}
