import type { ObservedState } from "../../lib/contracts/lifecycle.ts";
import type { Clock, Timer } from "../clock.ts";
import { COMMAND_MS, SHUTDOWN_MS, START_MS } from "../limits.ts";
import type { StopReason } from "../program.ts";
import type { Command } from "../protocol.ts";
import { ChildEvents } from "./child_events.ts";
import type { ChildContext, ChildSpec, ChildStatus } from "./child_spec.ts";
import { ChildState } from "./child_state.ts";
import { type Failure, RestartPolicy } from "./restart_policy.ts";
import { Succession, type SuccessionListener } from "./succession.ts";

/**
 * One supervised actor through all its incarnations: decides when to start, to
 * give up and to end.
 *
 * Whatever changes is changed before the lifecycle event is emitted, so that a
 * listener may call back into the supervisor at once.
 */
export class Child {
  readonly spec: ChildSpec;
  readonly #clock: Clock;
  readonly #policy: RestartPolicy;
  readonly #events: ChildEvents;
  readonly #state: ChildState;
  readonly #succession: Succession;
  /** What the actor is meant to be; the state says what it is. */
  #isPaused: boolean;
  /** A restart is waiting for the end of the running incarnation. */
  #isRecycling = false;
  /** The one timer of each phase: start deadline, retry, or shutdown deadline. */
  #timer: Timer | null = null;
  #retryAt: number | null = null;
  #upSinceMs: number | null = null;

