import type { AppError } from "../../lib/core/errors.ts";
import type { Clock, Timer } from "../clock.ts";
import { actorError, fromWireError, type WireError } from "../errors.ts";
import { CONTROL_RESERVE } from "../limits.ts";
import { type Lane, Mailbox } from "../mailbox.ts";
import type { Command, CommandMessage } from "../protocol.ts";

/** What the commands of one incarnation need. */
export interface CommandsOptions {
  actorId: string;
  clock: Clock;
  post(message: CommandMessage): void;
  /** A lane was full and a command refused. */
  onRefused(lane: Lane): void;
}

/** How one command is sent. */
export interface SendCommandOptions {
  deadlineMs: number;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: AppError): void;
  timer: Timer;
}

/** An acknowledgement, as the actor sends it. */
export type Acknowledgement =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: WireError };

/**
 * The owner's commands to one incarnation: bounded, urgent ones before
 * questions, each with a deadline and answered exactly once.
 */
export class Commands {
  readonly #options: CommandsOptions;
  readonly #mailbox = new Mailbox<CommandMessage>({
    controlReserve: CONTROL_RESERVE,
  });
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Commands that wait for the actor to take them. */
  get depth(): number {
    return this.#mailbox.depth;
  }

  /**
   * Sends a command and resolves with what it was acknowledged with.
   *
   * @throws {AppError} `MAILBOX_FULL` if nothing was sent; `ACTOR_TIMEOUT` or
   * `ACTOR_ENDED` if the outcome is unknown; the actor's own error otherwise.
   */
  send(command: Command, options: SendCommandOptions): Promise<unknown> {
    const { actorId, clock, onRefused } = this.#options;
    const id = ++this.#lastId;
    const lane = command.type === "ask" ? "events" : "control";
    const outcome = this.#mailbox.offer({ ...command, id }, { lane });
    if (outcome !== "queued") {
      onRefused(lane);
      return Promise.reject(
        actorError(
          "MAILBOX_FULL",
          `Cannot send "${command.type}" to actor "${actorId}": too many commands wait`,
        ),
      );
    }
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = clock.after(options.deadlineMs, () => {
        this.#pending.delete(id);
        reject(
          actorError(
            "ACTOR_TIMEOUT",
            `No answer to "${command.type}" from actor "${actorId}" within ${options.deadlineMs} ms, outcome unknown`,
          ),
        );
      });
      this.#pending.set(id, { resolve, reject, timer });
    });
    this.#pump();
    return answer;
  }

  /** Takes an acknowledgement; false if it came too late or was never asked for. */
  acknowledge(ack: Acknowledgement): boolean {
    if (this.#mailbox.inFlight > 0) this.#mailbox.credit(1);
    this.#pump();
    const pending = this.#pending.get(ack.id);
    if (pending === undefined) return false;
    this.#pending.delete(ack.id);
    pending.timer.cancel();
    if (ack.ok) pending.resolve(ack.value);
    else pending.reject(fromWireError(ack.error));
    return true;
  }

  /** The incarnation is over: whatever is open has an unknown outcome. */
  end(): void {
    for (const { reject, timer } of this.#pending.values()) {
      timer.cancel();
      reject(
        actorError(
          "ACTOR_ENDED",
          `Actor "${this.#options.actorId}" ended before it answered, outcome unknown`,
        ),
      );
    }
    this.#pending.clear();
  }

  #pump(): void {
    let next = this.#mailbox.take();
    while (next !== undefined) {
      // Nobody waits any more for what timed out in the queue, so it must not act.
      if (this.#pending.has(next.id)) this.#options.post(next);
      else this.#mailbox.credit(1);
      next = this.#mailbox.take();
    }
  }
}
