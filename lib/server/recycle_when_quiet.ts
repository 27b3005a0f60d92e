import type { Clock, Timer } from "../../actors/mod.ts";
import {
  QUIET_CHECK_MS,
  RECYCLE_SETTLE_MS,
  RECYCLE_WITHIN_MS,
} from "./limits.ts";

/** What recycling needs. */
export interface RecycleOptions {
  clock: Clock;
  /** No command is under way, and no agent is starting, stopping or waiting for a restart. */
  isQuiet: () => boolean;
  /** Drains the process and ends it, so that a fresh one takes over. Called once. */
  recycle: (detail: string) => void;
}

/**
 * Recycles the host process at the next quiet moment after somebody wished it:
 * a thread that loops cannot be ended but with its process. The wish must
 * stand for a while, because such a thread may end by itself.
 */
export class RecycleWhenQuiet {
  readonly #options: RecycleOptions;
  #timer: Timer | null = null;
  #isDone = false;

  constructor(options: RecycleOptions) {
    this.#options = options;
  }

  /** Wishes a fresh process; `detail` says why. A wish that stands already goes on as it is. */
  want(detail: string): void {
    if (this.#timer !== null || this.#isDone) return;
    const { clock } = this.#options;
    const wantedAtMs = clock.monotonicMs();
    this.#timer = clock.every(QUIET_CHECK_MS, () => {
      const waitedMs = clock.monotonicMs() - wantedAtMs;
      if (waitedMs < RECYCLE_SETTLE_MS) return;
      if (waitedMs < RECYCLE_WITHIN_MS && !this.#options.isQuiet()) return;
      this.#isDone = true;
      this.withdraw();
      this.#options.recycle(detail);
    });
  }

  /** Takes the wish back. */
  withdraw(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
