import type {
  AgentDetail,
  AgentView,
  ControlAction,
} from "../../contracts/agent.ts";
import type { ApiClient } from "../api_client.ts";
import {
  type Command,
  type CommandContext,
  type OptionSpecs,
  resolveAgent,
  textOption,
} from "../command.ts";
import { CliError, EXIT } from "../errors.ts";
import { plain, writeJson } from "../output.ts";
import { reportError } from "../report.ts";
import { withFreshProof } from "./fresh_proof.ts";
import { confirmDeletion } from "./confirm_deletion.ts";
import {
  controlMany,
  Findings,
  isMany,
  type ManyRequest,
} from "./control_many.ts";
import { STOP_TIMEOUT_S, stopTimeoutMs, waitForStop } from "./wait_for_stop.ts";

const REASON = {
  option: { reason: { type: "string" } } as OptionSpecs,
  help: "--reason TEXT    why; kept in the audit trail",
};

const ALL = {
  option: { all: { type: "boolean" } } as OptionSpecs,
  help: "--all            every agent that it makes sense for, in one request",
};

/** What one command did to one agent, for `--json`. */
interface Outcome {
  id: string;
  name: string;
  observed: string;
  /** What was asked for; absent for what is gone. */
  desired?: string;
}

/** Commands that store a wish and show the agent as it is now. */
export const controlCommands: readonly Command[] = [
  controlCommand("start", "Start stopped agents"),
  controlCommand("pause", "Pause agents: positions are managed, none opened"),
  controlCommand("resume", "Let paused agents open positions again"),
  controlCommand("restart", "Stop agents and start them again"),
];

/** `rearm`: by name only, for each has a limit of its own that was hit. */
export const rearmCommand: Command = {
  ...controlCommand(
    "rearm",
    "Let agents enter again after a limit was hit; of a risk manager: release what it latched",
  ),
  usage: "AGENT… [--reason TEXT]",
  details: [REASON.help, "", "AGENT is an id or a unique name."],
  options: { ...REASON.option },
  operands: { min: 1, max: Infinity, what: "agent" },
};

/** `stop`: stops, and waits until it has happened. */
export const stopCommand: Command = {
  name: "stop",
  usage:
    "AGENT…|--all [--reason TEXT] [--keep-positions] [--no-wait] [--timeout S]",
  summary: "Stop agents and wait until they have stopped",
  details: [
    ALL.help,
    REASON.help,
    "--keep-positions leave open positions with their protection; default: close them",
    "--no-wait        do not wait until the agent has stopped",
    `--timeout S      give up waiting after S seconds (${STOP_TIMEOUT_S}); the stop itself goes on`,
  ],
  options: {
    ...ALL.option,
    ...REASON.option,
    "keep-positions": { type: "boolean" },
    "no-wait": { type: "boolean" },
    timeout: { type: "string" },
  },
  operands: { min: 0, max: Infinity, what: "agent" },
  run: async (context) => {
    const timeoutMs = stopTimeoutMs(context);
    const positions = context.values["keep-positions"] ? "keep" : "close";
    const reason = reasonOf(context);
    const request = { action: "stop" as const, reason, positions };
    const client = await context.client();
    const settle = (asked: AgentView) =>
      context.values["no-wait"] === true
        ? Promise.resolve<Outcome>(asked)
        : untilStopped(context, { client, asked, timeoutMs });
    if (isMany(context)) return commandMany(context, { request, settle });
    return await forEachAgent(
      context,
      async (_, { id }) => settle(await client.control(id, request)),
    );
  },
};

async function untilStopped(
  context: CommandContext,
  { client, asked, timeoutMs }: {
    client: ApiClient;
    asked: AgentView;
    timeoutMs: number;
  },
): Promise<Outcome> {
  context.io.stderr(`Stopping ${plain(asked.name)}…\n`);
  return await waitForStop<AgentDetail>(context, {
    timeoutMs,
    read: () => client.agent(asked.id),
    // A killed agent has no process either, but it did not stop in order.
    isStopped: ({ observed }) =>
      observed === "stopped" || observed === "killed",
    stateOf: ({ observed }) => observed,
    show: "show",
  });
}

