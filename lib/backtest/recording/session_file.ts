/**
 * A recorded session as a file: lines of text, packed by gzip in blocks. First
 * what it is, then one line a turn, last how many turns there were with the
 * hash over all of them. A file without its last line was cut off, as by a crash.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { constants, createGunzip, gzipSync } from "node:zlib";
import type { RecordedTurn } from "../../../actors/recorded_behavior.ts";
import { decisionTexts } from "../../../agents/recording/decision_texts.ts";
import { AppError } from "../../core/errors.ts";
import { BLOCK_CHARS, LINE_CHARS_MAX } from "./limits.ts";
import {
  footerLine,
  headLine,
  SESSION_FORMAT,
  SESSION_VERSION,
  type SessionFooter,
  SessionTotals,
} from "./session_lines.ts";
import { fromValueText, toValueText } from "../../core/value_text.ts";

export type { SessionFooter } from "./session_lines.ts";

/** Writes a session turn by turn. Nothing of it stays in memory but the current block. */
export class SessionWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #totals = new SessionTotals();
  #block: string;

  /** `write` gets packed bytes and must take all of them before it returns. */
  constructor(behavior: string, write: (bytes: Uint8Array) => void) {
    this.#write = write;
    this.#block = headLine(behavior, null);
  }

  /** Writes one turn. */
  turn(turn: RecordedTurn): void {
    const lines = `${toValueText(turn)}\n`;
    const decisions = decisionTexts(turn.outputs);
    this.#totals.add({ lines, turns: 1, decisions });
    this.#block += lines;
    if (this.#block.length >= BLOCK_CHARS) this.#flush();
  }

  /** Ends the file. */
  finish(): SessionFooter {
    const footer = this.#totals.end(null);
    this.#block += footerLine(footer);
    this.#flush();
    return footer;
  }

  #flush(): void {
    this.#write(gzipSync(this.#block));
    this.#block = "";
  }
}

/** What {@link readSession} gives, in order: the head, every turn, and the end or where the file is cut off. */
export type SessionPart =
  | { type: "head"; behavior: string }
  | { type: "turn"; turn: RecordedTurn }
  | { type: "end"; footer: SessionFooter }
  | { type: "cut" };

/**
 * Reads a session part by part. Of a file without its end, as a crash leaves
 * it, all whole lines are given.
 *
 * @throws {AppError} RECORDING_INVALID if the file is no recording, damaged, or has no turn.
 */
export async function* readSession(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<SessionPart> {
  const hash = createHash("sha256");
  let number = 0;
  let footer: SessionFooter | null = null;
  for await (const line of readLines(bytes, name)) {
    number++;
    if (footer !== null) throw damaged(name, number, "text follows the end");
    if (number === 1) {
      yield { type: "head", behavior: readHead(line, name) };
      continue;
    }
    const value = readValue(line, { name, number });
    if (isEnd(value)) {
      footer = value.end;
      continue;
    }
    hash.update(line);
    yield { type: "turn", turn: value as RecordedTurn };
  }
  if (footer === null) {
    if (number >= 2) return yield { type: "cut" };
    throw invalid(
      number === 0
        ? `${name} is empty; name a file that a recording was written to`
        : `${name} ends before the first turn: there is nothing to replay; record the session again`,
    );
  }
  if (footer.turnsHash !== hash.digest("hex")) {
    throw invalid(
      `${name} was changed after it was written: the hash over its turns is another one`,
    );
  }
  yield { type: "end", footer };
}

async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<string> {
  // A block that is cut off gives what it has; a damaged one still fails.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const fed = feed(bytes, gunzip);
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of gunzip) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(
        "\n",
      );
      rest = lines.pop()!;
      if (rest.length > LINE_CHARS_MAX) throw new RangeError("line too long");
      yield* lines;
    }
    await fed;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalid(
      `${name} cannot be unpacked: it is no recording or damaged`,
      error,
    );
  }
  // Without its line break the last line is not whole.
}

async function feed(
  bytes: AsyncIterable<Uint8Array>,
  gunzip: ReturnType<typeof createGunzip>,
): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(chunk)) {
        // deno-lint-ignore no-await-in-loop -- the next chunk waits for room
        await new Promise((resolve) => gunzip.once("drain", resolve));
      }
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error as Error);
  }
}

function readHead(line: string, name: string): string {
  const head = readValue(line, { name, number: 1 }) as {
    format?: unknown;
    v?: unknown;
    behavior?: unknown;
  };
  if (head.format !== SESSION_FORMAT || typeof head.behavior !== "string") {
    throw invalid(`${name} is no recorded session: its first line is another`);
  }
  if (head.v !== SESSION_VERSION) {
    throw invalid(
      `${name} has version ${head.v}, this build reads ${SESSION_VERSION}; use the build that recorded it`,
    );
  }
  return head.behavior;
}

function readValue(
  line: string,
  { name, number }: { name: string; number: number },
): unknown {
  try {
    const value = fromValueText(line);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // What is wrong with the text helps nobody; the sentence says where it is.
  }
  throw damaged(name, number, "it cannot be read");
}

function isEnd(value: unknown): value is { end: SessionFooter } {
  return typeof value === "object" && value !== null && "end" in value;
}

function damaged(name: string, line: number, what: string): AppError {
  return invalid(`${name}, line ${line}: ${what}; copy the file again`);
}

function invalid(detail: string, cause?: unknown): AppError {
  return new AppError("RECORDING_INVALID", detail, { status: 422, cause });
}
