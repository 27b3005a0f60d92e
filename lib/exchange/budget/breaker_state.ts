import {
  BREAKER_FAILURES,
  BREAKER_HEALTHY_MS,
  BREAKER_OPEN_MAX_MS,
  BREAKER_OPEN_MS,
  BREAKER_OUTCOMES,
  BREAKER_PROBES,
  BREAKER_SAMPLE,
  BREAKER_WINDOW_MS,
} from "./limits.ts";

export type BreakerStatus = "closed" | "open" | "half_open";

/** A change as one breaker tells it. */
export interface StateChange {
  from: BreakerStatus;
  to: BreakerStatus;
  reason: string;
}

/** One breaker. Time is monotonic and handed in; it moves to half-open when it is looked at. */
export class BreakerState {
  readonly #onChange: (change: StateChange) => void;
  #status: BreakerStatus = "closed";
  #reason: string | null = null;
  #outcomes: { atMs: number; isFailure: boolean }[] = [];
  #openUntilMs = -Infinity;
  #closedAtMs = -Infinity;
  /** Openings in a row, none of them followed by a healthy time. */
  #openings = 0;
  #probes = 0;

  constructor(onChange: (change: StateChange) => void) {
    this.#onChange = onChange;
  }

  /** Why it is not closed; null where it is. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Until when it is, or was, open. */
  get openUntilMs(): number {
    return this.#openUntilMs;
  }

  status(nowMs: number): BreakerStatus {
    if (this.#status === "open" && nowMs >= this.#openUntilMs) {
      this.#probes = 0;
      this.#move("half_open", "The time of being open is over");
    }
    return this.#status;
  }

  /** Failures and all outcomes within the window. */
  counts(nowMs: number): { failures: number; outcomes: number } {
    this.#forget(nowMs);
    let failures = 0;
    for (const { isFailure } of this.#outcomes) if (isFailure) failures++;
    return { failures, outcomes: this.#outcomes.length };
  }

  /** An outcome of the breaker's own operations; `failure` is null for a success. */
  record(nowMs: number, failure: string | null): void {
    const status = this.status(nowMs);
    if (status === "open") return;
    if (status === "half_open") return this.probed(nowMs, failure);
    this.#outcomes.push({ atMs: nowMs, isFailure: failure !== null });
    if (failure === null) return;
    const { failures, outcomes } = this.counts(nowMs);
    if (failures >= BREAKER_FAILURES) {
      this.open(
        nowMs,
        `${failures} failures within ${
          BREAKER_WINDOW_MS / 1_000
        } s, the last one: ${failure}`,
      );
    } else if (outcomes >= BREAKER_SAMPLE && failures * 2 > outcomes) {
      this.open(nowMs, `${failures} of ${outcomes} failed: ${failure}`);
    }
  }

  /** Outcome of a probe; counts in a half-open breaker alone. */
  probed(nowMs: number, failure: string | null): void {
    if (this.status(nowMs) !== "half_open") return;
    if (failure !== null) {
      this.open(nowMs, `A probe failed: ${failure}`);
      return;
    }
    this.#probes++;
    if (this.#probes < BREAKER_PROBES) return;
    this.#closedAtMs = nowMs;
    this.#outcomes = [];
    this.#move("closed", `${BREAKER_PROBES} probes in a row succeeded`);
  }

  /** Opens it, for twice as long as the last time unless it has been healthy since. An open one stays as it is. */
  open(nowMs: number, reason: string): void {
    const status = this.status(nowMs);
    if (status === "open") return;
    const isHealthy = status === "closed" &&
      nowMs - this.#closedAtMs >= BREAKER_HEALTHY_MS;
    this.#openings = isHealthy ? 1 : this.#openings + 1;
    const openMs = Math.min(
      BREAKER_OPEN_MAX_MS,
      BREAKER_OPEN_MS * 2 ** (this.#openings - 1),
    );
    this.#openUntilMs = nowMs + openMs;
    this.#move("open", reason);
  }

  #move(to: BreakerStatus, reason: string): void {
    const from = this.#status;
    this.#status = to;
    if (to === "closed") this.#reason = null;
    // Half-open keeps the reason for which it was opened.
    if (to === "open") this.#reason = reason;
    if (from !== to) this.#onChange({ from, to, reason });
  }

  #forget(nowMs: number): void {
    const fromMs = nowMs - BREAKER_WINDOW_MS;
    const { length } = this.#outcomes;
    const first = this.#outcomes.findIndex(({ atMs }) => atMs > fromMs);
    const old = first < 0 ? length : first;
    this.#outcomes.splice(0, Math.max(old, length - BREAKER_OUTCOMES));
  }
}
