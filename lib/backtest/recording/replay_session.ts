import type { Behavior, BehaviorInstance } from "../../../actors/behavior.ts";
import type {
  RecordedInput,
  RecordedTurn,
} from "../../../actors/recorded_behavior.ts";
import { repeatInput } from "../../../actors/recorded_behavior.ts";
import { AppError } from "../../core/errors.ts";
import {
  decidedOutputs,
  decisionTexts,
} from "../../../agents/recording/decision_texts.ts";
import { chainDecisionsHash, EMPTY_DECISIONS_HASH } from "./decisions_hash.ts";
import { SHOWN_CHARS } from "./limits.ts";
import type { SessionFooter, SessionPart } from "./session_file.ts";
import { toValueText } from "../../core/value_text.ts";

/** What a replay of a recorded session came to. */
export interface ReplayVerdict {
  turns: number;
  decisions: number;
  /** As the recording says at its end, or as its turns come to where it has none; and as the replay decided. */
  recordedHash: string;
  decisionsHash: string;
  /** Every turn answered bit for bit what was recorded. */
  isEqual: boolean;
  /** Whether the recording has its end; one that a crash cut off does not. */
  isWhole: boolean;
  /** Why the recording ended before its agent did; null where it did not, or nobody knows. */
  endReason: string | null;
  /** The first turn that did not; null where all did. */
  difference: ReplayDifference | null;
}

/** Where a replay first differs from what was recorded. */
export interface ReplayDifference {
  /** Counted from 1, the start being the first. */
  turn: number;
  input: string;
  recorded: string;
  replayed: string;
}

/**
 * Gives the recorded inputs to a behaviour again and compares all that comes
 * out, as text of the same bits. It goes on after the first difference, so that
 * the hash of the decisions says how far the two are apart.
 *
 * @throws {AppError} RECORDING_INVALID if the file is damaged or of another behaviour.
 */
export async function replaySession(
  parts: AsyncIterable<SessionPart>,
  behaviorOf: (name: string) => Behavior | null,
): Promise<ReplayVerdict> {
  const run = new Replay(behaviorOf);
  for await (const part of parts) {
    if (part.type === "head") run.begin(part.behavior);
    else if (part.type === "turn") run.take(part.turn);
    else if (part.type === "end") return run.verdict(part.footer);
    else return run.verdict(null);
  }
  throw new AppError("RECORDING_INVALID", "The recording has no end", {
    status: 422,
  });
}

class Replay {
  readonly #behaviorOf: (name: string) => Behavior | null;
  #behavior: Behavior | null = null;
  #instance: BehaviorInstance<unknown, unknown> | null = null;
  #turns = 0;
  #decisions = 0;
  #hash = EMPTY_DECISIONS_HASH;
  #recordedHash = EMPTY_DECISIONS_HASH;
  #difference: ReplayDifference | null = null;
  #failure: string | null = null;

  constructor(behaviorOf: (name: string) => Behavior | null) {
    this.#behaviorOf = behaviorOf;
  }

  begin(name: string): void {
    this.#behavior = this.#behaviorOf(name);
    if (this.#behavior !== null) return;
    throw new AppError(
      "RECORDING_INVALID",
      `The recording is of "${name}", which this build does not have`,
      { status: 422 },
    );
  }

  take({ input, outputs }: RecordedTurn): void {
    this.#turns++;
    this.#recordedHash = chainDecisionsHash(
      this.#recordedHash,
      decisionTexts(outputs),
    );
    // It goes on reading: a damaged file is to be refused, not compared.
    if (this.#failure !== null) return;
    const repeated = this.#tryRepeat(input);
    if (repeated !== null) {
      const decisions = decisionTexts(repeated);
      this.#hash = chainDecisionsHash(this.#hash, decisions);
      this.#decisions += decisions.length;
    }
    if (this.#difference !== null) return;
    const recorded = toValueText(decidedOutputs(outputs));
    const replayed = repeated === null
      ? `failed: ${this.#failure}`
      : toValueText(decidedOutputs(repeated));
    if (recorded === replayed) return;
    this.#difference = {
      turn: this.#turns,
      input: shown(toValueText(input)),
      recorded: shown(recorded),
      replayed: shown(replayed),
    };
  }

  /** Null where the behaviour refuses an input that it once took: nothing after it can be repeated. */
  #tryRepeat(input: RecordedInput): RecordedTurn["outputs"] | null {
    try {
      return this.#repeat(input);
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.#failure = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  #repeat(input: RecordedInput): RecordedTurn["outputs"] {
    if (input.type !== "start" && this.#instance === null) {
      throw new AppError(
        "RECORDING_INVALID",
        "The recording does not begin with a start of the agent",
        { status: 422 },
      );
    }
    const repeated = repeatInput(this.#behavior!, this.#instance, input);
    this.#instance = repeated.instance;
    return repeated.outputs;
  }

  /** Null for a recording without its end. */
  verdict(footer: SessionFooter | null): ReplayVerdict {
    const recordedHash = footer?.decisionsHash ?? this.#recordedHash;
    return {
      turns: this.#turns,
      decisions: this.#decisions,
      recordedHash,
      decisionsHash: this.#hash,
      isEqual: this.#difference === null && this.#hash === recordedHash,
      isWhole: footer !== null,
      endReason: footer?.reason ?? null,
      difference: this.#difference,
    };
  }
}

function shown(text: string): string {
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}
