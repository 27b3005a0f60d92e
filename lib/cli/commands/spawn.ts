import type { AgentView, ValidationResponse } from "../../contracts/agent.ts";
import { guardConfigSchema } from "../../contracts/guard_config.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import {
  type Command,
  type CommandContext,
  listOption,
  type OptionSpecs,
  requiredOption,
  resolveAgent,
  textOption,
} from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { plain, writeFields, writeJson } from "../output.ts";
import { applySetting } from "../settings.ts";
import { feedOf } from "./spawn_feed.ts";
import { findKeyId } from "./find_key.ts";
import { withFreshProof } from "./fresh_proof.ts";
import { findTemplate } from "./find_template.ts";

/** The type that trades nothing, so that no template is about it. */
const GUARD_TYPE = "risk_manager";

/** Options of everything that spawns: from what, with which name, on which market, for which money. */
export const SPAWN_OPTIONS: OptionSpecs = {
  template: { type: "string" },
  name: { type: "string" },
  symbol: { type: "string" },
  timeframe: { type: "string" },
  feed: { type: "string" },
  candles: { type: "string" },
  speed: { type: "string" },
  exchange: { type: "string" },
  market: { type: "string" },
  set: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  "acknowledge-warnings": { type: "boolean" },
  mode: { type: "string" },
  key: { type: "string" },
  confirm: { type: "string" },
};

/** `spawn`: a new agent from a template. */
export const spawnCommand: Command = {
  name: "spawn",
  usage: "(--template NAME | --type risk_manager) --name N [options]",
  summary: "Spawn an agent from a template",
  details: [
    "--template NAME          which template; deno task agent templates lists them",
    "--type T                 another type than the template's; a risk manager needs no template:",
    "                         it guards all your agents, or those of --guards",
    "--guards AGENT,…         whom a risk manager guards, by id or name",
    "--name N                 the agent's name",
    "--symbol S               market, for instance BTC/USDT",
    "--timeframe T            1m 5m 15m 30m 1h 4h 1d",
    "--feed simulated         trade the simulated market (default of the templates)",
    "--feed exchange          live prices of an exchange, traded on paper",
    "--exchange ID            which exchange, for instance binance",
    "--market spot|swap       which kind of market of it: spot (default) or perpetuals",
    "--candles FILE           replay this file of the server's candle folder",
    "--speed max|N            replay speed: as fast as the agent decides, or N times real time",
    "--set key=value          any setting, for instance --set risk.leverage=5",
    "--dry-run                check only: errors, warnings, estimate, worst case",
    "--acknowledge-warnings   the warnings were read",
    "--mode paper|live        paper (default), or live: real money at an exchange",
    "--key LABEL              exchange key of a live agent; deno task agent keys lists them",
    "--confirm NAME           the name once more, for an agent that trades real money",
    "",
    "A live agent needs --feed exchange, a verified and allowed key, the name once more and a",
    "fresh proof of your second factor; on a terminal it is asked for. No option covers these.",
  ],
  options: {
    ...SPAWN_OPTIONS,
    type: { type: "string" },
    guards: { type: "string" },
  },
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const needsTemplate = textOption(context.values, "type") !== GUARD_TYPE;
    const template = needsTemplate
      ? requiredOption(context, "template", "NAME")
      : textOption(context.values, "template");
    requiredOption(context, "name", '"btc scalper"');
    const feed = feedOf(context);
    const client = await context.client();
    const templates = await client.templates();
    // What a risk manager does not read may come from any template.
    const found = template === undefined
      ? templates[0]!
      : findTemplate(templates, template);
    const config = configOf(context, found, feed);
    await applyGuards(context, config);
    await applyMode(context, config);
    if (context.values["dry-run"] === true) {
      return showCheck(context, await client.validate(config));
    }
    if (config["mode"] === "live") await confirmLive(context, "agent");
    const agent = await withFreshProof(context, () =>
      client.spawn({
        ...(template === undefined ? {} : { template: found.name }),
        config,
        acknowledgeWarnings: context.values["acknowledge-warnings"] === true,
        ...(config["mode"] === "live"
          ? { confirmName: String(config["name"]) }
          : {}),
      }));
    return showSpawned(context, agent);
  },
};

