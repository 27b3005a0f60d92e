import { type InHand, isUnrecoverable } from "../errors.ts";
import { RESTART_BACKOFF, RESTART_BUDGET } from "../limits.ts";
import { Backoff } from "./backoff.ts";
import { RestartBudget } from "./budget.ts";
import type { ChildSpec } from "./child_spec.ts";
import { type PoisonFinding, PoisonMemory } from "./poison.ts";

/** A failure, as far as the decision about a restart needs it. */
export interface Failure {
  message: string;
  /** Code of a typed error, or null for any other. */
  code: string | null;
  stack?: string | null;
  /** The link message that was being worked on, if any. */
  inHand?: InHand | null;
}

/** What is to follow a failure: another attempt after a delay, or none, and why. */
export type RestartDecision =
  & ({ retry: true; delayMs: number } | { retry: false; cause: string })
  /** A message that was in hand at two crashes, told once. */
  & { poison: PoisonFinding | null };

/** Whether an incarnation that has to go is followed by another. */
export type RecycleDecision = { retry: true } | { retry: false; cause: string };

/** Decides after each failure of one child whether and when it is started again. Pure. */
export class RestartPolicy {
  readonly #kind: ChildSpec["restart"];
  readonly #backoff: Backoff;
  readonly #budget: RestartBudget;
  readonly #poison: PoisonMemory;

  constructor(spec: ChildSpec, random: () => number) {
    const budget = spec.budget ?? RESTART_BUDGET;
    this.#kind = spec.restart;
    this.#backoff = new Backoff(spec.backoff ?? RESTART_BACKOFF, random);
    this.#budget = new RestartBudget(budget);
    this.#poison = new PoisonMemory(budget);
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
    const verdict = this.#poison.judge(failure, times.nowMs);
    const poison = verdict.finding;
    if (isUnrecoverable(code) || this.#kind === "temporary") {
      return { retry: false, cause: message, poison };
    }
    if (verdict.quarantine !== null) {
      return { retry: false, cause: verdict.quarantine, poison };
    }
    if (!this.#budget.tryUse(times.nowMs)) {
      return { retry: false, cause: this.#usedUp(message), poison };
    }
    const delayMs = this.#backoff.next(times.healthyMs);
    return { retry: true, delayMs, poison };
  }

  /** Decides about an incarnation that has to be replaced because of `cause`, and uses up a restart if it is. */
  decideRecycle(cause: string, nowMs: number): RecycleDecision {
    if (this.#kind === "temporary") return { retry: false, cause };
    if (this.#budget.tryUse(nowMs)) return { retry: true };
    return { retry: false, cause: this.#usedUp(cause) };
  }

  #usedUp(cause: string): string {
    return `${cause} (all ${this.budget} restarts are used up)`;
  }

  /** Forgets all earlier failures, as when a person starts the actor. */
  reset(): void {
    this.#backoff.reset();
    this.#budget.reset();
    this.#poison.reset();
  }
}
