/**
 * A stop without the server's API: a file in the folder that the order desk
 * watches by itself.
 *
 * @module
 */
import type { StopView } from "../../../contracts/emergency.ts";
import {
  answerFile,
  EMERGENCY_FOLDER,
  requestFile,
} from "../../../contracts/emergency_desk.ts";
import { type CommandContext, textOption } from "../../command.ts";
import { CliError, EXIT } from "../../errors.ts";
import { haltRequest } from "./request.ts";

const POLL_MS = 100;

/** How much longer than the deadline of the levers an answer is waited for. */
const GRACE_MS = 3_000;

const DEFAULT_DEADLINE_MS = 10_000;

/**
 * Puts a request into the folder and waits for the desk's answer.
 *
 * @returns How the stop stands; null where no desk has answered: the request
 * stays, and holds when one starts.
 */
export async function haltLocally(
  context: CommandContext,
): Promise<StopView | null> {
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
  let last: StopView | null = null;
  while (io.now() < until && !io.interrupt.aborted) {
    // deno-lint-ignore no-await-in-loop -- the answer is looked for until it is there
    const text = await io.readFile(`${folder}/${answerFile(id)}`);
    if (text !== null) last = JSON.parse(text) as StopView;
    if (last?.isWorking === false) break;
    // deno-lint-ignore no-await-in-loop -- as above
    await io.sleep(POLL_MS);
  }
  return last;
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