function configOf(
  context: CommandContext,
  template: AgentTemplate,
  feed: Record<string, unknown> | null,
): Record<string, unknown> {
  const { values } = context;
  const config: Record<string, unknown> = {
    ...structuredClone(template.config),
    name: textOption(values, "name"),
  };
  for (const name of ["type", "symbol", "timeframe"]) {
    const value = textOption(values, name);
    if (value !== undefined) config[name] = value;
  }
  if (config["type"] === GUARD_TYPE) {
    config["guard"] = guardConfigSchema.parse({});
  }
  if (feed !== null) config["feed"] = feed;
  for (const setting of listOption(values, "set")) {
    applySetting(config, setting);
  }
  return config;
}

/** Whom a risk manager guards, where it is not everybody. */
async function applyGuards(
  context: CommandContext,
  config: Record<string, unknown>,
): Promise<void> {
  const names = textOption(context.values, "guards");
  if (names === undefined) return;
  if (config["type"] !== GUARD_TYPE) {
    throw usageError("--guards is for a risk manager; add --type risk_manager");
  }
  const client = await context.client();
  const agents = await Promise.all(
    names.split(",").map((name) => resolveAgent(client, name.trim())),
  );
  const agentIds = agents.map(({ id }) => id);
  const guard = config["guard"] as Record<string, unknown>;
  config["guard"] = { ...guard, scope: { kind: "agents", agentIds } };
}

/** Mode and key, which is named by its label as well as by its id. */
export async function applyMode(
  context: CommandContext,
  config: Record<string, unknown>,
): Promise<void> {
  const mode = textOption(context.values, "mode");
  const key = textOption(context.values, "key")?.trim();
  if (mode !== undefined && mode !== "paper" && mode !== "live") {
    throw usageError(`--mode is "${mode}"; choose paper or live`);
  }
  if (mode !== undefined) config["mode"] = mode;
  if (key === undefined) return;
  if (config["mode"] !== "live") {
    throw usageError("--key is for live agents; add --mode live, or leave it");
  }
  config["exchangeKeyId"] = await findKeyId(await context.client(), key);
}

/** Real money: the name is typed once more, and no other option covers that. */
export async function confirmLive(
  { io, values }: CommandContext,
  what: "agent" | "team",
): Promise<void> {
  const name = textOption(values, "name");
  const given = textOption(values, "confirm") ??
    (io.isInputTerminal
      ? await io.readLine(`This ${what} trades REAL money. Type its name: `)
      : "");
  if (given.trim() === name?.trim()) return;
  throw usageError(
    `"${name}" trades real money and was not spawned: confirm it with --confirm "${name}"`,
  );
}

function showCheck(
  context: CommandContext,
  check: ValidationResponse,
): number {
  const { io } = context;
  const exitCode = check.valid ? EXIT.ok : EXIT.usage;
  if (context.isJson) {
    writeJson(io, check);
    return exitCode;
  }
  const rows: [string, string | number | null][] = [
    ["valid", check.valid ? "yes" : "no"],
    ...check.errors.map(({ pointer, detail }): [string, string] => [
      "error",
      `${pointer} ${detail}`,
    ]),
    ...check.warnings.map(({ pointer, detail }): [string, string] => [
      "warning",
      `${pointer} ${detail}`,
    ]),
  ];
  if (check.estimate !== null) {
    const { agentsUsed, agentsAllowed } = check.estimate;
    rows.push(
      ["cores (estimate)", check.estimate.cores],
      ["memory MiB (estimate)", check.estimate.memoryMiB],
      ["messages a minute (estimate)", check.estimate.messagesPerMinute],
      ["agents", `${agentsUsed} of ${agentsAllowed} in use`],
      ["worst day loss", check.worstDayLoss],
      ["worst total loss", check.worstTotalLoss],
      [
        "liquidation distance",
        check.liquidationDistancePct === null
          ? null
          : `${check.liquidationDistancePct} %`,
      ],
    );
  }
  writeFields(io, rows);
  io.stderr("Nothing was spawned: this was a dry run\n");
  return exitCode;
}

function showSpawned(context: CommandContext, agent: AgentView): number {
  const { io } = context;
  if (context.isJson) {
    writeJson(io, agent);
    return EXIT.ok;
  }
  io.stdout(`${agent.id}\n`);
  const { name, symbol, timeframe, mode, id } = agent;
  io.stderr(
    `Spawned ${
      plain(name)
    } (${symbol} ${timeframe}, ${mode}); it starts now\n` +
      `  Watch it: deno task agent logs ${id} --follow\n`,
  );
  return EXIT.ok;
}
