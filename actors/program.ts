/**
 * What an actor is made of, whichever host runs it. A *program* may do I/O
 * (feeds and desks do); a *behaviour* (behavior.ts) is pure and is adapted to a
 * program by the runtime.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** What the runtime offers a running program. */
export interface ActorRuntime {
  readonly actorId: string;
  /** Number of this incarnation; higher than that of every earlier one. */
  readonly epoch: number;
  /** Configuration as handed over by the owner; already validated there. */
  readonly config: unknown;
  /** What `snapshot()` of an earlier incarnation returned, or null on the first start. */
  readonly snapshot: unknown;
  readonly clock: Clock;
  /**
   * Queues a message on a link. Nothing is lost: without credit it waits in the
   * link's mailbox, and past the mailbox's limit the actor fails. `options` is
   * what to transfer, or the lane to wait on.
   *
   * @throws {Error} If no link of that name is open.
   */
  send(
    link: string,
    message: unknown,
    options?: Transferable[] | SendOptions,
  ): void;
  /** How many messages the far end of a link is ready to take now; 0 where no such link is open. */
  credits(link: string): number;
  /** Hands something to the owner in the main isolate (logs, metrics, projections). */
  report(report: unknown): void;
  /**
   * Ends the actor well, as if the owner had asked it to stop. A `permanent`
   * child is then started again, any other stays stopped. Always there when
   * the runtime is real; a test's stand-in may leave it out.
   */
  finish?(): void;
  /** Counts a message that was meant for a link that is not open (`dropped` in the heartbeat). */
  discard?(link: string): void;
}

/** How a message waits when the far end gives no credit. */
export interface SendOptions {
  /** Moved instead of copied. */
  transfer?: readonly Transferable[];
  /**
   * `events` (default): in order, nothing is lost, too many fail the actor.
   * `market`: only the latest message of each `key` waits. `logs`: the oldest
   * is dropped and counted.
   */
  lane?: "events" | "market" | "logs";
  /** What a market message is the latest of, for instance symbol and stream. */
  key?: string;
}

/** What the program answers with. Only `receive` is mandatory. */
export interface ActorHandlers {
  /**
   * Takes one message of a link. Credit goes back to the sender when this
   * returns or its promise resolves, and only then comes the next message.
   * Messages come while paused, too: pausing is a matter of what the program
   * does, and its state must stay current. Whatever is thrown is a crash.
   */
  receive(link: string, message: unknown): void | Promise<void>;
  /** A link was opened (or opened again after the far end restarted). `info` is what the owner said of it. */
  linkOpened?(link: string, info: unknown): void;
  linkClosed?(link: string): void;
  /** The far end of a link gave credit after there was none. */
  credited?(link: string): void;
  pause?(): void;
  resume?(): void;
  configure?(config: unknown): ConfigureEffect;
  /** State from which a later incarnation can go on; structured-cloneable. */
  snapshot?(): unknown;
  /** Whether the next snapshot would tell more than the last one did. Left out where that is not known. */
  hasChanged?(): boolean;
  /**
   * Answers a question from the owner. A thrown error becomes the asker's error
   * and does not crash the actor. Like `pause`, `resume` and `configure` it may
   * be called while an asynchronous `receive` awaits something, because a
   * question or an emergency must not queue behind I/O; `snapshot` and `stop`
   * are called between messages only.
   */
  ask?(query: unknown): unknown | Promise<unknown>;
  /**
   * Ends gracefully: flush and close. `reason` tells a drain (will start again)
   * from a stop. Links work until its promise resolves; then comes the last
   * `snapshot`. What was sent until then still arrives; what waits for credit
   * is dropped.
   */
  stop?(reason: StopReason): void | Promise<void>;
}

/** Why an actor ends: `stop` is meant to last, `drain` is a shutdown of the whole host, `recycle` is a restart. */
export type StopReason = "stop" | "drain" | "recycle";

/** Whether a new configuration holds from now on, or only after a restart. */
export type ConfigureEffect = "applied" | "needs_restart";

/** Code of an actor, started once per incarnation. */
export interface ActorProgram {
  start(runtime: ActorRuntime): ActorHandlers | Promise<ActorHandlers>;
}
