import type { ObservedState } from "../../lib/contracts/lifecycle.ts";
import type { Clock, Timer } from "../clock.ts";
import { isUnrecoverable } from "../errors.ts";
import {
  COMMAND_MS,
  RESTART_BACKOFF,
  RESTART_BUDGET,
  SHUTDOWN_MS,
  START_MS,
} from "../limits.ts";
import type { StopReason } from "../program.ts";
import type { Command, Heartbeat } from "../protocol.ts";
import { Backoff } from "./backoff.ts";
import { RestartBudget } from "./budget.ts";
import type { ChildSpec, ChildStatus, SupervisorEvent } from "./child_spec.ts";
import { ChildState } from "./child_state.ts";
import { Incarnation, type IncarnationListener } from "./incarnation.ts";
import type { Wiring } from "./wiring.ts";

/** What a child shares with its siblings. */
export interface ChildContext {
  clock: Clock;
  random: () => number;
  wiring: Wiring;
  emit(event: SupervisorEvent): void;
}

/** A failure, as far as the decision about a restart needs it. */
interface Failure {
  message: string;
  code: string | null;
}

/**
 * One supervised actor through all its incarnations: decides when to start, to
 * give up and to end.
 *
 * Whatever changes is changed before the lifecycle event is emitted, so that a
 * listener may call back into the supervisor at once.
 */
export class Child {
  readonly spec: ChildSpec;
  readonly #context: ChildContext;
  readonly #backoff: Backoff;
  readonly #budget: RestartBudget;
  readonly #state: ChildState;
  #epoch: number;
  /** What the actor is meant to be; the state says what it is. */
  #isPaused: boolean;
  /** A restart is waiting for the end of the running incarnation. */
  #isRecycling = false;
  #incarnation: Incarnation | null = null;
  /** The one timer of each phase: start deadline, retry, or shutdown deadline. */
  #timer: Timer | null = null;
  #retryAt: number | null = null;
  #upSinceMs: number | null = null;
  #heartbeat: Heartbeat | null = null;
  #deadLetters = 0;
  #abandoned = 0;