  /** A child that takes the place of `predecessor` goes on from its state and epoch. */
  constructor(spec: ChildSpec, context: ChildContext, predecessor?: Child) {
    const { clock, random, wiring, emit } = context;
    this.spec = spec;
    this.#clock = clock;
    this.#isPaused = spec.startPaused ?? false;
    this.#policy = new RestartPolicy(spec, random);
    this.#events = new ChildEvents(spec.id, emit);
    this.#succession = new Succession({
      spec,
      clock,
      wiring,
      events: this.#events,
      listener: this.#createListener(),
      lastEpoch: Math.max((spec.firstEpoch ?? 1) - 1, predecessor?.epoch ?? 0),
    });
    this.#state = new ChildState({
      id: spec.id,
      initial: predecessor?.state ?? "stopped",
      facts: () => ({ ...this.#facts(), at: clock.nowMs() }),
      onChange: (change) => this.#events.lifecycle(change),
    });
  }

  get state(): ObservedState {
    return this.#state.value;
  }

  get epoch(): number {
    return this.#succession.epoch;
  }

  get isDown(): boolean {
    return this.#state.isDown;
  }

  get status(): ChildStatus {
    return {
      id: this.spec.id,
      kind: this.spec.kind,
      state: this.#state.value,
      isPaused: this.#isPaused,
      cause: this.#state.cause,
      since: this.#state.since,
      ...this.#facts(),
      heartbeat: this.#events.lastHeartbeat,
      lastCrash: this.#events.lastCrash,
      commandDepth: this.#succession.current?.depth ?? 0,
      deadLetters: this.#events.deadLetters,
      abandoned: this.#succession.abandoned,
    };
  }

  /** Starts an incarnation under a full budget and resolves when it is up. */
  start(reason: string): Promise<void> {
    this.#policy.reset();
    const up = this.#state.waitUp();
    this.#begin(reason);
    return up;
  }

  /** Pauses the actor, or says that it is to come up paused. */
  async pause(reason: string): Promise<void> {
    await this.#steer("pause");
    if (!this.#isPaused) return;
    if (this.state === "running" || this.state === "degraded") {
      this.#state.change("pause_requested", reason);
    }
  }

  /** Undoes a pause. A degraded actor is running again with its next heartbeat. */
  async resume(reason: string): Promise<void> {
    await this.#steer("resume");
    if (!this.#isPaused && this.state === "paused") {
      this.#state.change("resume_requested", reason);
    }
  }

  /** Stops gracefully, by force after the deadline. Resolves when it is down; never rejects. */
  async stop(reason: string, mode: StopReason): Promise<void> {
    this.#isRecycling = mode === "recycle";
    if (this.state === "stopped" || this.state === "killed") return;
    if (this.state !== "stopping") this.#beginStop(reason, mode);
    if (!this.isDown) await this.#state.waitDown();
  }

  /** Ends a shutdown that takes too long for the owner. */
  cutShort(cause: string): void {
    if (this.state === "stopping") this.#endAs("stopped", cause);
  }

  /** Ends the actor at once and for good: only a new child of the same id runs again. */
  kill(reason: string): void {
    this.#isRecycling = false;
    if (this.state !== "killed") this.#endAs("kill_requested", reason);
  }

  /** Ends the current incarnation gracefully and starts the next one under a full budget. */
  async restart(reason: string): Promise<void> {
    if (this.state === "killed") throw this.#state.refusal("restart");
    if (!this.#isIdle) {
      await this.stop(reason, "recycle");
      // A stop or kill that came in between was meant to last.
      if (!this.#isRecycling) throw this.#state.refusal("restart");
    }
    // Of several restarts that waited for the same stop, the first one starts.
    if (!this.#isIdle) return await this.#state.waitUp();
    await this.start(reason);
  }

  /** Sends a command to the running program; see `Commands.send` for what it throws. */
  command(command: Command, deadlineMs = COMMAND_MS): Promise<unknown> {
    const incarnation = this.#succession.current;
    if (!this.#state.isUp || incarnation === null) {
      return Promise.reject(this.#state.refusal(command.type));
    }
    return incarnation.command(command, { deadlineMs });
  }

  /** Takes a snapshot on demand, and tells of it as of any other. */
  async snapshot(): Promise<unknown> {
    const epoch = this.epoch;
    const snapshot = await this.command({ type: "snapshot" });
    this.#events.snapshot(epoch, snapshot);
    return snapshot;
  }

  /** Nothing runs, and the next incarnation may begin. */
  get #isIdle(): boolean {
    return this.isDown || this.state === "backing_off";
  }

  #facts() {
    return {
      epoch: this.epoch,
      restarts: this.#policy.used(this.#clock.monotonicMs()),
      restartBudget: this.#policy.budget,
      retryAt: this.#retryAt,
    };
  }

  /**
   * Brings the program to the paused or the unpaused side. While it starts this
   * waits until it is up: it comes up on the right side. While it backs off
   * there is nothing to wait for: the next incarnation will.
   */
  async #steer(direction: "pause" | "resume"): Promise<void> {
    if (this.isDown || this.state === "stopping") {
      throw this.#state.refusal(direction);
    }
    this.#isPaused = direction === "pause";
    if (this.state === "backing_off") return;
    if (this.#state.isUp) await this.command({ type: direction });
    else await this.#state.waitUp();
  }

  #createListener(): SuccessionListener {
    return {
      isPaused: () => this.#isPaused,
      onLoaded: () => {
        if (this.state !== "starting") return; // A stop may have come first.
        this.#state.change("started", "Code is loaded");
      },
      onReady: () => this.#ready(),
      onBeat: () => {
        if (this.state !== "degraded") return;
        const event = this.#isPaused ? "pause_requested" : "recovered";
        this.#state.change(event, "Heartbeat is back");
      },
      onSuspect: () => {
        if (this.state !== "running" && this.state !== "paused") return;
        this.#state.change("degraded_detected", "Heartbeat is late");
      },
      onEnded: () => this.#ended(),
      onFailure: (failure) => this.#fail(failure),
    };
  }

  #begin(cause: string): void {
    const startMs = this.spec.startMs ?? START_MS;
    this.#setTimer(startMs, () => {
      const message = `Start took longer than ${startMs} ms`;
      this.#fail({ message, code: null });
    });
    this.#succession.begin();
    this.#state.change("start_requested", cause);
  }

  #ready(): void {
    if (this.state !== "reconciling") return;
    this.#clearTimer();
    this.#upSinceMs = this.#clock.monotonicMs();
    if (!this.#succession.connect()) return;
    if (this.#isPaused) this.#state.change("pause_requested", "Starts paused");
    else this.#state.change("reconciled", "Program is ready");
  }

  #beginStop(reason: string, mode: StopReason): void {
    const shutdownMs = this.spec.shutdownMs ?? SHUTDOWN_MS;
    const incarnation = this.#succession.current;
    this.#clearTimer();
    if (incarnation !== null) {
      incarnation.stop(mode);
      this.#setTimer(shutdownMs, () => {
        const cause = `Terminated after ${shutdownMs} ms: ${reason}`;
        this.#endAs("stopped", cause);
      });
    }
    this.#state.change("stop_requested", reason);
    // Still loading what to start from, so there is nobody to wait for.
    if (incarnation === null) this.cutShort(reason);
  }

  #ended(): void {
    if (this.state === "stopping") this.#endAs("stopped", this.#state.cause);
    else if (this.#policy.restartsAfterEnd) {
      this.#fail({ message: "Ended by itself", code: null });
    } else this.#endAs("stopped", "Ended by itself");
  }

  #fail(failure: Failure): void {
    const { message } = failure;
    if (this.state === "stopping") {
      return this.#endAs("stopped", `Failed while stopping: ${message}`);
    }
    const nowMs = this.#clock.monotonicMs();
    const healthyMs = nowMs - (this.#upSinceMs ?? nowMs);
    const decision = this.#policy.decide(failure, { nowMs, healthyMs });
    if (!decision.retry) {
      return this.#endAs("budget_exhausted", decision.cause);
    }
    this.#discard();
    this.#setTimer(
      decision.delayMs,
      () => this.#begin(`Restart after: ${message}`),
    );
    this.#retryAt = this.#clock.nowMs() + decision.delayMs;
    this.#state.change("failed", message);
  }

  /** Ends the incarnation, if there is one, for a state in which nothing runs. */
  #endAs(
    event: "stopped" | "kill_requested" | "budget_exhausted",
    cause: string,
  ): void {
    this.#discard();
    this.#state.change(event, cause);
  }

  #discard(): void {
    this.#clearTimer();
    this.#upSinceMs = null;
    this.#succession.discard();
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.after(delayMs, callback);
  }

  #clearTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#retryAt = null;
  }
}
