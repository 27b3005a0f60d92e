import type {
  ConfigVersion,
  CurrentConfig,
} from "../../contracts/config_history.ts";
import { assignByPath, type Group } from "../../core/assign_path.ts";
import { type JsonChange, jsonDiff } from "../../core/json_diff.ts";
import { noSuchAction } from "../actions.ts";
import type { ApiClient } from "../api_client.ts";
import { type Command, type CommandContext, resolveAgent } from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { withFreshProof } from "./fresh_proof.ts";
import { formatTime, plain, writeJson, writeTable } from "../output.ts";

const ACTIONS = ["get", "set", "diff", "history", "restore"] as const;

/** `config`: what an agent is configured to, and what it was. */
export const configCommand: Command = {
  name: "config",
  usage:
    "get|history AGENT | set AGENT KEY=VALUE… | diff AGENT VERSION [VERSION] | restore AGENT VERSION",
  summary: "Read, change, compare and restore the configuration of an agent",
  details: [
    "get AGENT                  write the configuration as JSON",
    "set AGENT KEY=VALUE…       change settings by their paths",
    "set AGENT                  the same with a whole configuration from standard input",
    "history AGENT              list versions: who, when, what",
    "diff AGENT VERSION         compare a version with the one in force, or two of them",
    "restore AGENT VERSION      make an old version the one in force",
    "",
    "deno task agent config set scalper risk.riskPerTradePct=0.5",
    "deno task agent config get scalper > scalper.json",
    "deno task agent config set scalper < scalper.json",
  ],
  options: {},
  operands: { min: 0, max: Infinity, what: "agent" },
  run: async (context) => {
    const [action, agent, ...rest] = context.operands;
    if (!(ACTIONS as readonly string[]).includes(action!)) {
      throw noSuchAction("config", action, ACTIONS);
    }
    if (agent === undefined) {
      throw usageError(
        `"config ${action}" needs an agent: its id or its name`,
        "List the agents: deno task agent list",
      );
    }
    const client = await context.client();
    const { id } = await resolveAgent(client, agent);
    const about = { context, client, id, rest };
    switch (action as (typeof ACTIONS)[number]) {
      case "get":
        writeJson(context.io, (await client.config(id)).config);
        return EXIT.ok;
      case "set":
        return await set(about);
      case "history":
        return await history(about);
      case "diff":
        return await diff(about);
      case "restore":
        return await restore(about);
    }
  },
};

interface About {
  context: CommandContext;
  client: ApiClient;
  id: string;
  /** What follows the agent. */
  rest: readonly string[];
}

async function set(about: About): Promise<number> {
  const { context: { io }, client, id, rest } = about;
  const current = await client.config(id);
  if (rest.length > 0) {
    const config = structuredClone(current.config) as unknown as Group;
    for (const setting of rest) {
      const fault = assignByPath(config, setting, {
        example: "risk.riskPerTradePct=0.5",
      });
      if (fault !== null) throw usageError(fault.replace(/^--set /, ""));
    }
    return await change(about, current, config);
  }
  if (io.isInputTerminal) {
    throw usageError(
      '"config set" needs settings, or a configuration from standard input',
      "For instance: deno task agent config set scalper risk.riskPerTradePct=0.5",
    );
  }
  const text = await io.readInput();
  try {
    return await change(about, current, JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw usageError(`Standard input is not JSON: ${error.message}`);
  }
}

async function restore(about: About): Promise<number> {
  const { client, id, rest: [version] } = about;
  const current = await client.config(id);
  const { config } = versionOf(await client.configHistory(id), version);
  return await change(about, current, config);
}

/** Sends a change and shows what it came to. */
async function change(
  { context, client, id }: About,
  current: CurrentConfig,
  config: unknown,
): Promise<number> {
  const answer = await withFreshProof(
    context,
    () => client.changeConfig(id, { config, version: current.configVersion }),
  );
  if (context.isJson) {
    writeJson(context.io, answer);
    return EXIT.ok;
  }
  showChanges(context, jsonDiff(current.config, answer.config));
  const effect = answer.effect === "applied"
    ? "in force"
    : answer.effect === "needs_restart"
    ? "in force after a restart of the agent"
    : "stored; in force when the agent is up";
  context.io.stderr(`Version ${answer.configVersion} is ${effect}\n`);
  return EXIT.ok;
}

async function history(
  { context, client, id }: About,
): Promise<number> {
  const versions = await client.configHistory(id);
  if (context.isJson) {
    writeJson(context.io, versions);
    return EXIT.ok;
  }
  writeTable(context.io, versions, [
    {
      title: "VERSION",
      value: ({ configVersion }) => configVersion,
      isNumber: true,
    },
    {
      title: "WHEN (UTC)",
      value: ({ at }) => at === null ? null : formatTime(at),
    },
    { title: "WHO", value: ({ by }) => by?.name ?? null },
    { title: "VIA", value: ({ via }) => via },
    {
      title: "CHANGED",
      value: ({ changes }) =>
        changes.length === 0
          ? null
          : changes.map(({ pointer }) => pointer.slice(1)).join(", "),
    },
  ]);
  return EXIT.ok;
}

async function diff(
  { context, client, id, rest: [first, second] }: About,
): Promise<number> {
  const versions = await client.configHistory(id);
  const before = versionOf(versions, first).config;
  const after = second === undefined
    ? (await client.config(id)).config
    : versionOf(versions, second).config;
  const changes = jsonDiff(before, after);
  if (context.isJson) writeJson(context.io, changes);
  else if (changes.length === 0) context.io.stderr("They are the same\n");
  else showChanges(context, changes);
  return EXIT.ok;
}

function versionOf(
  versions: readonly ConfigVersion[],
  text: string | undefined,
): ConfigVersion {
  if (text === undefined) {
    throw usageError(
      "Name a version",
      "List them: deno task agent config history AGENT",
    );
  }
  const found = versions.find((one) => String(one.configVersion) === text);
  if (found !== undefined) return found;
  throw new CliError(`There is no version "${text}" of the configuration`, {
    exitCode: EXIT.notFound,
    next: "List them: deno task agent config history AGENT",
  });
}

function showChanges(
  { io }: CommandContext,
  changes: readonly JsonChange[],
): void {
  for (const { pointer, before, after } of changes) {
    const name = plain(pointer.slice(1).replaceAll("/", "."));
    io.stdout(
      `${name}\t${JSON.stringify(before)} → ${JSON.stringify(after)}\n`,
    );
  }
}
