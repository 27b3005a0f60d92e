import { assert } from "../../lib/core/assert.ts";
import { fromWireError, toWireError, type WireError } from "../errors.ts";
import { toBoundedText } from "../fingerprint.ts";
import {
  COMMAND_ANSWER_CHARS_MAX,
  COMMAND_ID_CHARS_MAX,
  COMMAND_IDS_MAX,
} from "../limits.ts";

/** How a command ended: with a value, with an error, or with a value too large to keep. */
export type CommandOutcome =
  | { type: "value"; value: unknown }
  | { type: "error"; error: WireError }
  | { type: "done" };

/** A command that was carried out, as it is kept in snapshots. */
export type CommandEntry = readonly [id: string, outcome: CommandOutcome];

/** The answer to a repetition of a command whose first answer was too large to keep. */
export interface CommandDone {
  done: true;
}

/** What an incarnation knows of a command that an earlier one did not finish. */
const UNKNOWN_OUTCOME: CommandOutcome = {
  type: "error",
  error: {
    code: "ACTOR_ENDED",
    message:
      "The actor ended while it carried out this command, outcome unknown",
    stack: null,
  },
};

/**
 * The commands that a program has carried out lately, so that one that is sent
 * again is answered as the first time and not carried out twice. Of one that is
 * under way when a snapshot is taken, the snapshot says that its outcome is
 * unknown: its effect may be in the state already.
 */
export class CommandMemory {
  /** Oldest first. */
  readonly #outcomes: Map<string, CommandOutcome>;
  readonly #underWay = new Map<string, Promise<unknown>>();
  #hasChanged = false;

  constructor(entries: readonly CommandEntry[] = []) {
    this.#outcomes = new Map(entries.slice(-COMMAND_IDS_MAX));
  }

  /** Whether a snapshot would carry something else than the last one. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** What a snapshot carries, oldest first. */
  tell(): CommandEntry[] {
    this.#hasChanged = false;
    const underWay = [...this.#underWay.keys()]
      .map((id): CommandEntry => [id, UNKNOWN_OUTCOME]);
    return [...this.#outcomes, ...underWay].slice(-COMMAND_IDS_MAX);
  }

  /** Runs a command once: the same id again gets the first answer, also while that is still awaited. */
  once(
    id: string,
    run: () => unknown | Promise<unknown>,
  ): Promise<unknown> {
    assert(
      id.length <= COMMAND_ID_CHARS_MAX,
      `A command id must have at most ${COMMAND_ID_CHARS_MAX} characters, was ${id.length}`,
    );
    const outcome = this.#outcomes.get(id);
    if (outcome !== undefined) return replay(outcome);
    const underWay = this.#underWay.get(id);
    if (underWay !== undefined) return underWay;
    return this.#begin(id, run);
  }

  #begin(id: string, run: () => unknown): Promise<unknown> {
    let value: unknown;
    try {
      value = run();
    } catch (error) {
      this.#fail(id, error);
      return Promise.reject(error);
    }
    if (!isThenable(value)) {
      // Remembered in the same turn, so that no snapshot has the effect without the id.
      this.#succeed(id, value);
      return Promise.resolve(value);
    }
    const running = Promise.resolve(value).then((answer) => {
      this.#succeed(id, answer);
      return answer;
    }, (error) => {
      this.#fail(id, error);
      throw error;
    }).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, running);
    this.#hasChanged = true;
    return running;
  }

  #succeed(id: string, value: unknown): void {
    if (!toBoundedText(value, COMMAND_ANSWER_CHARS_MAX).isWhole) {
      return this.#remember(id, { type: "done" });
    }
    try {
      // A copy: the program may go on changing what it answered with.
      this.#remember(id, { type: "value", value: structuredClone(value) });
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #fail(id: string, error: unknown): void {
    const { message, code } = toWireError(error);
    this.#remember(id, {
      type: "error",
      error: {
        message: message.slice(0, COMMAND_ANSWER_CHARS_MAX),
        stack: null,
        code,
      },
    });
  }

  #remember(id: string, outcome: CommandOutcome): void {
    this.#outcomes.set(id, outcome);
    this.#hasChanged = true;
    if (this.#outcomes.size <= COMMAND_IDS_MAX) return;
    const oldest = this.#outcomes.keys().next().value!;
    this.#outcomes.delete(oldest);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}

function replay(outcome: CommandOutcome): Promise<unknown> {
  switch (outcome.type) {
    case "value":
      return Promise.resolve(outcome.value);
    case "error":
      return Promise.reject(fromWireError(outcome.error));
    case "done":
      return Promise.resolve({ done: true } satisfies CommandDone);
  }
}
