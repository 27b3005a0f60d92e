import { isUnrecoverable } from "../errors.ts";
import { RESTART_BACKOFF, RESTART_BUDGET } from "../limits.ts";
import { Backoff } from "./backoff.ts";
import { RestartBudget } from "./budget.ts";
import type { ChildSpec } from "./child_spec.ts";

/** A failure, as far as the decision about a restart needs it. */
export interface Failure {
  message: string;
  /** Code of a typed error, or null for any other. */
  code: string | null;
}

/** What is to follow a failure: another attempt after a delay, or none, and why. */
export type RestartDecision =
  | { retry: true; delayMs: number }
  | { retry: false; cause: string };

/** Decides after each failure of one child whether and when it is started again. Pure. */
export class RestartPolicy {
  readonly #kind: ChildSpec["restart"];
  readonly #backoff: Backoff;
  readonly #budget: RestartBudget;

  constructor(spec: ChildSpec, random: () => number) {
    this.#kind = spec.restart;
    this.#backoff = new Backoff(spec.backoff ?? RESTART_BACKOFF, random);
    this.#budget = new RestartBudget(spec.budget ?? RESTART_BUDGET);
  }

  /** Whether a program that ended by itself, without failing, is started again. */
  get restartsAfterEnd(): boolean {
    return this.#kind === "permanent";
  }

  /** Restarts that the window allows. */
  get budget(): number {
    return this.#budget.size;
  }

  /** Restarts used in the window that ends at `nowMs` (monotonic). */
  used(nowMs: number): number {
    return this.#budget.used(nowMs);
  }

  /** Decides, and uses up a restart if there is to be one. `healthyMs` is how long the actor had been up. */
  decide(
    failure: Failure,
    times: { nowMs: number; healthyMs: number },
  ): RestartDecision {
    const { message, code } = failure;
    if (isUnrecoverable(code) || this.#kind === "temporary") {
      return { retry: false, cause: message };
    }
    if (!this.#budget.tryUse(times.nowMs)) {
      const cause = `${message} (all ${this.budget} restarts are used up)`;
      return { retry: false, cause };
    }
    return { retry: true, delayMs: this.#backoff.next(times.healthyMs) };
  }

  /** Forgets all earlier failures, as when a person starts the actor. */
  reset(): void {
    this.#backoff.reset();
    this.#budget.reset();
  }
}
