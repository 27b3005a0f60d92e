import type { Clock } from "../../../actors/clock.ts";
import { COUNTED_PER_MINUTE_MAX } from "./limits.ts";

const MINUTE_MS = 60_000;

/** Counts what happened within the last minute. */
export class MinuteCounter {
  readonly #clock: Clock;
  #times: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  count(): void {
    this.#forget();
    if (this.#times.length < COUNTED_PER_MINUTE_MAX) {
      this.#times.push(this.#clock.monotonicMs());
    }
  }

  get total(): number {
    this.#forget();
    return this.#times.length;
  }

  #forget(): void {
    const sinceMs = this.#clock.monotonicMs() - MINUTE_MS;
    let over = 0;
    while (over < this.#times.length && this.#times[over]! <= sinceMs) over++;
    if (over > 0) this.#times = this.#times.slice(over);
  }
}
