import type { Clock } from "../../../actors/clock.ts";
import {
  CLOCK_ERROR_MAX_MS,
  CLOCK_JUMP_MAX_MS,
  CLOCK_RETRY_MS,
} from "./limits.ts";
import type { OpenedVenue } from "./opener.ts";
import type { EntryBlock } from "./port.ts";

/**
 * Watches that our clock is the venue's: a signed request with a wrong time is
 * refused, or is valid for longer than the proof of an absence allows for. The
 * wall clock is compared with the time that went by whenever somebody asks, so
 * that no entry goes out between a jump and the next look.
 */
export class ClockGuard {
  readonly #clock: Clock;
  readonly #venue: Pick<OpenedVenue, "gateway" | "syncClock">;
  /** Wall time less running time when the error was measured. */
  #offsetMs: number;
  #distrusted: string | null = null;
  #isSyncing = false;
  #retryAtMs = -Infinity;

  constructor(
    options: {
      clock: Clock;
      venue: Pick<OpenedVenue, "gateway" | "syncClock">;
    },
  ) {
    this.#clock = options.clock;
    this.#venue = options.venue;
    this.#offsetMs = this.#offset();
  }

  /** The venue's time, as well as it is known. */
  venueNowMs(): number {
    return this.#clock.nowMs() + (this.#venue.gateway.clockErrorMs() ?? 0);
  }

  /** Why no entry may go out; null while the clock is right. */
  block(): EntryBlock | null {
    this.#look();
    if (this.#distrusted !== null) {
      return { code: "CLOCK_UNSYNCED", detail: this.#distrusted };
    }
    const errorMs = this.#venue.gateway.clockErrorMs();
    if (errorMs !== null && Math.abs(errorMs) <= CLOCK_ERROR_MAX_MS) {
      return null;
    }
    const detail = errorMs === null
      ? "The error of the clock is not known yet"
      : `The clock is ${
        Math.round(errorMs)
      } ms off, more than ${CLOCK_ERROR_MAX_MS} ms`;
    return { code: "CLOCK_UNSYNCED", detail };
  }

  /** The venue says, or a jump shows, that the clock is wrong: it is measured again. */
  distrust(detail: string): void {
    this.#distrusted ??= detail;
    void this.sync();
  }

  /** Looks for a jump and repeats a synchronisation that failed. */
  tick(): void {
    this.#look();
    if (
      this.#distrusted !== null &&
      this.#clock.monotonicMs() >= this.#retryAtMs
    ) void this.sync();
  }

  /** Measures again; one measurement at a time. Resolves with whether it is trusted. */
  async sync(): Promise<boolean> {
    if (this.#isSyncing) return false;
    this.#isSyncing = true;
    const offsetMs = this.#offset();
    try {
      await this.#venue.syncClock();
      // What jumped meanwhile was not measured.
      if (!this.#jumpedSince(offsetMs)) {
        this.#offsetMs = offsetMs;
        this.#distrusted = null;
      }
    } catch {
      // Stays distrusted: the next tick tries again.
    } finally {
      this.#isSyncing = false;
      this.#retryAtMs = this.#clock.monotonicMs() + CLOCK_RETRY_MS;
    }
    return this.#distrusted === null;
  }

  #look(): void {
    if (this.#distrusted !== null || !this.#jumpedSince(this.#offsetMs)) return;
    const byMs = Math.round(this.#offset() - this.#offsetMs);
    this.distrust(`The wall clock jumped by ${byMs} ms`);
  }

  #jumpedSince(offsetMs: number): boolean {
    return Math.abs(this.#offset() - offsetMs) > CLOCK_JUMP_MAX_MS;
  }

  #offset(): number {
    return this.#clock.nowMs() - this.#clock.monotonicMs();
  }
}
