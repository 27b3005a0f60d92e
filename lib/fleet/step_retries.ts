import type { Clock } from "../../actors/clock.ts";
import {
  RECONCILE_RETRY_MAX_MS,
  RECONCILE_RETRY_MS,
  RISK_STEP_RETRY_MS,
} from "./limits.ts";
import type { Step as StateStep } from "./plan.ts";

/** What is done to one agent at a time. */
export type Step = StateStep | "configure";

/** Steps that leave less at risk than there was, or show that nothing is. */
const AGAINST_RISK: ReadonlySet<Step> = new Set(["pause", "stop", "settle"]);

/** What follows from a failed step. */
export interface Retry {
  /** Until it is tried again. */
  waitMs: number;
  /** Whether people are told once more: they need not read the same line every other second. */
  isTold: boolean;
}

/** Steps of one agent that failed in a row for one wish. */
interface Failures {
  count: number;
  /** Why the last one failed. */
  reason: string;
  /** By the monotonic clock. */
  retryAtMs: number;
  /** When the wish was stored that the steps were for. */
  wishedAt: number;
}

/**
 * When the failed steps of agents are tried again: after a pause that is doubled
 * each time, but for steps against risk. What holds those up ends by itself, an
 * exchange that is slow or a desk that starts again, and meanwhile the agent
 * shows as something that it no longer is.
 */
export class StepRetries {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a step for this wish has to wait; a new wish is tried at once, whatever failed before it. */
  isWaiting(agentId: string, wishedAt: number): boolean {
    const failures = this.#failures.get(agentId);
    return failures !== undefined && failures.wishedAt === wishedAt &&
      failures.retryAtMs > this.#clock.monotonicMs();
  }

  /** Answers with why the step before failed, which is over now; null where it did not. */
  succeeded(agentId: string): string | null {
    const reason = this.#failures.get(agentId)?.reason ?? null;
    this.#failures.delete(agentId);
    return reason;
  }

  failed(
    agentId: string,
    failed: { step: Step; wishedAt: number; reason: string },
  ): Retry {
    const { step, wishedAt, reason } = failed;
    const before = this.#failures.get(agentId);
    const count = before?.wishedAt === wishedAt ? before.count + 1 : 1;
    const waitMs = AGAINST_RISK.has(step) ? RISK_STEP_RETRY_MS : Math.min(
      RECONCILE_RETRY_MAX_MS,
      RECONCILE_RETRY_MS * 2 ** (count - 1),
    );
    const retryAtMs = this.#clock.monotonicMs() + waitMs;
    this.#failures.set(agentId, { count, reason, retryAtMs, wishedAt });
    return { waitMs, isTold: Number.isInteger(Math.log2(count)) };
  }
}
