import type { Clock, Timer } from "../clock.ts";
import { HEARTBEAT_MS, SUSPECT_MS, WATCH_STALL_MS } from "../limits.ts";

/** Whom the watch tells. */
export interface HeartbeatWatchOptions {
  clock: Clock;
  /** Silence after which the actor counts as dead; never less than `SUSPECT_MS`. */
  deadMs: number;
  /** Silent for `SUSPECT_MS`; told once until the next beat. */
  onSuspect(): void;
  /** Silent for `deadMs`; told once. */
  onDead(): void;
}

/**
 * Watches one actor for signs of life. The only way to notice an isolate that
 * hangs or has closed itself, as neither raises any event.
 */
export class HeartbeatWatch {
  readonly #options: HeartbeatWatchOptions;
  readonly #deadMs: number;
  #seenMs: number;
  #dueMs = 0;
  #isSuspect = false;
  #timer: Timer | null = null;

  constructor(options: HeartbeatWatchOptions) {
    this.#options = options;
    this.#deadMs = Math.max(SUSPECT_MS, options.deadMs);
    this.#seenMs = options.clock.monotonicMs();
    this.#arm();
  }

  /** Any message proves that the actor's event loop turns. */
  seen(): void {
    this.#seenMs = this.#options.clock.monotonicMs();
  }

  /** A heartbeat; true if the actor was suspect until now. */
  beat(): boolean {
    this.seen();
    const wasSuspect = this.#isSuspect;
    this.#isSuspect = false;
    return wasSuspect;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  // One lazy timer instead of one per beat: when it fires it looks at what
  // was seen since, and sleeps on for the rest.
  #arm(): void {
    const { clock } = this.#options;
    this.#dueMs = this.#seenMs + (this.#isSuspect ? this.#deadMs : SUSPECT_MS);
    const delayMs = Math.max(0, this.#dueMs - clock.monotonicMs());
    this.#timer = clock.after(delayMs, () => this.#check());
  }

  #check(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const lateMs = nowMs - this.#dueMs;
    if (lateMs > WATCH_STALL_MS) {
      // Our own isolate stood still, so beats may be waiting unread. Judge again
      // once they had time to come in.
      this.#seenMs = Math.max(this.#seenMs, nowMs - SUSPECT_MS + HEARTBEAT_MS);
      this.#arm();
      return;
    }
    const silentMs = nowMs - this.#seenMs;
    if (silentMs >= this.#deadMs) {
      this.#timer = null;
      this.#options.onDead();
      return;
    }
    if (silentMs >= SUSPECT_MS && !this.#isSuspect) {
      this.#isSuspect = true;
      this.#arm();
      this.#options.onSuspect();
      return;
    }
    this.#arm();
  }
}
