import {
  TEAM_ACTIONS,
  type TeamAction,
  type TeamView,
} from "../../contracts/team.ts";
import { suggest } from "../../core/nearest.ts";
import { noSuchAction } from "../actions.ts";
import type { ApiClient } from "../api_client.ts";
import type { Command, CommandContext } from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { plain, writeJson, writeTable } from "../output.ts";
import { confirmDeletion } from "./confirm_deletion.ts";
import { reasonOf } from "./control.ts";
import { withFreshProof } from "./fresh_proof.ts";
import {
  spawnTeam,
  TEAM_SPAWN_HELP,
  TEAM_SPAWN_OPTIONS,
} from "./team_spawn.ts";
import { STOP_TIMEOUT_S, stopTimeoutMs, waitForStop } from "./wait_for_stop.ts";

const WORDS = [
  "templates",
  "spawn",
  "list",
  "show",
  ...TEAM_ACTIONS,
  "delete",
] as const;

/** `team`: agents that are spawned, commanded and deleted as one. */
export const teamCommand: Command = {
  name: "team",
  usage:
    "[list | templates | spawn --template NAME --name N | show TEAM | start, stop, pause, resume or delete TEAM]",
  summary: "Spawn, list and control teams of agents, each as one",
  details: [
    "list              every team; the same without a word",
    "templates         ready-made teams",
    "show TEAM         its agents and their states",
    "start TEAM        start those of its agents that rest",
    "stop TEAM         stop all of it and wait until it has stopped",
    "pause, resume     as for one agent",
    "delete TEAM       stop all of it for good and forget it; logs and trades stay",
    "",
    "TEAM is an id or a name.",
    "--reason TEXT     why; kept in the audit trail",
    "--keep-positions  with stop: leave open positions with their protection",
    "--no-wait         with stop: do not wait until it has stopped",
    `--timeout S       with stop: give up waiting after S seconds (${STOP_TIMEOUT_S})`,
    "--yes             with delete: do not ask; only a terminal is asked",
    "",
    "team spawn, all agents or none:",
    ...TEAM_SPAWN_HELP,
  ],
  options: {
    ...TEAM_SPAWN_OPTIONS,
    reason: { type: "string" },
    "keep-positions": { type: "boolean" },
    "no-wait": { type: "boolean" },
    timeout: { type: "string" },
    yes: { type: "boolean", short: "y" },
  },
  operands: { min: 0, max: 2, what: "team" },
  run: async (context) => {
    const [word = "list", name] = context.operands;
    switch (word) {
      case "templates":
        return await listTemplates(context);
      case "spawn":
        return await spawnTeam(context);
      case "list":
        return await list(context);
      case "show":
        return await show(context, name);
      case "start":
      case "stop":
      case "pause":
      case "resume":
        return await control(context, word, name);
      case "delete":
        return await remove(context, name);
      default:
        throw noSuchAction("team", word, WORDS);
    }
  },
};

async function listTemplates(context: CommandContext): Promise<number> {
  const templates = await (await context.client()).teamTemplates();
  if (context.isJson) {
    writeJson(context.io, templates);
    return EXIT.ok;
  }
  writeTable(context.io, templates, [
    { title: "NAME", value: ({ name }) => name },
    {
      title: "ROLES",
      value: ({ members }) => members.map(({ role }) => role).join(", "),
    },
    { title: "PURPOSE", value: ({ purpose }) => purpose },
  ]);
  return EXIT.ok;
}

async function list(context: CommandContext): Promise<number> {
  const teams = await (await context.client()).teams();
  if (context.isJson) writeJson(context.io, teams);
  else if (teams.length === 0) {
    context.io.stderr(
      "There are no teams yet. Spawn one: deno task agent team spawn --template NAME --name N\n",
    );
  } else {
    writeTable(context.io, teams, [
      {
        title: "STATE",
        value: ({ state }) => state,
        color: ({ state }) =>
          state === "incomplete"
            ? "yellow"
            : state === "running"
            ? "green"
            : null,
      },
      { title: "NAME", value: ({ name }) => name },
      { title: "ID", value: ({ id }) => id },
      {
        title: "MODE",
        value: ({ mode }) => mode,
        color: ({ mode }) => mode === "live" ? "yellow" : null,
      },
      {
        title: "AGENTS",
        value: ({ members, size }) => `${members.length} of ${size}`,
      },
      { title: "TEMPLATE", value: ({ templateName }) => templateName },
    ]);
  }
  return EXIT.ok;
}