  constructor(spec: ChildSpec, context: ChildContext, predecessor?: Child) {
    const { clock, random, emit } = context;
    this.spec = spec;
    this.#context = context;
    this.#backoff = new Backoff(spec.backoff ?? RESTART_BACKOFF, random);
    this.#budget = new RestartBudget(spec.budget ?? RESTART_BUDGET);
    this.#epoch = Math.max((spec.firstEpoch ?? 1) - 1, predecessor?.epoch ?? 0);
    this.#isPaused = spec.startPaused ?? false;
    this.#state = new ChildState({
      id: spec.id,
      initial: predecessor?.state ?? "stopped",
      facts: () => ({
        epoch: this.#epoch,
        restarts: this.#budget.used(clock.monotonicMs()),
        restartBudget: this.#budget.size,
        retryAt: this.#retryAt,
        at: clock.nowMs(),
      }),
      onChange: (change) => emit({ type: "lifecycle", change }),
    });
  }

  get state(): ObservedState {
    return this.#state.value;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get isDown(): boolean {
    return this.#state.isDown;
  }

  get status(): ChildStatus {
    return {
      id: this.spec.id,
      kind: this.spec.kind,
      state: this.#state.value,
      epoch: this.#epoch,
      isPaused: this.#isPaused,
      cause: this.#state.cause,
      since: this.#state.since,
      restarts: this.#budget.used(this.#context.clock.monotonicMs()),
      restartBudget: this.#budget.size,
      retryAt: this.#retryAt,
      heartbeat: this.#heartbeat,
      commandDepth: this.#incarnation?.depth ?? 0,
      deadLetters: this.#deadLetters,
      abandoned: this.#abandoned,
    };
  }

  /** Starts an incarnation under a full budget and resolves when it is up. */
  start(reason: string): Promise<void> {
    this.#backoff.reset();
    this.#budget.reset();
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
    if (!this.#state.isDown) await this.#state.waitDown();
  }

  /** Ends a shutdown that takes too long for the owner. */
  cutShort(cause: string): void {
    if (this.state === "stopping") this.#stopped(cause);
  }

  /** Ends the actor at once and for good: only a new child of the same id runs again. */
  kill(reason: string): void {
    this.#isRecycling = false;
    if (this.state === "killed") return;
    this.#discard();
    this.#state.change("kill_requested", reason);
  }

  /** Ends the current incarnation gracefully and starts the next one under a full budget. */
  async restart(reason: string): Promise<void> {
    if (this.state === "killed") throw this.#state.refusal("restart");
    if (!this.#state.isDown && this.state !== "backing_off") {
      await this.stop(reason, "recycle");
      // A stop or kill that came in between was meant to last.
      if (!this.#isRecycling) throw this.#state.refusal("restart");
    }
    // Of several restarts that waited for the same stop, the first one starts.
    if (!this.#state.isDown && this.state !== "backing_off") {
      return await this.#state.waitUp();
    }
    await this.start(reason);
  }

  /** Sends a command to the running program; see `Commands.send` for what it throws. */
  command(command: Command, deadlineMs = COMMAND_MS): Promise<unknown> {
    if (!this.#state.isUp) {
      return Promise.reject(this.#state.refusal(command.type));
    }
    return this.#incarnation!.command(command, { deadlineMs });
  }

  /** Takes the last snapshot on demand, and tells of it as of any other. */
  async snapshot(): Promise<unknown> {
    const epoch = this.#epoch;
    const snapshot = await this.command({ type: "snapshot" });
    const { emit } = this.#context;
    emit({ type: "snapshot", id: this.spec.id, epoch, snapshot });
    return snapshot;
  }

  /**
   * Brings the program to the paused or the unpaused side. While it starts this
   * waits until it is up: it comes up on the right side. While it backs off
   * there is nothing to wait for: the next incarnation will.
   */
  async #steer(direction: "pause" | "resume"): Promise<void> {
    const state = this.state;
    if (this.#state.isDown || state === "stopping") {
      throw this.#state.refusal(direction);
    }
    this.#isPaused = direction === "pause";
    if (state === "backing_off") return;
    if (this.#state.isUp) await this.command({ type: direction });
    else await this.#state.waitUp();
  }

  #begin(cause: string): void {
    const startMs = this.spec.startMs ?? START_MS;
    const epoch = ++this.#epoch;
    this.#heartbeat = null;
    this.#setTimer(startMs, () =>
      this.#fail({
        message: `Start took longer than ${startMs} ms`,
        code: null,
      }));
    void this.#launch(epoch);
    this.#state.change("start_requested", cause);
  }

  async #launch(epoch: number): Promise<void> {
    // Not before the start request was told.
    await Promise.resolve();
    const isCurrent = () => this.#epoch === epoch && this.state === "starting";
    try {
      if (!isCurrent()) return;
      const { config, snapshot } = await this.spec.loadInit();
      if (!isCurrent()) return;
      const incarnation: Incarnation = new Incarnation({
        actorId: this.spec.id,
        epoch,
        clock: this.#context.clock,
        host: this.spec.createHost(),
        listener: this.#createListener(() => incarnation),
      });
      this.#incarnation = incarnation;
      incarnation.start({ config, snapshot, paused: this.#isPaused });
    } catch (error) {
      if (!isCurrent()) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#fail({ message: `Cannot start: ${message}`, code: null });
    }
  }

  #createListener(incarnation: () => Incarnation): IncarnationListener {
    const { emit } = this.#context;
    const { id } = this.spec;
    return {
      onHello: () => {
        // A stop may have come first.
        if (this.state !== "starting") return;
        this.#state.change("started", "Code is loaded");
      },
      onReady: (paused) => void this.#settle(incarnation(), paused),
      onHeartbeat: (heartbeat) => {
        this.#heartbeat = heartbeat;
        const { epoch } = incarnation();
        emit({ type: "heartbeat", id, epoch, heartbeat });
        if (this.state === "degraded") this.#recover();
      },
      onReport: (report) =>
        emit({ type: "report", id, epoch: incarnation().epoch, report }),
      onSnapshot: (snapshot) =>
        emit({ type: "snapshot", id, epoch: incarnation().epoch, snapshot }),
      onStopped: () => this.#endedByItself(),
      onCrash: (error) => {
        this.#fail(error);
        if (error.code === "MAILBOX_OVERFLOW") {
          emit({ type: "mailbox_overflow", id, lane: "events" });
        }
      },
      onSuspect: () => this.#degrade(),
      onDead: () => {
        this.#abandoned++;
        this.#fail({ message: "No heartbeat, taken for dead", code: null });
      },
      onRefused: (lane) => emit({ type: "mailbox_overflow", id, lane }),
      onDeadLetter: (reason, detail) => {
        this.#deadLetters++;
        const { epoch } = incarnation();
        emit({ type: "dead_letter", id, epoch, reason, detail });
      },
    };
  }

  /** The program has started: brings it to the side it is meant to be on, then lets it be heard. */
  async #settle(incarnation: Incarnation, paused: boolean): Promise<void> {
    try {
      if (paused !== this.#isPaused) {
        const type = this.#isPaused ? "pause" : "resume";
        await incarnation.command({ type }, { deadlineMs: COMMAND_MS });
        return await this.#settle(incarnation, type === "pause");
      }
    } catch {
      // It crashed, which is told on its own, or hangs, which the start deadline ends.
      return;
    }
    if (incarnation.isEnded || this.state !== "reconciling") return;
    this.#timer?.cancel();
    this.#upSinceMs = this.#context.clock.monotonicMs();
    this.#context.wiring.up(this.spec.id, incarnation);
    if (paused) this.#state.change("pause_requested", "Starts paused");
    else this.#state.change("reconciled", "Program is ready");
  }

  #degrade(): void {
    if (this.state !== "running" && this.state !== "paused") return;
    this.#state.change("degraded_detected", "Heartbeat is late");
  }

  #recover(): void {
    if (this.#isPaused) {
      this.#state.change("pause_requested", "Heartbeat is back, still paused");
    } else this.#state.change("recovered", "Heartbeat is back");
  }

  #beginStop(reason: string, mode: StopReason): void {
    const shutdownMs = this.spec.shutdownMs ?? SHUTDOWN_MS;
    this.#clearTimer();
    this.#incarnation?.stop(mode);
    if (this.#incarnation !== null) {
      this.#setTimer(shutdownMs, () =>
        this.#stopped(
          `Terminated, as it did not stop within ${shutdownMs} ms: ${reason}`,
        ));
    }
    this.#state.change("stop_requested", reason);
    // Still loading what to start from, so there is nobody to wait for.
    if (this.state === "stopping" && this.#incarnation === null) {
      this.#stopped(reason);
    }
  }

  #endedByItself(): void {
    if (this.state === "stopping") this.#stopped(this.#state.cause);
    else if (this.spec.restart === "permanent") {
      this.#fail({ message: "Ended by itself", code: null });
    } else this.#stopped("Ended by itself");
  }

  #stopped(cause: string): void {
    this.#discard();
    this.#state.change("stopped", cause);
  }

  #fail(failure: Failure): void {
    const { message } = failure;
    if (this.state === "stopping") {
      return this.#stopped(`Failed while stopping: ${message}`);
    }
    const { clock } = this.#context;
    const nowMs = clock.monotonicMs();
    const healthyMs = nowMs - (this.#upSinceMs ?? nowMs);
    this.#discard();
    if (isUnrecoverable(failure.code) || this.spec.restart === "temporary") {
      return this.#state.change("budget_exhausted", message);
    }
    if (!this.#budget.tryUse(nowMs)) {
      const { size } = this.#budget;
      const cause = `${message} (all ${size} restarts are used up)`;
      return this.#state.change("budget_exhausted", cause);
    }
    const delayMs = this.#backoff.next(healthyMs);
    this.#setTimer(delayMs, () => this.#begin(`Restart after: ${message}`));
    this.#retryAt = clock.nowMs() + delayMs;
    this.#state.change("failed", message);
  }

  /** Ends the incarnation and everything that hangs on it. */
  #discard(): void {
    this.#clearTimer();
    this.#upSinceMs = null;
    this.#context.wiring.down(this.spec.id);
    this.#incarnation?.end();
    this.#incarnation = null;
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#clearTimer();
    this.#timer = this.#context.clock.after(delayMs, callback);
  }

  #clearTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#retryAt = null;
  }
}