/** `delete`: stops for good and forgets. */
export const deleteCommand: Command = {
  name: "delete",
  usage: "AGENT… [--yes]",
  summary: "Stop agents for good and forget them; logs and trades stay",
  details: [
    "--yes            do not ask; only a terminal is asked",
    "--reason TEXT    accepted, but the server keeps only who deleted and when",
  ],
  options: { ...REASON.option, yes: { type: "boolean", short: "y" } },
  operands: { min: 1, max: Infinity, what: "agent" },
  run: (context) =>
    forEachAgent(context, async (client, agent) => {
      const { io } = context;
      const { id, name, mode } = await client.agent(agent.id);
      await confirmDeletion(context, { name, mode });
      await client.remove(id);
      if (reasonOf(context) !== "") {
        io.stderr("The reason is not kept for a deletion\n");
      }
      return { id, name, observed: "deleted" };
    }),
};

function controlCommand(action: ControlAction, summary: string): Command {
  return {
    name: action,
    usage: "AGENT…|--all [--reason TEXT]",
    summary,
    details: [
      ALL.help,
      REASON.help,
      "",
      "AGENT is an id or a unique name. The command asks for the change and shows the",
      "agent as it is now; deno task agent show AGENT tells when it has happened.",
    ],
    options: { ...ALL.option, ...REASON.option },
    operands: { min: 0, max: Infinity, what: "agent" },
    run: async (context) => {
      const request = { action, reason: reasonOf(context) };
      if (isMany(context)) {
        const settle = (asked: AgentView) => Promise.resolve(asked);
        return await commandMany(context, { request, settle });
      }
      return await forEachAgent(
        context,
        (client, { id }) =>
          withFreshProof(context, () => client.control(id, request)),
      );
    },
  };
}

/** Commands several agents at once, then settles each and shows it. */
async function commandMany(
  context: CommandContext,
  { request, settle }: {
    request: ManyRequest;
    settle: (asked: AgentView) => Promise<Outcome>;
  },
): Promise<number> {
  const findings = new Findings(context);
  const outcomes: Outcome[] = [];
  for (const asked of await controlMany(context, { request, findings })) {
    try {
      // deno-lint-ignore no-await-in-loop -- all of them have begun; they are told one after the other
      const outcome = await settle(asked);
      outcomes.push(outcome);
      if (!context.isJson) context.io.stdout(describe(outcome));
    } catch (error) {
      findings.add(asked.name, error);
    }
  }
  if (context.isJson) writeJson(context.io, outcomes.map(shortOf));
  else if (outcomes.length === 0 && findings.exitCode === EXIT.ok) {
    context.io.stderr(`There is no agent to ${request.action}\n`);
  }
  return findings.exitCode;
}

function shortOf({ id, name, observed, desired }: Outcome) {
  return { id, name, observed, desired };
}

/** Does the same to each agent; one failure does not keep the others from it. */
async function forEachAgent(
  context: CommandContext,
  act: (client: ApiClient, agent: { id: string }) => Promise<Outcome>,
): Promise<number> {
  const { io, operands } = context;
  const client = await context.client();
  const outcomes: Outcome[] = [];
  let exitCode: number = EXIT.ok;
  for (const operand of operands) {
    try {
      // deno-lint-ignore no-await-in-loop -- one agent after the other, so that the output says which
      const outcome = await act(client, await resolveAgent(client, operand));
      outcomes.push(outcome);
      if (!context.isJson) {
        io.stdout(describe(outcome));
      }
    } catch (error) {
      // A single agent needs no list of outcomes, and no server no second try.
      const isHopeless = error instanceof CliError &&
        error.exitCode === EXIT.unreachable;
      if (operands.length === 1 || isHopeless) throw error;
      io.stderr(`${plain(operand)}: `);
      const code = reportError(io, error);
      if (exitCode === EXIT.ok) exitCode = code;
    }
  }
  if (context.isJson) {
    const short = outcomes.map(shortOf);
    writeJson(io, operands.length === 1 ? short[0] : short);
  }
  return exitCode;
}

/** What is observed; and what is wanted, where that has not happened yet. */
function describe({ name, observed, desired }: Outcome): string {
  const wanted = desired === undefined || desired === observed
    ? ""
    : `\t${desired} is wanted`;
  return `${plain(name)}\t${observed}${wanted}\n`;
}

/** Why, as the person said it. */
export function reasonOf(context: CommandContext): string {
  return textOption(context.values, "reason") ?? "";
}