async function show(
  context: CommandContext,
  name: string | undefined,
): Promise<number> {
  const client = await context.client();
  const team = await findTeam(client, name, "show");
  if (context.isJson) {
    writeJson(context.io, team);
    return EXIT.ok;
  }
  const { io } = context;
  const missing = team.size - team.members.length;
  io.stderr(
    `${plain(team.name)}: ${team.state}, ${team.mode}${
      missing > 0 ? `, ${missing} of ${team.size} agents were deleted` : ""
    }\n`,
  );
  writeTable(io, team.members, [
    { title: "ROLE", value: ({ role }) => role },
    { title: "STATE", value: ({ observed }) => observed },
    { title: "WANTED", value: ({ desired }) => desired },
    { title: "NAME", value: (member) => member.name },
    { title: "ID", value: ({ id }) => id },
    { title: "TYPE", value: ({ type }) => type },
    { title: "MODE", value: ({ mode }) => mode },
  ]);
  return EXIT.ok;
}

async function control(
  context: CommandContext,
  action: TeamAction,
  name: string | undefined,
): Promise<number> {
  const { io, values } = context;
  const timeoutMs = stopTimeoutMs(context);
  const client = await context.client();
  const { id } = await findTeam(client, name, action);
  const positions = values["keep-positions"] === true ? "keep" : "close";
  const request = { action, reason: reasonOf(context), positions } as const;
  const { team, results } = await withFreshProof(
    context,
    () => client.controlTeam(id, request),
  );
  for (const { role, outcome, detail } of results) {
    if (outcome === "left") io.stderr(`  ${role} was left: ${detail}\n`);
  }
  const isWaitedFor = action === "stop" && values["no-wait"] !== true;
  if (isWaitedFor) io.stderr(`Stopping ${plain(team.name)}…\n`);
  const now = isWaitedFor
    ? await waitForStop(context, {
      timeoutMs,
      read: () => client.team(id),
      isStopped: ({ state }) => state === "stopped",
      stateOf: ({ state }) => state,
      show: "team show",
    })
    : team;
  if (context.isJson) writeJson(io, { team: now, results });
  else io.stdout(`${plain(now.name)}\t${now.state}\n`);
  return EXIT.ok;
}

async function remove(
  context: CommandContext,
  wanted: string | undefined,
): Promise<number> {
  const client = await context.client();
  const team = await findTeam(client, wanted, "delete");
  const { id, name, mode } = team;
  await confirmDeletion(context, { name, mode });
  await client.removeTeam(id);
  if (context.isJson) writeJson(context.io, { id, name, state: "deleted" });
  else context.io.stdout(`${plain(name)}\tdeleted\n`);
  return EXIT.ok;
}

/**
 * Finds a team by id or by name.
 *
 * @throws {CliError} Not found (3), or several teams of that name (4).
 */
async function findTeam(
  client: ApiClient,
  wanted: string | undefined,
  word: string,
): Promise<TeamView> {
  if (wanted === undefined) {
    throw usageError(
      `"team ${word}" needs a team: its id or its name`,
      "List the teams: deno task agent team",
    );
  }
  if (/^team_[0-9A-Z]{26}$/.test(wanted)) return await client.team(wanted);
  const all = await client.teams();
  const found = all.filter(({ name }) =>
    name.toLowerCase() === wanted.trim().toLowerCase()
  );
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    throw new CliError(
      `${found.length} teams are named "${wanted}": ${
        found.map(({ id }) => id).join(", ")
      }`,
      {
        exitCode: EXIT.conflict,
        next: "Repeat the command with one of the ids",
      },
    );
  }
  throw new CliError(
    `There is no team "${wanted}".${
      suggest(wanted, all.map(({ name }) => name))
    }`,
    {
      exitCode: EXIT.notFound,
      next: "List the teams: deno task agent team",
    },
  );
}
