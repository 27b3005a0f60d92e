import type { Command } from "../protocol.ts";
import { COMMAND_MS } from "../limits.ts";
import type { ChildEvents } from "./child_events.ts";
import type { ChildState } from "./child_state.ts";
import type { Succession } from "./succession.ts";

/** What the steering of one child needs of it. */
export interface SteeringOptions {
  state: ChildState;
  succession: Succession;
  events: ChildEvents;
  /** The program runs and waits for something it depends on. */
  isWaiting(): boolean;
  /** The child ends for good: nothing can be said to it any more. */
  isEnding(): boolean;
  isPaused: boolean;
}

/** The owner's commands to one child, and the side, paused or not, that it is meant to be on. */
export class Steering {
  readonly #options: SteeringOptions;
  #isPaused: boolean;

  constructor(options: SteeringOptions) {
    this.#options = options;
    this.#isPaused = options.isPaused;
  }

  /** What the actor is meant to be; the state says what it is. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The program takes commands: also while it waits, as it keeps its state and can speak of it. */
  get takesCommands(): boolean {
    return this.#options.state.isUp || this.#options.isWaiting();
  }

  /** Pauses the actor, or says that it is to come up paused. */
  async pause(reason: string): Promise<void> {
    await this.#steer("pause");
    const { state } = this.#options;
    if (!this.#isPaused) return;
    if (state.value === "running" || state.value === "degraded") {
      state.change("pause_requested", reason);
    }
  }

  /** Undoes a pause. A degraded actor is running again with its next heartbeat. */
  async resume(reason: string): Promise<void> {
    await this.#steer("resume");
    const { state } = this.#options;
    if (!this.#isPaused && state.value === "paused") {
      state.change("resume_requested", reason);
    }
  }

  /** Sends a command to the running program; see `Commands.send` for what it throws. */
  command(command: Command, deadlineMs = COMMAND_MS): Promise<unknown> {
    const { state, succession } = this.#options;
    const incarnation = succession.current;
    if (!this.takesCommands || incarnation === null) {
      return Promise.reject(state.refusal(command.type));
    }
    return incarnation.command(command, { deadlineMs });
  }

  /** Takes a snapshot on demand, and tells of it as of any other. Null where there is none, or `ifChanged` and nothing has. */
  async snapshot(options: { ifChanged: boolean }): Promise<unknown> {
    const { events, succession } = this.#options;
    const { epoch } = succession;
    const snapshot = await this.command({ type: "snapshot", ...options });
    events.snapshot(epoch, snapshot);
    return snapshot;
  }

  /**
   * Brings the program to the paused or the unpaused side. While it starts this
   * waits until it is up: it comes up on the right side. While it backs off
   * there is nothing to wait for: the next incarnation will. While it waits for
   * others its side changes at once, and its state when it is up.
   */
  async #steer(direction: "pause" | "resume"): Promise<void> {
    const { state, isEnding } = this.#options;
    if (isEnding()) throw state.refusal(direction);
    this.#isPaused = direction === "pause";
    if (state.value === "backing_off") return;
    if (this.takesCommands) await this.command({ type: direction });
    else await state.waitUp();
  }
}
