import type { RecordingInfo } from "../../contracts/recording.ts";
import { type Command, type CommandContext, resolveAgent } from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { type Column, formatTime, writeJson, writeTable } from "../output.ts";

const COLUMNS: readonly Column<RecordingInfo>[] = [
  { title: "NAME", value: ({ name }) => name },
  { title: "RUN", value: ({ epoch }) => epoch, isNumber: true },
  {
    title: "STARTED (UTC)",
    value: ({ startedAt }) => startedAt === null ? null : formatTime(startedAt),
  },
  { title: "BYTES", value: ({ bytes }) => bytes, isNumber: true },
  {
    title: "END",
    value: ({ isWhole }) => isWhole ? "whole" : "under way or cut off",
  },
];

/** `recordings`: the recorded sessions of an agent, or the content of one. */
export const recordingsCommand: Command = {
  name: "recordings",
  usage: "AGENT [NAME > FILE]",
  summary: "List an agent's recorded sessions, or write one to a file",
  details: [
    "AGENT is an id or a unique name.",
    "NAME is one of the list; its content goes to standard output.",
    "",
    "deno task agent recordings scalper agt_…-3.session > scalper.session",
    "deno task replay scalper.session",
  ],
  options: {},
  operands: { min: 1, max: 2, what: "agent" },
  run: async (context) => {
    const [agent, name] = context.operands;
    const client = await context.client();
    const { id } = await resolveAgent(client, agent!);
    if (name !== undefined) {
      if (context.io.isTerminal) {
        throw usageError(
          "A recording is no text: write it to a file with > FILE",
        );
      }
      return await download(context, await client.recording(id, name));
    }
    const recordings = await client.recordings(id);
    if (context.isJson) writeJson(context.io, recordings);
    else if (recordings.length > 0) {
      writeTable(context.io, recordings, COLUMNS);
    } else {
      context.io.stderr(
        "There are no recordings yet. Set record=true in the agent's configuration and restart it\n",
      );
    }
    return EXIT.ok;
  },
};

async function download(
  { io }: CommandContext,
  content: ReadableStream<Uint8Array>,
): Promise<number> {
  try {
    for await (const bytes of content) io.stdoutBytes(bytes);
  } catch (error) {
    throw new CliError(
      `The download broke off: ${(error as Error).message}`,
      {
        exitCode: EXIT.unreachable,
        next: "Run the command again; what it has written is cut off",
      },
    );
  }
  return EXIT.ok;
}
