import type { Clock, Timer } from "../../actors/clock.ts";
import {
  PROBE_EVERY_MS,
  PROBE_MISSES_MAX,
  STARTING_PROBE_MS,
} from "./limits.ts";

/** What a watch needs. */
export interface LivenessOptions {
  clock: Clock;
  /** Asks the host for a sign of life; resolves within its own deadline. */
  probe: () => Promise<boolean>;
  /** The host answered for the first time. */
  onReady: () => void;
  /** The host answered before and does not any more. Called once. */
  onHang: (misses: number) => void;
}

/**
 * Probes the host until it is closed. Misses count only after the first answer:
 * a start may take as long as its journals are.
 */
export class LivenessWatch {
  readonly #options: LivenessOptions;
  #timer: Timer;
  #isReady = false;
  #misses = 0;
  #isClosed = false;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#timer = this.#after(STARTING_PROBE_MS);
  }

  /** Ends the watch. */
  close(): void {
    this.#isClosed = true;
    this.#timer.cancel();
  }

  #after(delayMs: number): Timer {
    return this.#options.clock.after(delayMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const isAlive = await this.#options.probe();
    if (this.#isClosed) return;
    if (isAlive && !this.#isReady) {
      this.#isReady = true;
      this.#options.onReady();
    }
    this.#misses = isAlive || !this.#isReady ? 0 : this.#misses + 1;
    if (this.#misses >= PROBE_MISSES_MAX) {
      this.close();
      this.#options.onHang(this.#misses);
      return;
    }
    this.#timer = this.#after(
      this.#isReady ? PROBE_EVERY_MS : STARTING_PROBE_MS,
    );
  }
}
