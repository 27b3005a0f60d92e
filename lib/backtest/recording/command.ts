/**
 * `deno task replay`: runs a recorded session again and says whether it is the
 * same bit for bit.
 *
 * @module
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Behavior } from "../../../actors/behavior.ts";
import { AppError } from "../../core/errors.ts";
import { replaySession, type ReplayVerdict } from "./replay_session.ts";
import { readSession } from "./session_file.ts";

/** What the command needs of its surroundings. */
export interface ReplayContext {
  behaviorOf(name: string): Behavior | null;
  /** Folder that relative file names are meant from. */
  cwd: string;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** Exit codes of the command. */
export const REPLAY_EXIT = { equal: 0, differs: 1, usage: 2 } as const;

const USAGE = `Runs a recorded session again and compares every decision.

Usage: deno task replay FILE [--json]

  FILE      what deno task backtest --record FILE has written, or a recording of
            an agent: deno task agent recordings AGENT NAME > FILE
  --json    one line of JSON instead of sentences
  --help    this text

A recording that a crash has cut off is replayed as far as it goes.

Exit codes: 0 the same bit for bit, 1 something differs, 2 wrong usage or file.
`;

/** Runs the command and answers with its exit code. */
export async function runReplayCommand(
  args: readonly string[],
  context: ReplayContext,
): Promise<number> {
  const read = readArguments(args);
  if (typeof read === "string") {
    context.err(`${read}; see --help\n`);
    return REPLAY_EXIT.usage;
  }
  if (read.help) {
    context.out(USAGE);
    return REPLAY_EXIT.equal;
  }
  try {
    const verdict = await replayFile(resolve(context.cwd, read.file), {
      name: read.file,
      behaviorOf: context.behaviorOf,
    });
    context.out(
      read.json ? `${JSON.stringify(verdict)}\n` : toSentences(verdict),
    );
    return verdict.isEqual ? REPLAY_EXIT.equal : REPLAY_EXIT.differs;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.err(`${error.message}\n`);
    return REPLAY_EXIT.usage;
  }
}

/**
 * Replays the session in a file.
 *
 * @throws {AppError} RECORDING_INVALID if it is missing or damaged.
 */
export async function replayFile(
  path: string,
  options: { name: string; behaviorOf: ReplayContext["behaviorOf"] },
): Promise<ReplayVerdict> {
  const { name, behaviorOf } = options;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true });
  } catch (error) {
    throw new AppError(
      "RECORDING_INVALID",
      `${name} cannot be opened: check the name and its permissions`,
      { status: 404, cause: error },
    );
  }
  return await replaySession(readSession(file.readable, name), behaviorOf);
}

function readArguments(
  args: readonly string[],
): { file: string; json: boolean; help: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const help = values.help ?? false;
    if (!help && positionals.length !== 1) {
      return positionals.length === 0
        ? "The file is missing; name a recorded session"
        : `One file can be replayed at a time, not ${positionals.length}`;
    }
    return { file: positionals[0] ?? "", json: values.json ?? false, help };
  } catch (error) {
    return (error as Error).message.split(/\. |\n/)[0]!;
  }
}

function toSentences(verdict: ReplayVerdict): string {
  const lines = [
    headSentence(verdict),
    ...(verdict.endReason === null
      ? []
      : [`The recording ended before its agent: ${verdict.endReason}.`]),
    `Recorded decisions ${verdict.recordedHash}`,
    `Replayed decisions ${verdict.decisionsHash}`,
  ];
  const { difference } = verdict;
  if (difference !== null) {
    lines.push(
      `First difference at turn ${difference.turn}`,
      `  input     ${difference.input}`,
      `  recorded  ${difference.recorded}`,
      `  replayed  ${difference.replayed}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function headSentence(
  { isEqual, isWhole, turns, decisions }: ReplayVerdict,
): string {
  if (!isEqual) {
    return `Not the same: of ${turns} turns, one at least was answered otherwise.`;
  }
  return isWhole
    ? `The same bit for bit: ${turns} turns, ${decisions} decisions.`
    : `Cut off after turn ${turns}, as after a crash; the same bit for bit up to there: ${decisions} decisions.`;
}
