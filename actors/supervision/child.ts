import type { ObservedState } from "../../lib/contracts/lifecycle.ts";
import type { Clock } from "../clock.ts";
import { SHUTDOWN_MS, START_MS } from "../limits.ts";
import type { StopReason } from "../program.ts";
import { ChildEvents } from "./child_events.ts";
import type { ChildContext, ChildSpec, ChildStatus } from "./child_spec.ts";
import { ChildState } from "./child_state.ts";
import type { Dependent } from "./dependencies.ts";
import { excessHeap } from "./heap_guard.ts";
import { PhaseTimer } from "./phase_timer.ts";
import { Readiness } from "./readiness.ts";
import { type Failure, RestartPolicy } from "./restart_policy.ts";
import { Steering } from "./steering.ts";
import { Succession, type SuccessionListener } from "./succession.ts";

/**
 * One supervised actor through all its incarnations: decides when to start, to
 * wait, to give up and to end.
 *
 * Whatever changes is changed before the lifecycle event is emitted, so that a
 * listener may call back into the supervisor at once.
 */
export class Child implements Dependent {
  readonly spec: ChildSpec;
  /** The owner's commands to the program. */
  readonly steering: Steering;
  readonly #clock: Clock;
  readonly #policy: RestartPolicy;
  readonly #events: ChildEvents;
  readonly #state: ChildState;
  readonly #succession: Succession;
  readonly #readiness: Readiness;
  readonly #timer: PhaseTimer;
  /** The incarnation that stops makes room for the next one. */
  #isRecycling = false;
  #stopReason = "";
  /** Stops and kills so far: a restart that waited gives way to one that came meanwhile. */
  #endings = 0;

