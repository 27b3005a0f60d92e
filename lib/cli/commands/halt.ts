import {
  RELEASE_WORD,
  type StopResponse,
  type StopView,
} from "../../contracts/emergency.ts";
import { proofWaysOf } from "../../contracts/proof_ways.ts";
import type { ApiClient } from "../api_client.ts";
import {
  type Command,
  type CommandContext,
  requiredOption,
} from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { writeJson } from "../output.ts";
import { needsBrowser } from "./fresh_proof.ts";
import { haltLocally } from "./halt/local.ts";
import { HALT_OPTIONS, haltRequest } from "./halt/request.ts";
import {
  type NameOf,
  showDrill,
  showProgress,
  showStops,
  stopLine,
} from "./halt/show.ts";

const POLL_MS = 250;

/** How much longer than its deadline a stop is followed. */
const GRACE_MS = 3_000;

/** `halt`: the emergency stop. */
export const haltCommand: Command = {
  name: "halt",
  usage:
    "[--agent AGENT | --user EMAIL | --account ID | --all] [--lever LEVER] [--reason TEXT] [--drill | --local]",
  summary: "Emergency stop: let no new order in, and withdraw or close",
  details: [
    "--agent AGENT    one agent by id or name; default: everything",
    "--user EMAIL     all agents of a user",
    "--account ID     all agents of an exchange key, or of paper",
    "--lever LEVER    block: no new entry; cancel: and resting entries are withdrawn (default);",
    "                 flatten: and positions are closed at the market, agents are stopped",
    "--withdraw-all   with cancel: stops and targets, too; positions lose their protection",
    "--collar PCT     with flatten: close no further than this from the last price (5)",
    "--deadline S     what is not done after S seconds is residue (10)",
    "--reason TEXT    why; kept in the audit trail",
    "--drill          do nothing: show what would happen",
    "--local          without the server's API: ask the order desk by a file in the data folder",
    "--data-dir DIR   with --local: the server's data folder (DATA_DIR, or ./data)",
    "",
    "It holds, also over restarts, until somebody releases it: deno task agent release ID",
  ],
  options: {
    ...HALT_OPTIONS,
    drill: { type: "boolean" },
    local: { type: "boolean" },
    "data-dir": { type: "string" },
  },
  operands: { min: 0, max: 0, what: "agent" },
  run: (context) => {
    const { values } = context;
    if (values["local"] === true && values["drill"] === true) {
      throw usageError("A drill asks the server; leave out --local");
    }
    if (values["local"] === true) return runLocally(context);
    return values["drill"] === true ? runDrill(context) : runHalt(context);
  },
};

/** `halts`: what is in force. */
export const haltsCommand: Command = {
  name: "halts",
  usage: "",
  summary: "Emergency stops in force, and what they have left over",
  details: [],
  options: {},
  operands: { min: 0, max: 0, what: "stop" },
  run: async (context) => {
    const { io } = context;
    const client = await context.client();
    const state = await client.emergency();
    if (context.isJson) {
      writeJson(io, state);
      return EXIT.ok;
    }
    if (!state.isDeskUp) {
      io.stderr("The desk does not answer; this is what it said last\n");
    }
    if (state.fileProblem !== null) io.stderr(`${state.fileProblem}\n`);
    if (state.latches.length === 0) {
      io.stderr("No emergency stop is in force\n");
      return EXIT.ok;
    }
    showStops(io, state.latches);
    const residue = state.latches.flatMap((stop) => stop.residue);
    if (residue.length > 0) {
      io.stderr("Left over:\n");
      showProgress(io, residue, await namesOf(client));
    }
    return EXIT.ok;
  },
};

/** `release`: lets trading go on. */
export const releaseCommand: Command = {
  name: "release",
  usage: "ID --reason TEXT",
  summary: "Release an emergency stop, so that trading may go on",
  details: [
    "--reason TEXT    why trading may go on; kept in the audit trail",
    "",
    `It needs the role risk, the word ${RELEASE_WORD}, and a code of your second factor or, without`,
    "one, your password. Where somebody else has the role, too, it must not be the one",
    "who has stopped. In a pipe the first line is the word, the second one the proof.",
  ],
  options: { reason: { type: "string" } },
  operands: { min: 1, max: 1, what: "emergency stop" },
  run: async (context) => {
    const { io, operands } = context;
    const reason = requiredOption(
      context,
      "reason",
      '"the feed is right again"',
    );
    const lines = io.isInputTerminal
      ? [await io.readLine(`Type ${RELEASE_WORD}: `)]
      : (await io.readInput()).split("\n").map((line) =>
        line.replace(/\r$/, "")
      );
    if (lines[0]?.trim() !== RELEASE_WORD) {
      throw usageError(`Nothing is released: the word is ${RELEASE_WORD}`);
    }
    const client = await context.client();
    const state = await client.releaseStop(operands[0]!, {
      reason,
      confirm: RELEASE_WORD,
      ...await readProof(context, { client, line: lines[1] }),
    });
    if (context.isJson) writeJson(io, state);
    else io.stdout(`${operands[0]}\treleased\n`);
    return EXIT.ok;
  },
};

