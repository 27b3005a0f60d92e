/**
 * A stop without the server's API: a file in the folder that every order desk
 * watches by itself. Each answers in a folder of its own.
 *
 * @module
 */
import type { StopView } from "../../../contracts/emergency.ts";
import {
  answerFile,
  EMERGENCY_FOLDER,
  requestFile,
  RUNNING_FILE,
} from "../../../contracts/emergency_desk.ts";
import { type CommandContext, textOption } from "../../command.ts";
import { CliError, EXIT } from "../../errors.ts";
import type { CliIo } from "../../io.ts";
import { haltRequest } from "./request.ts";

const POLL_MS = 100;

/** How much longer than the deadline of the levers an answer is waited for. */
const GRACE_MS = 3_000;

/** Its answers are in the folder itself. */
const PAPER_DESK = "paper";

const DEFAULT_DEADLINE_MS = 10_000;

/** What has become of a request. */
export interface LocalStop {
  /** The stop at all desks that have answered; null where none has. */
  stop: StopView | null;
  /** Desks that run and have not answered. */
  silent: readonly string[];
}

/**
 * Puts a request into the folder and waits for the answer of every desk that
 * runs. Where one is missing the request stays, and holds when that desk starts.
 */
export async function haltLocally(
  context: CommandContext,
): Promise<LocalStop> {
  const { io, values } = context;
  const request = await haltRequest(context, null);
  const dataDir = textOption(values, "data-dir") ??
    (io.env("DATA_DIR") || "./data");
  const folder = `${dataDir.replace(/\/+$/, "")}/${EMERGENCY_FOLDER}`;
  const id = io.uuid().replaceAll("-", "");
  await write(context, {
    folder,
    name: requestFile(id),
    text: `${JSON.stringify({ ...request, by: "the command line" })}\n`,
  });
  const until = io.now() + (request.deadlineMs ?? DEFAULT_DEADLINE_MS) +
    GRACE_MS;
  const answered = () => readAnswers(io, { folder, file: answerFile(id) });
  let answers = await answered();
  while (io.now() < until && !io.interrupt.aborted && !isOver(answers)) {
    // deno-lint-ignore no-await-in-loop -- the answers are looked for until they are there
    await io.sleep(POLL_MS);
    // deno-lint-ignore no-await-in-loop -- as above
    answers = await answered();
  }
  const stops = [...answers.values()].filter((stop) => stop !== null);
  return {
    stop: stops.length === 0 ? null : stops.reduce(mergeAnswers),
    silent: [...answers].flatMap(([desk, stop]) => stop === null ? desk : []),
  };
}

/** What each desk that runs says; null for one that has said nothing yet. */
async function readAnswers(
  io: CliIo,
  { folder, file }: { folder: string; file: string },
): Promise<Map<string, StopView | null>> {
  const answers = new Map<string, StopView | null>();
  const read = async (desk: string, path: string) => {
    const text = await io.readFile(`${path}/${file}`);
    answers.set(desk, text === null ? null : JSON.parse(text));
  };
  await read(PAPER_DESK, folder);
  for (const name of await io.listFolder(folder)) {
    // The desk of a venue has its folder in the one of all desks.
    const path = `${folder}/${name}`;
    // deno-lint-ignore no-await-in-loop -- a handful of desks
    const isRunning = (await io.listFolder(path)).includes(RUNNING_FILE);
    // deno-lint-ignore no-await-in-loop -- as above
    if (isRunning) await read(name, path);
  }
  return answers;
}

function isOver(answers: ReadonlyMap<string, StopView | null>): boolean {
  return [...answers.values()].every((stop) => stop?.isWorking === false);
}

function mergeAnswers(one: StopView, two: StopView): StopView {
  return {
    ...one,
    isWorking: one.isWorking || two.isWorking,
    progress: [...one.progress, ...two.progress],
    residue: [...one.residue, ...two.residue],
  };
}

async function write(
  { io }: CommandContext,
  { folder, name, text }: { folder: string; name: string; text: string },
): Promise<void> {
  try {
    await io.writePrivateFile(`${folder}/${name}`, text);
  } catch (error) {
    const { name: kind, message } = error as Error;
    throw new CliError(
      `Cannot write into "${folder}": ${message.split("\n")[0]}`,
      {
        exitCode: EXIT.failed,
        next: kind === "NotCapable"
          ? "This command may write to ./data and to DATA_DIR only: DATA_DIR=DIR deno task agent halt --local"
          : `Name the server's data folder with --data-dir or DATA_DIR; or make an empty file there: touch ${folder}/halt`,
      },
    );
  }
}