  /** A child that takes the place of `predecessor` goes on from its state and epoch. */
  constructor(spec: ChildSpec, context: ChildContext, predecessor?: Child) {
    const { clock, random, wiring, dependencies } = context;
    this.spec = spec;
    this.#clock = clock;
    this.#timer = new PhaseTimer(clock);
    this.#policy = new RestartPolicy(spec, random);
    this.#events = new ChildEvents(spec.id, context.emit);
    this.#succession = new Succession({
      spec,
      clock,
      wiring,
      events: this.#events,
      listener: this.#createListener(),
      onEnded: context.onEnded,
      onCpu: context.onCpu,
      lastEpoch: Math.max((spec.firstEpoch ?? 1) - 1, predecessor?.epoch ?? 0),
    });
    this.#state = new ChildState({
      id: spec.id,
      initial: predecessor?.state ?? "stopped",
      facts: () => ({ ...this.#facts(), at: clock.nowMs() }),
      onChange: (change) =>
        dependencies.tell(change, () => this.#events.lifecycle(change)),
    });
    this.#readiness = new Readiness({
      spec,
      state: this.#state,
      dependencies,
      isPaused: () => this.steering.isPaused,
      isSuspect: () => this.#succession.isSuspect,
    });
    this.steering = new Steering({
      state: this.#state,
      succession: this.#succession,
      events: this.#events,
      isWaiting: () => this.#readiness.isWaiting,
      isEnding: () =>
        this.isDown || this.state === "stopping" && !this.#isRecycling,
      isPaused: spec.startPaused ?? false,
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

  get isUp(): boolean {
    return this.#state.isUp;
  }

  get status(): ChildStatus {
    return {
      id: this.spec.id,
      kind: this.spec.kind,
      state: this.#state.value,
      isPaused: this.steering.isPaused,
      cause: this.#readiness.waitsFor ?? this.#state.cause,
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

  /** Stops gracefully, by force after the deadline. Resolves when it is down; never rejects. */
  async stop(reason: string, mode: StopReason): Promise<void> {
    this.#endings++;
    this.#isRecycling = false;
    if (this.state === "stopped" || this.state === "killed") return;
    if (this.state === "stopping") this.#stopReason = reason;
    else this.#beginStop(reason, mode);
    if (!this.isDown) await this.#state.waitDown();
  }

  /** Ends a shutdown that takes too long for the owner. */
  cutShort(cause: string): void {
    if (this.state === "stopping") this.#endStop(cause);
  }

  /** Ends the actor at once and for good: only a new child of the same id runs again. */
  kill(reason: string): void {
    this.#endings++;
    this.#isRecycling = false;
    if (this.state !== "killed") this.#endAs("kill_requested", reason);
  }

  /** Ends the current incarnation gracefully and starts the next one under a full budget. A stop or kill that comes in between wins. */
  async restart(reason: string): Promise<void> {
    const isStopping = this.state === "stopping" && !this.#isRecycling;
    const endings = this.#endings;
    // An end that was meant to last is told as one before the new start.
    if (isStopping) await this.#state.waitDown();
    if (this.state === "killed" || this.#endings !== endings) {
      throw this.#state.refusal("restart");
    }
    if (this.#isIdle) return await this.start(reason);
    this.#policy.reset();
    // Of several restarts at once the first one starts.
    if (!isStopping && !this.#isRecycling) this.#recycle(reason);
    if (!this.isUp) await this.#state.waitUp();
  }

  dependencyLost(): void {
    this.#readiness.lost();
  }

  dependencyUp(): void {
    this.#readiness.goUp("Everything it depends on is up");
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
      retryAt: this.#timer.retryAt,
    };
  }

  #createListener(): SuccessionListener {
    return {
      isPaused: () => this.steering.isPaused,
      onLoaded: () => {
        if (this.state !== "starting") return; // A stop may have come first.
        const cause = this.#readiness.missing ?? "Code is loaded";
        this.#state.change("started", cause);
      },
      onReady: () => this.#ready(),
      onBeat: (heartbeat) => {
        this.#readiness.recover();
        this.#guardHeap(excessHeap(heartbeat, this.spec.softHeapBytes));
      },
      onSuspect: () => this.#readiness.suspect(),
      onEnded: () => this.#ended(),
      onFailure: (failure) => this.#fail(failure),
    };
  }

  #begin(
    cause: string,
    event: "start_requested" | "recycled" = "start_requested",
  ): void {
    const { startMs = START_MS } = this.spec;
    const message = `Start took longer than ${startMs} ms`;
    this.#timer.limit(startMs, () => this.#fail({ message, code: null }));
    this.#succession.begin();
    this.#state.change(event, cause);
  }

  #ready(): void {
    if (this.state !== "reconciling") return;
    // From here on it may wait for others, for as long as that takes.
    this.#timer.clear();
    this.#readiness.ready(this.#clock.monotonicMs());
    if (this.#succession.connect()) this.#readiness.goUp("Program is ready");
  }

  #guardHeap(cause: string | null): void {
    if (cause === null || !this.steering.takesCommands) return;
    const nowMs = this.#clock.monotonicMs();
    const decision = this.#policy.decideRecycle(cause, nowMs);
    if (decision.retry) this.#recycle(cause);
    else this.#endAs("budget_exhausted", decision.cause);
  }

  #recycle(reason: string): void {
    this.#isRecycling = true;
    this.#beginStop(reason, "recycle");
  }

  #beginStop(reason: string, mode: StopReason): void {
    const { shutdownMs = SHUTDOWN_MS } = this.spec;
    const incarnation = this.#succession.current;
    this.#stopReason = reason;
    this.#timer.clear();
    if (incarnation !== null) {
      incarnation.stop(mode);
      this.#timer.limit(shutdownMs, () => {
        this.#endStop(`Terminated after ${shutdownMs} ms: ${this.#stopReason}`);
      });
    }
    this.#state.change("stop_requested", reason);
    // Still loading what to start from, so there is nobody to wait for.
    if (incarnation === null) this.cutShort(reason);
  }

  #endStop(cause: string): void {
    if (!this.#isRecycling) return this.#endAs("stopped", cause);
    this.#isRecycling = false;
    this.#discard();
    this.#begin(cause, "recycled");
  }

  #ended(): void {
    if (this.state === "stopping") this.#endStop(this.#stopReason);
    else if (this.#policy.restartsAfterEnd) {
      this.#fail({ message: "Ended by itself", code: null });
    } else this.#endAs("stopped", "Ended by itself");
  }

  #fail(failure: Failure): void {
    const { message } = failure;
    if (this.state === "stopping") {
      return this.#endStop(`Failed while stopping: ${message}`);
    }
    const nowMs = this.#clock.monotonicMs();
    const healthyMs = nowMs - (this.#readiness.readySinceMs ?? nowMs);
    const decision = this.#policy.decide(failure, { nowMs, healthyMs });
    const { epoch } = this;
    if (decision.retry) {
      this.#discard();
      this.#timer.retry(
        decision.delayMs,
        () => this.#begin(`Restart after: ${message}`),
      );
      this.#state.change("failed", message);
    } else this.#endAs("budget_exhausted", decision.cause);
    if (decision.poison !== null) this.#events.poison(epoch, decision.poison);
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
    this.#timer.clear();
    this.#readiness.reset();
    this.#succession.discard();
  }
}