/** The second factor of who has one, unless the session proved it a moment ago; else the password. */
async function readProof(
  { io }: CommandContext,
  { client, line }: { client: ApiClient; line: string | undefined },
): Promise<{ password: string; code: string }> {
  const factor = await client.secondFactor();
  const { typed } = proofWaysOf(factor);
  const isFresh = factor.freshUntil !== null;
  if (typed === null) {
    if (!isFresh) throw needsBrowser();
    return { password: "", code: "" };
  }
  if (typed === "code") {
    const code = line ??
      (!isFresh && io.isInputTerminal
        ? await io.readLine("Code of your second factor: ")
        : "");
    return { password: "", code: code.trim() };
  }
  const password = line ??
    (io.isInputTerminal ? await io.readSecret("Password: ") : "");
  return { password, code: "" };
}

async function runDrill(context: CommandContext): Promise<number> {
  const client = await context.client();
  const drill = await client.drill(await haltRequest(context, client));
  if (context.isJson) writeJson(context.io, drill);
  else showDrill(context.io, drill);
  return EXIT.ok;
}

async function runHalt(context: CommandContext): Promise<number> {
  const client = await context.client();
  let answer: StopResponse;
  try {
    answer = await client.halt(await haltRequest(context, client));
  } catch (error) {
    throw withLocalHint(error);
  }
  if (!answer.isLatched) context.io.stderr(`${answer.detail}\n`);
  const stop = answer.isLatched
    ? await follow(context, { client, stop: answer.stop })
    : answer.stop;
  return await report(context, {
    stop,
    nameOf: await namesOf(client).catch(() => (id: string) => id),
    isLatched: answer.isLatched,
  });
}

async function runLocally(context: CommandContext): Promise<number> {
  const { stop, silent } = await haltLocally(context);
  if (stop === null) {
    throw new CliError(
      "No desk has answered; the request stays in the folder, and holds when a server with this data folder starts",
      {
        exitCode: EXIT.unreachable,
        next: "Check that the data folder is the server's: --data-dir DIR",
      },
    );
  }
  if (silent.length > 0) {
    context.io.stderr(
      `The desk of ${
        silent.join(", ")
      } has not answered; the request stays in its folder, and holds when it looks there again\n`,
    );
  }
  const isLatched = silent.length === 0;
  return await report(context, { stop, nameOf: (id) => id, isLatched });
}

/** Asks how a stop stands until its levers have ended. */
async function follow(
  { io }: CommandContext,
  { client, stop }: { client: ApiClient; stop: StopView },
): Promise<StopView> {
  const until = io.now() + stop.deadlineMs + GRACE_MS;
  let last = stop;
  while (last.isWorking && io.now() < until && !io.interrupt.aborted) {
    // deno-lint-ignore no-await-in-loop -- asked until it has ended
    await io.sleep(POLL_MS);
    // deno-lint-ignore no-await-in-loop -- as above
    const { latches } = await client.emergency();
    last = latches.find(({ id }) => id === stop.id) ?? last;
  }
  return last;
}

function report(
  context: CommandContext,
  { stop, nameOf, isLatched }: {
    stop: StopView;
    nameOf: NameOf;
    isLatched: boolean;
  },
): number {
  const { io } = context;
  if (context.isJson) writeJson(io, stop);
  else {
    io.stdout(stopLine(stop));
    if (stop.progress.length > 0) showProgress(io, stop.progress, nameOf);
  }
  const isDone = isLatched && !stop.isWorking && stop.residue.length === 0;
  return isDone ? EXIT.ok : EXIT.failed;
}

/** Whatever keeps the server from taking a stop, the desk may be asked without it. */
function withLocalHint(error: unknown): unknown {
  if (!(error instanceof CliError)) return error;
  const isServers = error.exitCode === EXIT.unreachable ||
    (error.problem?.status ?? 0) >= 500;
  return isServers
    ? new CliError(error.message, {
      exitCode: error.exitCode,
      next:
        "On the server's machine, ask the desk itself: deno task agent halt --local",
      ...(error.problem === null ? {} : { problem: error.problem }),
    })
    : error;
}

async function namesOf(client: ApiClient): Promise<NameOf> {
  const agents = await client.listAgents({});
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}
