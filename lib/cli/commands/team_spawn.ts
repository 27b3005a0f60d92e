import type {
  TeamTemplate,
  TeamValidationResponse,
  TeamView,
} from "../../contracts/team.ts";
import { suggest } from "../../core/nearest.ts";
import {
  type CommandContext,
  listOption,
  type OptionSpecs,
  requiredOption,
  textOption,
} from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { plain, writeFields, writeJson } from "../output.ts";
import { applySetting } from "../settings.ts";
import { withFreshProof } from "./fresh_proof.ts";
import { applyMode, confirmLive, SPAWN_OPTIONS } from "./spawn.ts";
import { feedOf } from "./spawn_feed.ts";

/** Options of `team spawn`. */
export const TEAM_SPAWN_OPTIONS: OptionSpecs = {
  ...SPAWN_OPTIONS,
  seed: { type: "string" },
};

/** The same for people. */
export const TEAM_SPAWN_HELP: readonly string[] = [
  "--template NAME          which team; deno task agent team templates lists them",
  "--name N                 the team's name; its agents are named N and their role",
  "--symbol, --timeframe, --feed, --exchange, --market, --candles, --speed",
  "                         as in deno task agent spawn, for all agents of the team",
  "--seed N                 seed of everything random in the paper venues",
  "--set risk.key=value     a limit of every agent, for instance --set risk.leverage=2",
  "--set ROLE.key=value     any setting of one, for instance --set blocks.risk.leverage=5",
  "--dry-run                check only: errors, warnings, estimates, worst case",
  "--acknowledge-warnings   the warnings were read",
  "--mode paper|live        mode of the one agent that places orders; the others report only",
  "--key LABEL              exchange key of a live team",
  "--confirm NAME           the team's name once more, for one that trades real money",
];

/** Spawns a team from a template, or checks it only. */
export async function spawnTeam(context: CommandContext): Promise<number> {
  const wanted = requiredOption(context, "template", "NAME");
  const name = requiredOption(context, "name", '"btc team"');
  const feed = feedOf(context);
  const client = await context.client();
  const template = findTeamTemplate(await client.teamTemplates(), wanted);
  const market = await marketOf(context, feed);
  const request = {
    name,
    template: template.name,
    market,
    ...settingsOf(context, template),
  };
  if (context.values["dry-run"] === true) {
    return showCheck(context, await client.validateTeam(request));
  }
  const isLive = market["mode"] === "live";
  if (isLive) await confirmLive(context, "team");
  const team = await withFreshProof(context, () =>
    client.spawnTeam({
      ...request,
      acknowledgeWarnings: context.values["acknowledge-warnings"] === true,
      ...(isLive ? { confirmName: name } : {}),
    }));
  return showSpawned(context, team);
}

function findTeamTemplate(
  templates: readonly TeamTemplate[],
  name: string,
): TeamTemplate {
  const found = templates.find((template) => template.name === name);
  if (found !== undefined) return found;
  const names = templates.map((template) => template.name);
  throw new CliError(
    `There is no team template "${name}".${suggest(name, names)}`,
    {
      exitCode: EXIT.notFound,
      next: "List them: deno task agent team templates",
    },
  );
}

async function marketOf(
  context: CommandContext,
  feed: Record<string, unknown> | null,
): Promise<Record<string, unknown>> {
  const market: Record<string, unknown> = feed === null ? {} : { feed };
  for (const name of ["symbol", "timeframe"]) {
    const value = textOption(context.values, name);
    if (value !== undefined) market[name] = value;
  }
  const seed = textOption(context.values, "seed");
  if (seed !== undefined) {
    if (!/^\d{1,10}$/.test(seed)) {
      throw usageError(`--seed is "${seed}"; give a whole number`);
    }
    market["seed"] = Number(seed);
  }
  await applyMode(context, market);
  return market;
}

/** What `--set` asks for: limits of all agents, and settings by role. */
function settingsOf(
  { values }: CommandContext,
  { members }: TeamTemplate,
): { risk: object; roles: Record<string, object> } {
  const risk: Record<string, unknown> = {};
  const roles: Record<string, Record<string, unknown>> = {};
  const known = members.map(({ role }) => role);
  for (const setting of listOption(values, "set")) {
    const [first = "", ...rest] = setting.split("=")[0]!.split(".");
    const member = members.find(({ role }) => role === first);
    if (member !== undefined) {
      roles[first] ??= {};
      const own = setting.slice(first.length + 1);
      putSetting(roles[first], { base: member.config, setting: own });
    } else if (first === "risk" && rest.length > 0) {
      const all = { risk };
      putSetting(all, { base: members[0]!.config, setting });
    } else {
      throw usageError(
        `--set is "${setting}"; begin with risk. for every agent, or with the role of one: ${
          known.join(", ")
        }`,
      );
    }
  }
  return { risk, roles };
}

/** Puts one setting into what differs from `base`, which knows its name and type. */
function putSetting(
  target: Record<string, unknown>,
  { base, setting }: { base: Record<string, unknown>; setting: string },
): void {
  const config = structuredClone(base);
  applySetting(config, setting);
  const path = setting.slice(0, setting.indexOf("=")).split(".");
  const last = path.pop()!;
  let from = config;
  let to = target;
  for (const part of path) {
    from = from[part] as Record<string, unknown>;
    to[part] ??= {};
    to = to[part] as Record<string, unknown>;
  }
  to[last] = from[last];
}

function showCheck(
  context: CommandContext,
  check: TeamValidationResponse,
): number {
  const { io } = context;
  const exitCode = check.valid ? EXIT.ok : EXIT.usage;
  if (context.isJson) {
    writeJson(io, check);
    return exitCode;
  }
  const remark =
    (kind: string) =>
    ({ pointer, detail }: { pointer: string; detail: string }) =>
      [kind, `${placeOf(pointer, check)} ${detail}`.trim()] as const;
  writeFields(io, [
    ["valid", check.valid ? "yes" : "no"],
    ...check.errors.map(remark("error")),
    ...check.warnings.map(remark("warning")),
    ...check.members.map(({ role, name, estimate }) =>
      [
        `agent ${role}`,
        estimate === null
          ? name
          : `${name}: ${estimate.cores} cores, ${estimate.memoryMiB} MiB (estimate)`,
      ] as const
    ),
    ["cores (estimate)", check.estimate?.cores],
    ["memory MiB (estimate)", check.estimate?.memoryMiB],
    ["worst day loss", check.worstDayLoss],
    ["worst total loss", check.worstTotalLoss],
  ]);
  io.stderr("Nothing was spawned: this was a dry run\n");
  return exitCode;
}

/** A pointer with the role in place of the member's number. */
function placeOf(
  pointer: string,
  { members }: Pick<TeamValidationResponse, "members">,
): string {
  const [, number, rest] = /^\/members\/(\d+)(.*)$/.exec(pointer) ?? [];
  const role = members[Number(number)]?.role;
  return role === undefined ? pointer : `${role}: ${rest}`;
}

function showSpawned(context: CommandContext, team: TeamView): number {
  const { io } = context;
  if (context.isJson) {
    writeJson(io, team);
    return EXIT.ok;
  }
  io.stdout(`${team.id}\n`);
  io.stderr(
    `Spawned the team ${
      plain(team.name)
    } of ${team.members.length} agents (${team.mode}); it starts now\n` +
      `  Watch it: deno task agent team show ${team.id}\n`,
  );
  return EXIT.ok;
}
