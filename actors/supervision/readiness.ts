import type { ChildState } from "./child_state.ts";
import type { ChildSpec } from "./child_spec.ts";
import type { Dependencies } from "./dependencies.ts";

/** What the readiness of one child is judged by. */
export interface ReadinessOptions {
  spec: ChildSpec;
  state: ChildState;
  dependencies: Dependencies;
  isPaused(): boolean;
  /** The latest heartbeat is late. */
  isSuspect(): boolean;
}

/** Decides when a started program may work: when it is ready itself, and so is everything it depends on. */
export class Readiness {
  readonly #options: ReadinessOptions;
  #readySinceMs: number | null = null;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** Monotonic time at which the program of this incarnation was ready; null before. */
  get readySinceMs(): number | null {
    return this.#readySinceMs;
  }

  /** The program is ready, but not what it depends on. */
  get isWaiting(): boolean {
    return this.#options.state.value === "reconciling" &&
      this.#readySinceMs !== null;
  }

  /** What the child waits for, in one sentence, or null where it does not wait. */
  get waitsFor(): string | null {
    return this.isWaiting ? this.missing : null;
  }

  /** What the child has to wait for once it is ready, in one sentence, or null. */
  get missing(): string | null {
    const { dependencies, spec } = this.#options;
    return dependencies.waitsFor(spec);
  }

  /** The program says that it is ready. */
  ready(nowMs: number): void {
    this.#readySinceMs = nowMs;
  }

  /** There is no program any more. */
  reset(): void {
    this.#readySinceMs = null;
  }

  /** Lets a program that waits go to work, on the side it is meant to be on, if nothing is missing. */
  goUp(cause: string): void {
    const { state, isPaused, isSuspect } = this.#options;
    if (!this.isWaiting || this.waitsFor !== null) return;
    state.change(isPaused() ? "pause_requested" : "reconciled", cause);
    // It may have gone silent while it waited.
    if (isSuspect()) this.suspect();
  }

  /** Something that the child depends on is not up any more. */
  lost(): void {
    const { state } = this.#options;
    const cause = this.missing;
    if (state.isUp && cause !== null) state.change("dependency_lost", cause);
  }

  /** The heartbeat is back, if it was late. */
  recover(): void {
    const { state, isPaused } = this.#options;
    if (state.value !== "degraded") return;
    const event = isPaused() ? "pause_requested" : "recovered";
    state.change(event, "Heartbeat is back");
  }

  /** The heartbeat is late. */
  suspect(): void {
    const { state } = this.#options;
    if (state.value !== "running" && state.value !== "paused") return;
    state.change("degraded_detected", "Heartbeat is late");
  }
}
