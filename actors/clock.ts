/** A timer that can be cancelled. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in the runtime, so that tests and simulations own it. */
export interface Clock {
  /** Wall time in milliseconds since 1970. May jump. */
  nowMs(): number;
  /** Time since an arbitrary start in milliseconds. Never goes back; for durations and deadlines. */
  monotonicMs(): number;
  /** As {@link Clock.nowMs} with fractions of a millisecond, for stamps that isolates compare. Left out where there are none. */
  preciseMs?(): number;
  /** Calls back once after `delayMs`. */
  after(delayMs: number, callback: () => void): Timer;
  /** Calls back every `intervalMs` until cancelled. */
  every(intervalMs: number, callback: () => void): Timer;
}
