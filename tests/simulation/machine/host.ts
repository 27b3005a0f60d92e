import {
  type ActorHost,
  type ActorProgram,
  createInlineHost,
  type HostListener,
} from "../../../actors/mod.ts";
import type { LinkPort } from "../../../actors/links.ts";
import type {
  ActorMessage,
  Heartbeat,
  OwnerMessage,
} from "../../../actors/protocol.ts";
import type { Boot } from "./boot.ts";
import { Channel } from "./channel.ts";
import { Isolate } from "./isolate.ts";
import { SimulatedPort } from "./port.ts";

/** What happens to the messages of one incarnation for a while. */
export interface Disturbance {
  /** Heartbeats that are not delivered. */
  heartbeatsDropped: number;
  acksDropped: number;
  acksRepeated: number;
  /** Reports that are delivered twice. */
  reportsRepeated: number;
}

/** What a simulated host is made of. */
export interface SimulatedHostOptions {
  boot: Boot;
  /** Id of the actor, as far as it is known before the first message. */
  id: string;
  /** Makes the program, which may use the isolate it runs in. */
  program(isolate: Isolate): ActorProgram;
  /** Delay of the next message of a channel of this actor. */
  delayMs(id: string): number;
  /** Told of each frame that an actor takes from a link. */
  onFrame(frame: LinkFrameTaken): void;
  /** The frame was taken. */
  onTaken(): void;
  /** Told of each heartbeat that arrives. */
  onHeartbeat(id: string, heartbeat: Heartbeat): void;
  /** May change or watch what passes, to plant a bug. */
  tamper: HostTamper | null;
}

/** A frame that an actor is about to take. */
export interface LinkFrameTaken {
  to: Isolate;
  link: string;
  peerId: string;
  peerEpoch: number;
  frame: unknown;
}

/** A planted bug: sees every message of a host, and may answer with others. */
export interface HostTamper {
  toActor?(message: OwnerMessage, host: SimulatedHost): OwnerMessage[];
  toOwner?(message: ActorMessage, host: SimulatedHost): ActorMessage[];
}

/** A worker of the simulation: the real program in an isolate of its own, behind channels that delay. */
export class SimulatedHost implements ActorHost {
  readonly ports = "memory";
  readonly isolate: Isolate;
  readonly disturbance: Disturbance = {
    heartbeatsDropped: 0,
    acksDropped: 0,
    acksRepeated: 0,
    reportsRepeated: 0,
  };
  /** When it hangs and is terminated, its thread burns on: what waits on its links is still taken. */
  isZombie = false;
  readonly #options: SimulatedHostOptions;
  readonly #inner: ActorHost;
  readonly #toActor: Channel<OwnerMessage>;
  readonly #toOwner: Channel<ActorMessage>;
  #listener: HostListener | null = null;
  /** Reports delivered twice, which the owner gives credit for twice. */
  #creditTooMuch = 0;

  constructor(options: SimulatedHostOptions) {
    const { boot, id } = options;
    this.#options = options;
    this.isolate = new Isolate({
      boot,
      id,
      onUncaught: (error) => this.crash(String(error)),
    });
    this.#inner = createInlineHost({
      program: options.program(this.isolate),
      clock: this.isolate.clock,
    });
    const delayMs = () => options.delayMs(this.isolate.id);
    this.#toActor = new Channel({
      boot,
      delayMs,
      deliver: (message) => this.#take(message),
    });
    this.#toOwner = new Channel({
      boot,
      delayMs,
      deliver: (message) => this.#deliver(message),
    });
  }

  start(listener: HostListener): void {
    this.#listener = listener;
    this.#inner.start({
      onMessage: (message) => this.send(message as ActorMessage),
      onFailure: (failure) => listener.onFailure(failure),
    });
  }

  post(message: OwnerMessage): void {
    if (message.type === "init") {
      this.isolate.id = message.actorId;
      this.isolate.epoch = message.epoch;
    }
    const { tamper } = this.#options;
    const messages = tamper?.toActor?.(message, this) ?? [message];
    for (const passed of messages) this.#toActor.send(this.#prepare(passed));
  }

  terminate(): void {
    this.#listener = null;
    if (this.isZombie && this.isolate.isHung) return;
    this.#end();
  }

  /** The actor fails: the last thing that its owner hears of it. */
  crash(message: string): void {
    if (this.isolate.isDead) return;
    const error = { message, stack: null, code: null };
    this.#toOwner.send({ type: "crash", error, inHand: null });
    this.#end();
  }

  /** The isolate closes without a word. */
  vanish(): void {
    this.#end();
  }

  /** Sends a message to the owner as if the actor had. */
  send(message: ActorMessage): void {
    if (this.isolate.isDead) return;
    const { tamper } = this.#options;
    const messages = tamper?.toOwner?.(message, this) ?? [message];
    for (const passed of messages) {
      for (let times = this.#timesOf(passed); times > 0; times--) {
        this.#toOwner.send(passed);
      }
    }
  }

  #end(): void {
    this.isolate.die();
    this.#inner.terminate();
  }

  #take(message: OwnerMessage): void {
    this.isolate.enter(`takes ${message.type}`, () => {
      this.#inner.post(message);
    });
  }

  #deliver(message: ActorMessage): void {
    const { boot, id } = this.isolate;
    if (this.#listener === null) return;
    boot.main.enter(`${id} tells ${message.type}`, () => {
      if (message.type === "heartbeat") {
        this.#options.onHeartbeat(id, message.heartbeat);
      }
      this.#listener?.onMessage(message);
    });
  }

  /** How often a message is delivered. */
  #timesOf(message: ActorMessage): number {
    const { disturbance } = this;
    if (message.type === "heartbeat" && disturbance.heartbeatsDropped > 0) {
      disturbance.heartbeatsDropped--;
      return 0;
    }
    if (message.type === "ack" && disturbance.acksDropped > 0) {
      disturbance.acksDropped--;
      return 0;
    }
    if (message.type === "ack" && disturbance.acksRepeated > 0) {
      disturbance.acksRepeated--;
      return 2;
    }
    if (message.type === "report" && disturbance.reportsRepeated > 0) {
      disturbance.reportsRepeated--;
      this.#creditTooMuch++;
      return 2;
    }
    return 1;
  }

  /** Copies a message at the moment it is sent, as between isolates, and puts delays on its link. */
  #prepare(message: OwnerMessage): OwnerMessage {
    if (message.type === "report_credit") {
      const excess = Math.min(this.#creditTooMuch, message.count - 1);
      this.#creditTooMuch -= excess;
      return { ...message, count: message.count - excess };
    }
    // What it starts from was read for it alone, and is large.
    if (message.type === "init") return message;
    if (message.type !== "link_open") return structuredClone(message);
    const { link } = message;
    // A planted bug may lie to the actor about the epoch, never to the oracle.
    const { peerId, peerEpoch, trueEpoch = peerEpoch } = message.info as {
      peerId: string;
      peerEpoch: number;
      trueEpoch?: number;
    };
    const { isolate } = this;
    return {
      ...message,
      info: structuredClone(message.info),
      port: new SimulatedPort({
        isolate,
        inner: message.port as LinkPort,
        link,
        delayMs: () => this.#options.delayMs(isolate.id),
        onFrame: (frame) =>
          this.#options.onFrame({
            to: isolate,
            link,
            peerId,
            peerEpoch: trueEpoch,
            frame,
          }),
        onTaken: () => this.#options.onTaken(),
      }),
    };
  }
}
