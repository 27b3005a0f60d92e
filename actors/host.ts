import type { ActorMessage, OwnerMessage } from "./protocol.ts";

/** A failure that the host saw from outside, when the actor could not report it itself. */
export interface HostFailure {
  message: string;
  stack: string | null;
}

/** What a host tells its owner. Nothing is said of a silent exit: missing heartbeats show it. */
export interface HostListener {
  /** A message from the actor, as it came; the owner checks its shape. */
  onMessage(message: ActorMessage | unknown): void;
  /** The actor could not be loaded, or died without a report of its own. */
  onFailure(failure: HostFailure): void;
}

/** The place in which one incarnation of an actor runs. Each is used once. */
export interface ActorHost {
  /** Whether links to this actor need transferable ports or can stay in memory. */
  readonly ports: "message" | "memory";
  /** Makes the isolate and listens to it. The first message to post is `init`. */
  start(listener: HostListener): void;
  /** Sends a message; to a dead actor it vanishes without a sign. */
  post(message: OwnerMessage, transfer?: Transferable[]): void;
  /**
   * Ends the actor at once, whatever it is doing; no message of it is delivered
   * afterwards. The thread of a busy loop may burn on (denoland/deno PR 35657).
   */
  terminate(): void;
}
