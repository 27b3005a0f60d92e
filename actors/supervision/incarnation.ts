import type { Clock } from "../clock.ts";
import type { ActorHost } from "../host.ts";
import { REPORT_CREDIT_BATCH } from "../limits.ts";
import type { Lane } from "../mailbox.ts";
import {
  type ActorMessage,
  type Command,
  type Heartbeat,
  type InitMessage,
  isActorMessage,
  type OwnerMessage,
  PROTOCOL_VERSION,
} from "../protocol.ts";
import type { InHand, WireError } from "../errors.ts";
import type { StopReason } from "../program.ts";
import { Commands, type SendCommandOptions } from "./commands.ts";
import { HeartbeatWatch } from "./heartbeat_watch.ts";

/**
 * Why a message reached nobody: it came from an incarnation that had ended; the
 * answer came after its deadline; it had no known shape; it was in hand at two
 * crashes of the actor that took it; it was meant for a link that is not open.
 */
export type DeadLetterReason =
  | "late_message"
  | "late_reply"
  | "unknown_message"
  | "poison"
  | "link_closed";

/** A message that reached nobody. */
export interface DeadLetterFacts {
  reason: DeadLetterReason;
  /** Link it travelled on, or null on the actor's own channel. */
  link: string | null;
  /** What it was, never its content. */
  detail: string;
}

/** What an incarnation tells the child it belongs to. Nothing is told after `end`, except dead letters. */
export interface IncarnationListener {
  onHello(): void;
  onReady(paused: boolean): void;
  onHeartbeat(heartbeat: Heartbeat): void;
  onReport(report: unknown): void;
  onSnapshot(snapshot: unknown): void;
  onStopped(): void;
  /** The program failed, with this link message in hand, if any. */
  onCrash(error: WireError, inHand: InHand | null): void;
  onSuspect(): void;
  onDead(): void;
  onRefused(lane: Lane): void;
  onDeadLetter(letter: DeadLetterFacts): void;
}

/** What an incarnation is made of. */
export interface IncarnationOptions {
  actorId: string;
  epoch: number;
  clock: Clock;
  host: ActorHost;
  /** Silence after which it counts as dead. */
  deadMs: number;
  listener: IncarnationListener;
}

/** What the program starts from. */
export type IncarnationInit = Pick<
  InitMessage,
  "config" | "snapshot" | "paused"
>;

/** One run of an actor, seen from the owner: its host, its commands, its signs of life. */
export class Incarnation {
  readonly epoch: number;
  readonly #actorId: string;
  readonly #clock: Clock;
  readonly #host: ActorHost;
  readonly #deadMs: number;
  readonly #listener: IncarnationListener;
  readonly #commands: Commands;
  #watch: HeartbeatWatch | null = null;
  #reports = 0;
  #isEnded = false;

  constructor(options: IncarnationOptions) {
    const { actorId, epoch, clock, host, deadMs, listener } = options;
    this.epoch = epoch;
    this.#actorId = actorId;
    this.#clock = clock;
    this.#host = host;
    this.#deadMs = deadMs;
    this.#listener = listener;
    this.#commands = new Commands({
      actorId,
      clock,
      post: (message) => host.post(message),
      onRefused: (lane) => listener.onRefused(lane),
    });
  }

  /** Which kind of port a link to this incarnation needs. */
  get ports(): ActorHost["ports"] {
    return this.#host.ports;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Commands that wait for the actor to take them. */
  get depth(): number {
    return this.#commands.depth;
  }

  /** Makes the isolate and hands the program what it starts from. */
  start(init: IncarnationInit): void {
    this.#host.start({
      onMessage: (message) => this.#onMessage(message),
      onFailure: (failure) => {
        if (!this.#isEnded) {
          this.#listener.onCrash({ ...failure, code: null }, null);
        }
      },
    });
    this.#host.post({
      type: "init",
      v: PROTOCOL_VERSION,
      actorId: this.#actorId,
      epoch: this.epoch,
      ...init,
    });
  }

  /** Sends a command; see {@link Commands.send} for what it throws. */
  command(command: Command, options: SendCommandOptions): Promise<unknown> {
    return this.#commands.send(command, options);
  }

  /** Asks the program to stop; the answer is `onStopped`. Skips the queue, as nothing can follow it. */
  stop(reason: StopReason): void {
    this.#host.post({ type: "stop", id: 0, reason });
  }

  /** Sends something that is not acknowledged. */
  post(message: OwnerMessage, transfer?: Transferable[]): void {
    this.#host.post(message, transfer);
  }

  /** Ends the incarnation at once. Open commands are rejected, later messages are dead letters. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#watch?.stop();
    this.#commands.end();
    this.#host.terminate();
  }

  #onMessage(message: unknown): void {
    if (!isActorMessage(message)) {
      this.#drop("unknown_message", describe(message));
    } else if (this.#isEnded) {
      this.#drop("late_message", message.type);
    } else {
      this.#watch?.seen();
      this.#dispatch(message);
    }
  }

  #dispatch(message: ActorMessage): void {
    const listener = this.#listener;
    const isEarly = this.#watch === null && message.type !== "hello" &&
      message.type !== "crash";
    if (isEarly || (this.#watch !== null && message.type === "hello")) {
      // Sent past the runtime: the sequence hello, ready is not for programs to change.
      return this.#drop("unknown_message", message.type);
    }
    switch (message.type) {
      case "hello":
        // From now on there are heartbeats; until now only the start's deadline counted.
        this.#watch = new HeartbeatWatch({
          clock: this.#clock,
          deadMs: this.#deadMs,
          onSuspect: () => listener.onSuspect(),
          onDead: () => listener.onDead(),
        });
        return listener.onHello();
      case "ready":
        return listener.onReady(message.paused);
      case "ack":
        if (!this.#commands.acknowledge(message)) {
          this.#drop("late_reply", `ack ${message.id}`);
        }
        return;
      case "heartbeat":
        this.#watch?.beat();
        return listener.onHeartbeat(message.heartbeat);
      case "report":
        listener.onReport(message.report);
        return this.#creditReport();
      case "snapshot":
        return listener.onSnapshot(message.snapshot);
      case "crash":
        return listener.onCrash(message.error, message.inHand ?? null);
      case "undelivered":
        return listener.onDeadLetter({
          reason: "link_closed",
          link: message.link,
          detail: "First message for this link while it is not open",
        });
      case "stopped":
        return listener.onStopped();
    }
  }

  /** Something on the actor's own channel reached nobody. */
  #drop(reason: DeadLetterReason, detail: string): void {
    this.#listener.onDeadLetter({ reason, link: null, detail });
  }

  #creditReport(): void {
    this.#reports++;
    if (this.#reports < REPORT_CREDIT_BATCH || this.#isEnded) return;
    this.#host.post({ type: "report_credit", count: this.#reports });
    this.#reports = 0;
  }
}

function describe(message: unknown): string {
  const type = (message as { type?: unknown } | null)?.type;
  return `Unknown message of type "${String(type ?? typeof message)}"`;
}
