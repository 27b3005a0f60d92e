import type {
  LifecycleChanged,
  LifecycleEvent,
  ObservedState,
} from "../../lib/contracts/lifecycle.ts";
import type { AppError } from "../../lib/core/errors.ts";
import { actorError } from "../errors.ts";
import { isDown, isUp, nextState } from "../lifecycle.ts";
import { Waiters } from "./waiters.ts";

/** The part of a change that the owner of the state knows. */
export type ChangeFacts = Pick<
  LifecycleChanged,
  "epoch" | "restarts" | "restartBudget" | "retryAt" | "at"
>;

/** How the state of a child is kept. */
export interface ChildStateOptions {
  id: string;
  /** `stopped` for a new child; what it was for one that is started again under a new spec. */
  initial: ObservedState;
  facts(): ChangeFacts;
  onChange(change: LifecycleChanged): void;
}

/** The observed state of one child: moves along the table only, and wakes whoever waits for up or down. */
export class ChildState {
  readonly #options: ChildStateOptions;
  readonly #whenUp = new Waiters();
  readonly #whenDown = new Waiters();
  #value: ObservedState;
  #cause = "Not started yet";
  #since: number | null = null;

  constructor(options: ChildStateOptions) {
    this.#options = options;
    this.#value = options.initial;
  }

  get value(): ObservedState {
    return this.#value;
  }

  /** Why it is in this state. */
  get cause(): string {
    return this.#cause;
  }

  /** When it came into this state, milliseconds since 1970; null before the first change. */
  get since(): number | null {
    return this.#since;
  }

  get isUp(): boolean {
    return isUp(this.#value);
  }

  get isDown(): boolean {
    return isDown(this.#value);
  }

  /**
   * Moves on, tells it once, then wakes those who wait.
   *
   * @throws {AppError} `LIFECYCLE_PAIR_UNKNOWN` if the table has no such pair.
   */
  change(event: LifecycleEvent, cause: string): void {
    const { id, facts, onChange } = this.#options;
    const from = this.#value;
    const to = nextState(from, event);
    const change = { id, from, to, event, cause, ...facts() };
    this.#value = to;
    this.#cause = cause;
    this.#since = change.at;
    // Waiters resume in microtasks, so the order here is no race; a listener
    // that moves the state on wakes them for the newer state itself.
    if (isUp(to)) this.#whenUp.resolve();
    if (isDown(to)) {
      this.#whenUp.reject(() => this.#notUp(to, cause));
      this.#whenDown.resolve();
    }
    onChange(change);
  }

  /**
   * Resolves when the child is up.
   *
   * @throws {AppError} `ACTOR_START_FAILED` or `ACTOR_STATE_REFUSED` once it is down instead.
   */
  waitUp(): Promise<void> {
    return this.#whenUp.wait();
  }

  /** Resolves when the child is down. */
  waitDown(): Promise<void> {
    return this.#whenDown.wait();
  }

  /** The error for what cannot be done in this state. */
  refusal(what: string): AppError {
    return actorError(
      "ACTOR_STATE_REFUSED",
      `Cannot ${what} actor "${this.#options.id}" in state "${this.#value}"`,
    );
  }

  #notUp(state: ObservedState, cause: string): AppError {
    const code = state === "quarantined"
      ? "ACTOR_START_FAILED"
      : "ACTOR_STATE_REFUSED";
    return actorError(
      code,
      `Cannot start actor "${this.#options.id}", it is ${state}: ${cause}`,
    );
  }
}
