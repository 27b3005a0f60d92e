import type { Clock, Timer } from "../../../actors/clock.ts";
import { CLOCK_SAMPLES, CLOCK_SYNC_MS } from "./limits.ts";

/** What a clock of a venue's is read with. */
export interface ClockSyncOptions {
  clock: Clock;
  /** The venue's time; null where it does not tell. Errors are taken as no answer. */
  readTimeMs(): Promise<number | null>;
  /** Smallest step of the venue's answers; of one that tells whole seconds, 1,000. */
  resolutionMs: number;
}

/** One measurement: the venue's time at a moment of our steady clock. */
interface Sample {
  venueMs: number;
  monotonicMs: number;
  roundTripMs: number;
}

/**
 * Keeps the venue's time. Of several questions the one that came back fastest
 * counts, for its error is at most half of its way; between measurements time
 * goes on by the steady clock, so a jump of the wall clock does not reach the
 * venue.
 */
export class ClockSync {
  readonly #options: ClockSyncOptions;
  #best: Sample | null = null;
  #timer: Timer | null = null;

  constructor(options: ClockSyncOptions) {
    this.#options = options;
  }

  /** Measures now and then regularly. */
  async start(): Promise<void> {
    await this.measure();
    this.#timer = this.#options.clock.every(CLOCK_SYNC_MS, () => {
      this.measure();
    });
  }

  /** The venue's time as far as it is known, else ours; whole milliseconds. */
  nowMs(): number {
    const { clock } = this.#options;
    const best = this.#best;
    return Math.round(
      best === null
        ? clock.nowMs()
        : best.venueMs + clock.monotonicMs() - best.monotonicMs,
    );
  }

  /** The venue's time minus ours; null while it is not known. */
  errorMs(): number | null {
    return this.#best === null
      ? null
      : this.nowMs() - Math.round(this.#options.clock.nowMs());
  }

  /** Asks the venue several times; where no answer comes, what was known stays. */
  async measure(): Promise<void> {
    let best: Sample | null = null;
    for (let index = 0; index < CLOCK_SAMPLES; index++) {
      // deno-lint-ignore no-await-in-loop -- questions at once would delay each other
      const sample = await this.#sample();
      if (sample === null) break;
      if (best === null || sample.roundTripMs < best.roundTripMs) best = sample;
    }
    this.#best = best ?? this.#best;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Of a coarse answer only what it proves: a time within its step from ours is ours. */
  #within(venueMs: number): number {
    const { clock, resolutionMs } = this.#options;
    if (resolutionMs <= 1) return venueMs;
    const nowMs = clock.nowMs();
    return Math.min(Math.max(nowMs, venueMs), venueMs + resolutionMs);
  }

  async #sample(): Promise<Sample | null> {
    const { clock, readTimeMs } = this.#options;
    const askedAtMs = clock.monotonicMs();
    const venueMs = await readTimeMs().catch(() => null);
    if (venueMs === null) return null;
    const monotonicMs = clock.monotonicMs();
    const roundTripMs = monotonicMs - askedAtMs;
    return {
      venueMs: this.#within(venueMs + roundTripMs / 2),
      monotonicMs,
      roundTripMs,
    };
  }
}
