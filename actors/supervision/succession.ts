import type { Clock } from "../clock.ts";
import { overflowLane } from "../errors.ts";
import { COMMAND_MS, DEAD_MS } from "../limits.ts";
import type { Heartbeat } from "../protocol.ts";
import type { ChildEvents } from "./child_events.ts";
import type { ChildContext, ChildSpec } from "./child_spec.ts";
import { Incarnation, type IncarnationListener } from "./incarnation.ts";
import type { Failure } from "./restart_policy.ts";
import type { Wiring } from "./wiring.ts";

/** What the running incarnation makes known to its child. Nothing is told after `discard`. */
export interface SuccessionListener {
  /** Which side the program is meant to come up on. */
  isPaused(): boolean;
  onLoaded(): void;
  /** The program has started and is on the side it is meant to be on. */
  onReady(): void;
  onBeat(heartbeat: Heartbeat): void;
  onSuspect(): void;
  /** The program ended well, asked to or not. */
  onEnded(): void;
  onFailure(failure: Failure): void;
}

/** What a succession is made of. */
export interface SuccessionOptions {
  spec: ChildSpec;
  clock: Clock;
  wiring: Wiring;
  events: ChildEvents;
  listener: SuccessionListener;
  onEnded: ChildContext["onEnded"];
  onCpu: ChildContext["onCpu"];
  /** Epoch of the last incarnation that there was, 0 for none. */
  lastEpoch: number;
}

/** The incarnations of one child, one after the other, each under a higher epoch. */
export class Succession {
  readonly #options: SuccessionOptions;
  #epoch: number;
  #isLaunching = false;
  #current: Incarnation | null = null;
  #stoppedWell = false;
  /** The program has said its last word, well or not, so its thread ends. */
  #hasEnded = false;
  #isSuspect = false;
  #abandoned = 0;

  constructor(options: SuccessionOptions) {
    this.#options = options;
    this.#epoch = options.lastEpoch;
  }

  /** Epoch of the latest incarnation. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The incarnation that runs; null while there is none or its start is still being loaded. */
  get current(): Incarnation | null {
    return this.#current;
  }

  /** The running incarnation has been silent for too long. */
  get isSuspect(): boolean {
    return this.#isSuspect;
  }

  /** Incarnations terminated because they hung. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** Begins the next incarnation: loads what it starts from, makes its host, hands over. */
  begin(): void {
    this.#epoch++;
    this.#isLaunching = true;
    this.#stoppedWell = false;
    this.#hasEnded = false;
    this.#isSuspect = false;
    this.#options.events.begin();
    void this.#launch(this.#epoch);
  }

  /** Opens the links of the running incarnation; false if that failed, and the incarnation with it. */
  connect(): boolean {
    const { spec, wiring, listener } = this.#options;
    if (this.#current === null) return false;
    try {
      wiring.up(spec.id, this.#current);
      return true;
    } catch (error) {
      // What the owner says of a link may throw, or be of a kind that cannot be cloned.
      const message = `Cannot open links: ${messageOf(error)}`;
      listener.onFailure({ message, code: null });
      return false;
    }
  }

  /** Ends the running incarnation, or the start of the next, at once. */
  discard(): void {
    const { spec, wiring, onEnded } = this.#options;
    this.#isLaunching = false;
    wiring.down(spec.id, this.#stoppedWell);
    if (this.#current === null) return;
    this.#current.end();
    this.#current = null;
    onEnded(spec.id, { isAbandoned: !this.#hasEnded });
  }

  async #launch(epoch: number): Promise<void> {
    const { spec, clock, listener } = this.#options;
    const isCurrent = () => this.#isLaunching && this.#epoch === epoch;
    try {
      const { config, snapshot } = await spec.loadInit();
      if (!isCurrent()) return;
      const incarnation: Incarnation = new Incarnation({
        actorId: spec.id,
        epoch,
        clock,
        host: spec.createHost(),
        deadMs: spec.deadMs ?? DEAD_MS,
        listener: this.#createListener(epoch, () => incarnation),
      });
      // Making a host is the owner's code, which may have ended the start.
      if (!isCurrent()) return;
      this.#current = incarnation;
      incarnation.start({ config, snapshot, paused: listener.isPaused() });
    } catch (error) {
      if (!isCurrent()) return;
      const message = `Cannot start: ${messageOf(error)}`;
      listener.onFailure({ message, code: null });
    }
  }

  #createListener(
    epoch: number,
    incarnation: () => Incarnation,
  ): IncarnationListener {
    const { spec, clock, events, listener, onCpu } = this.#options;
    return {
      ...events.relay(epoch),
      onHello: () => listener.onLoaded(),
      onReady: (paused) => void this.#settle(incarnation(), paused),
      onHeartbeat: (heartbeat) => {
        this.#isSuspect = false;
        onCpu(spec.id, { epoch, cpuMs: heartbeat.cpuMs });
        events.heartbeat(epoch, heartbeat);
        listener.onBeat(heartbeat);
      },
      onStopped: () => {
        this.#stoppedWell = true;
        this.#hasEnded = true;
        listener.onEnded();
      },
      onCrash: (error, inHand) => {
        const { message, stack } = error;
        this.#hasEnded = true;
        events.crash({ message, stack, epoch, at: clock.nowMs() });
        const lane = overflowLane(error.code);
        if (lane !== null) events.overflow(lane);
        listener.onFailure({ ...error, inHand });
      },
      onSuspect: () => {
        this.#isSuspect = true;
        listener.onSuspect();
      },
      onDead: () => {
        this.#abandoned++;
        listener.onFailure({
          message: "No heartbeat, taken for dead",
          code: null,
        });
      },
    };
  }

  /** Brings a program that came up to the side it is meant to be on by now. */
  async #settle(incarnation: Incarnation, paused: boolean): Promise<void> {
    const { listener } = this.#options;
    try {
      if (paused !== listener.isPaused()) {
        const type = paused ? "resume" : "pause";
        await incarnation.command({ type }, { deadlineMs: COMMAND_MS });
        return await this.#settle(incarnation, !paused);
      }
    } catch {
      // It crashed, which is told on its own, or hangs, which the start deadline ends.
      return;
    }
    if (!incarnation.isEnded) listener.onReady();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
