/**
 * Compares our wall clock with the venue's. A signed request is valid for a few
 * seconds of the venue's time, so with an unknown error no order goes out.
 *
 * @module
 */
import type { Clock, Timer } from "../../../actors/clock.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import {
  CLOCK_AGE_MAX_MS,
  CLOCK_ERROR_MAX_MS,
  CLOCK_JUMP_MS,
  CLOCK_SAMPLE_MS,
  CLOCK_SAMPLES,
  CLOCK_SYNC_MS,
  CLOCK_WATCH_MS,
} from "./limits.ts";

/** `unknown` before the first success, after a jump and when the last success is too old. */
export type ClockStatus = "unknown" | "synced" | "unsynced";

/** What is known of our clock. */
export interface ClockReading {
  status: ClockStatus;
  /** Venue − ours, in milliseconds; null while unknown. */
  errorMs: number | null;
  /** Round trip of the sample that counts; the error is exact to half of it. */
  roundTripMs: number | null;
  /** When it was measured, our wall time. */
  at: EpochMs | null;
}

/** What a synchronisation needs. */
export interface ClockSyncOptions {
  clock: Clock;
  /** Asks the venue for its time, milliseconds since 1970; null where it does not tell. May fail. */
  readVenueTime: () => Promise<EpochMs | null>;
  /** Smallest step of the venue's answers; of one that tells whole seconds, 1,000. Left out: it tells milliseconds. */
  resolutionMs?: number;
  /** Called when the status changes. */
  onChange?: (reading: ClockReading) => void;
}

/** A running synchronisation. */
export interface ClockSync {
  /** Synchronises now; joins one that is under way. Never throws. */
  sync(): Promise<ClockReading>;
  reading(): ClockReading;
  /** Venue − ours; null while unknown. */
  errorMs(): number | null;
  /**
   * The venue's time as last measured, carried on by the monotonic clock, so
   * that a jump of the wall clock does not reach the venue; ours before the
   * first success. Whole milliseconds.
   */
  venueNowMs(): EpochMs;
  close(): void;
}

const UNKNOWN: ClockReading = {
  status: "unknown",
  errorMs: null,
  roundTripMs: null,
  at: null,
};

interface Sample {
  errorMs: number;
  roundTripMs: number;
}

/** Begins to synchronise: at once, each minute, and whenever the wall clock has jumped. */
export function createClockSync(options: ClockSyncOptions): ClockSync {
  return new VenueClockSync(options);
}

class VenueClockSync implements ClockSync {
  readonly #clock: Clock;
  readonly #readVenueTime: ClockSyncOptions["readVenueTime"];
  readonly #resolutionMs: number;
  readonly #onChange: (reading: ClockReading) => void;
  readonly #timers: Timer[];
  #reading = UNKNOWN;
  #measuredAtMs = -Infinity;
  #told: ClockStatus = "unknown";
  /** Wall − monotonic at the last measurement; it changes only when the wall clock jumps or drifts. */
  #offsetMs: number;
  /** Venue − monotonic at the last measurement; null before it. */
  #venueOffsetMs: number | null = null;
  /** Counts jumps, so that a measurement from before one is thrown away. */
  #jumps = 0;
  #running: Promise<ClockReading> | null = null;
  #isClosed = false;

  constructor(options: ClockSyncOptions) {
    const { clock, readVenueTime, resolutionMs = 0, onChange } = options;
    this.#clock = clock;
    this.#resolutionMs = resolutionMs;
    this.#readVenueTime = readVenueTime;
    this.#onChange = onChange ?? (() => {});
    this.#offsetMs = clock.nowMs() - clock.monotonicMs();
    this.#timers = [
      clock.every(CLOCK_SYNC_MS, () => void this.sync()),
      clock.every(CLOCK_WATCH_MS, () => this.#watch()),
    ];
    void this.sync();
  }

  reading(): ClockReading {
    this.#watch();
    return this.#reading;
  }

  errorMs(): number | null {
    return this.reading().errorMs;
  }

  venueNowMs(): EpochMs {
    return Math.round(
      this.#venueOffsetMs === null
        ? this.#clock.nowMs()
        : this.#clock.monotonicMs() + this.#venueOffsetMs,
    );
  }

  sync(): Promise<ClockReading> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) timer.cancel();
  }

  async #measure(): Promise<ClockReading> {
    let jumps: number;
    let best: Sample | null;
    do {
      jumps = this.#jumps;
      best = null;
      for (let count = 0; count < CLOCK_SAMPLES; count++) {
        if (this.#isClosed || jumps !== this.#jumps) break;
        // deno-lint-ignore no-await-in-loop -- samples side by side would disturb each other
        const sample = await this.#sample();
        this.#watch();
        if (sample === null) continue;
        if (best === null || sample.roundTripMs < best.roundTripMs) {
          best = sample;
        }
      }
    } while (!this.#isClosed && jumps !== this.#jumps);
    if (best !== null && !this.#isClosed) this.#learn(best);
    return this.reading();
  }

  /** One question; null where it failed, was too slow or was answered with nonsense. */
  async #sample(): Promise<Sample | null> {
    const sentAtMs = this.#clock.monotonicMs();
    const venueMs = await this.#ask();
    if (venueMs === null || !Number.isFinite(venueMs)) return null;
    const roundTripMs = this.#clock.monotonicMs() - sentAtMs;
    // The venue looked at its clock half a round trip ago.
    const ownMs = this.#clock.nowMs() - roundTripMs / 2;
    return { errorMs: this.#provenError(venueMs - ownMs), roundTripMs };
  }

  /** Of a coarse answer only what it proves: a time within its step from ours is ours. */
  #provenError(errorMs: number): number {
    return errorMs > 0 || this.#resolutionMs <= 1
      ? errorMs
      : Math.min(0, errorMs + this.#resolutionMs);
  }

  #ask(): Promise<EpochMs | null> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(CLOCK_SAMPLE_MS, () => resolve(null));
      const settle = (value: EpochMs | null) => {
        timer.cancel();
        resolve(value);
      };
      // Inside a promise, so that one that throws at once counts as failed too.
      Promise.resolve().then(this.#readVenueTime)
        .then(settle, () => settle(null));
    });
  }

  #learn({ errorMs, roundTripMs }: Sample): void {
    const isSynced = Math.abs(errorMs) <= CLOCK_ERROR_MAX_MS &&
      roundTripMs / 2 <= CLOCK_ERROR_MAX_MS;
    this.#measuredAtMs = this.#clock.monotonicMs();
    this.#offsetMs = this.#clock.nowMs() - this.#measuredAtMs;
    this.#venueOffsetMs = this.#offsetMs + errorMs;
    this.#set({
      status: isSynced ? "synced" : "unsynced",
      errorMs,
      roundTripMs,
      at: this.#clock.nowMs(),
    });
  }

  /** Forgets what a jump or age has made worthless. */
  #watch(): void {
    if (this.#isClosed) return;
    const nowMs = this.#clock.monotonicMs();
    const offsetMs = this.#clock.nowMs() - nowMs;
    const hasJumped = Math.abs(offsetMs - this.#offsetMs) > CLOCK_JUMP_MS;
    if (hasJumped) {
      this.#offsetMs = offsetMs;
      this.#jumps++;
    }
    if (hasJumped || nowMs - this.#measuredAtMs > CLOCK_AGE_MAX_MS) {
      this.#set(UNKNOWN);
    }
    if (hasJumped) void this.sync();
  }

  #set(reading: ClockReading): void {
    this.#reading = reading;
    if (reading.status === this.#told) return;
    this.#told = reading.status;
    this.#onChange(reading);
  }
}
