import type { RecordedTurn } from "../../actors/recorded_behavior.ts";
import type {
  RecordingEnd,
  RecordingReport,
} from "../../lib/contracts/recording.ts";
import { toValueText } from "../../lib/core/value_text.ts";
import { decisionTexts } from "./decision_texts.ts";
import { REASON_CHARS, RECORDING_LIMITS } from "./limits.ts";

/** Limits of a recorder; see {@link RECORDING_LIMITS}. */
export type RecorderLimits = {
  readonly [Name in keyof typeof RECORDING_LIMITS]: number;
};

/** What a recorder is made of. */
export interface RecorderOptions {
  /** Name of the behaviour. */
  behavior: string;
  report(report: RecordingReport): void;
  limits?: RecorderLimits;
}

/**
 * Writes turns down as text at once and hands them to the owner in blocks. A
 * turn that cannot be written, or is one too many, ends the recording, never
 * the agent.
 */
export class SessionRecorder {
  readonly #behavior: string;
  readonly #report: RecorderOptions["report"];
  readonly #limits: RecorderLimits;
  #lines: string[] = [];
  #decisions: string[] = [];
  /** Characters of the current block and of all. */
  #blockChars = 0;
  #chars = 0;
  #blocks = 0;
  #isEnded = false;

  constructor({ behavior, report, limits }: RecorderOptions) {
    this.#behavior = behavior;
    this.#report = report;
    this.#limits = limits ?? RECORDING_LIMITS;
  }

  /** Takes one turn; nothing after the end. */
  take(turn: RecordedTurn): void {
    if (this.#isEnded) return;
    let line: string;
    try {
      line = `${toValueText(turn)}\n`;
    } catch (error) {
      return this.#end({
        reason: `A turn cannot be written: ${error}`.slice(0, REASON_CHARS),
      });
    }
    const { sessionChars } = this.#limits;
    if (this.#chars + line.length > sessionChars) {
      return this.#end({
        reason:
          `The recording of one run is full at ${sessionChars} characters`,
      });
    }
    this.#lines.push(line);
    this.#decisions.push(...decisionTexts(turn.outputs));
    this.#chars += line.length;
    this.#blockChars += line.length;
    // The start opens the file at once, so that it is seen that there is one.
    if (turn.input.type === "start" || this.#isBlockDue()) this.flush();
  }

  /** Sends what is gathered, for instance before the actor crashes. */
  flush(): void {
    if (!this.#isEnded && this.#lines.length > 0) this.#send(null);
  }

  /** Ends the recording: the actor has stopped. */
  finish(): void {
    if (!this.#isEnded) this.#end({ reason: null });
  }

  #isBlockDue(): boolean {
    const { blockChars, blockTurns, smallBlocks } = this.#limits;
    return this.#blockChars >= blockChars ||
      this.#blocks < smallBlocks && this.#lines.length >= blockTurns;
  }

  #end(end: RecordingEnd): void {
    this.#send(end);
    this.#isEnded = true;
  }

  #send(end: RecordingEnd | null): void {
    this.#report({
      kind: "recording",
      behavior: this.#behavior,
      isFirst: this.#blocks === 0,
      lines: this.#lines.join(""),
      turns: this.#lines.length,
      decisions: this.#decisions,
      end,
    });
    this.#blocks++;
    this.#lines = [];
    this.#decisions = [];
    this.#blockChars = 0;
  }
}
