/** A timer that can be cancelled. */
export interface TimeSourceTimer {
  cancel(): void;
}

/**
 * The part of a clock that adapters need. `actors/clock.ts` is compatible with
 * it, but adapters may not import the runtime, and so name the shape here.
 */
export interface TimeSource {
  /** Wall time in milliseconds since 1970. */
  nowMs(): number;
  /** Calls back once after `delayMs`. */
  after(delayMs: number, callback: () => void): TimeSourceTimer;
  /** Calls back every `intervalMs` until cancelled. */
  every(intervalMs: number, callback: () => void): TimeSourceTimer;
}
