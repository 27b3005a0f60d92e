import { BREAKER_PROBES, BREAKER_RISK_PROBE_MS } from "./limits.ts";

/**
 * The way past an open breaker for reads that look after a risk: an order at
 * the venue whose fill nobody may have told, a position whose stop may be gone.
 * How long a breaker stays open is a guess that grows to minutes; that long
 * nobody may look away from a risk, and a read now and then harms no venue.
 *
 * One read at a time may probe, some seconds after the last one unless that one
 * was answered. After a few answers in a row these reads go as usual, until one
 * of them fails. Nothing of this changes how long the breaker is open for all
 * else. Time is monotonic and handed in.
 */
export class RiskProbes {
  #nextMs = -Infinity;
  #answers = 0;

  /** The last answers say that the venue is there. */
  get isAnswered(): boolean {
    return this.#answers >= BREAKER_PROBES;
  }

  /** The breaker opens. */
  pause(nowMs: number): void {
    this.#answers = 0;
    this.#nextMs = nowMs + BREAKER_RISK_PROBE_MS;
  }

  /** Whether the next probe may go, as far as time is concerned. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextMs;
  }

  /** A probe is let go. */
  began(nowMs: number): void {
    this.#nextMs = nowMs + BREAKER_RISK_PROBE_MS;
  }

  /** What came of any read while the breaker is open. */
  record(nowMs: number, isAnswer: boolean): void {
    if (isAnswer) {
      this.#answers++;
      this.#nextMs = nowMs;
    } else if (this.#answers > 0) this.pause(nowMs);
    // Failures in a row do not add up: other reads may fail all the time.
  }
}
