import type { Boot } from "./boot.ts";

/** What a channel is made of. */
export interface ChannelOptions<T> {
  boot: Boot;
  /** How long the next message is under way. */
  delayMs(): number;
  deliver(message: T): void;
}

/**
 * A one-way channel that delays and keeps the order, as the channel of a
 * worker and a message port do. It loses nothing while both ends live.
 */
export class Channel<T> {
  readonly #options: ChannelOptions<T>;
  #lastDueMs = 0;

  constructor(options: ChannelOptions<T>) {
    this.#options = options;
  }

  send(message: T): void {
    const { boot, delayMs, deliver } = this.#options;
    const nowMs = boot.clock.monotonicMs();
    this.#lastDueMs = Math.max(this.#lastDueMs, nowMs + delayMs());
    // Of two timers that are due at once the older one fires first.
    boot.later(this.#lastDueMs - nowMs, () => deliver(message));
  }
}
