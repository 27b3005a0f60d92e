import type { TimeSource } from "../../core/time.ts";
import { NEWS_MAX, REQUESTS_MAX } from "./limits.ts";

/** Why a request has no answer. */
export type WireFault = "closed" | "full";

/**
 * The way to the book and back. Requests arrive in the order they were sent,
 * each one latency later; answers and news need one latency back, in the order
 * they happened. Without latency a request arrives at once; what comes back
 * never comes within the call.
 */
export class Wire {
  readonly #clock: TimeSource;
  readonly #latencyMs: number;
  readonly #arrivals: (() => void)[] = [];
  readonly #deliveries: (() => void)[] = [];
  /** What tells those who still wait that nothing will come. */
  readonly #waiting = new Set<() => void>();
  readonly #onOverflow: () => void;
  #newsOnWay = 0;
  #isOverflowing = false;
  #isClosed = false;

  constructor(
    options: {
      clock: TimeSource;
      latencyMs: number;
      /** News had to be dropped; called where the last one before the gap would have come. */
      onOverflow: () => void;
    },
  ) {
    this.#clock = options.clock;
    this.#latencyMs = options.latencyMs;
    this.#onOverflow = options.onOverflow;
  }

  /** Runs `work` at the book and brings back what it returns or throws; `fault` makes the answer where none can come. */
  request<T>(work: () => T, fault: (why: WireFault) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (why: WireFault) => {
        try {
          resolve(fault(why));
        } catch (error) {
          reject(error);
        }
      };
      if (this.#isClosed) return fail("closed");
      if (this.#waiting.size >= REQUESTS_MAX) return fail("full");
      const giveUp = () => fail("closed");
      this.#waiting.add(giveUp);
      this.#send(this.#arrivals, () => {
        const settle = outcomeOf(work);
        this.#send(this.#deliveries, () => {
          this.#waiting.delete(giveUp);
          settle(resolve, reject);
        });
      });
    });
  }

  /** Brings news back. */
  tell(deliver: () => void): void {
    if (this.#isClosed || this.#isOverflowing) return;
    if (this.#newsOnWay >= NEWS_MAX) {
      this.#isOverflowing = true;
      this.#send(this.#deliveries, () => {
        this.#isOverflowing = false;
        this.#onOverflow();
      });
      return;
    }
    this.#newsOnWay++;
    this.#send(this.#deliveries, () => {
      this.#newsOnWay--;
      deliver();
    });
  }

  /** Nothing arrives or comes back any more; who waits for an answer hears so. */
  close(): void {
    this.#isClosed = true;
    for (const giveUp of this.#waiting) giveUp();
    this.#waiting.clear();
  }

  #send(queue: (() => void)[], step: () => void): void {
    queue.push(step);
    const next = () => {
      const first = queue.shift();
      if (!this.#isClosed) first?.();
    };
    if (this.#latencyMs > 0) this.#clock.after(this.#latencyMs, next);
    else if (queue === this.#arrivals) next();
    else queueMicrotask(next);
  }
}

type Settle<T> = (
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
) => void;

function outcomeOf<T>(work: () => T): Settle<T> {
  try {
    const value = work();
    return (resolve) => resolve(value);
  } catch (error) {
    return (_resolve, reject) => reject(error);
  }
}
