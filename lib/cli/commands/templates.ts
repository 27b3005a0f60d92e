import { noSuchAction } from "../actions.ts";
import {
  type Command,
  type CommandContext,
  resolveAgent,
  textOption,
} from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { writeJson, writeTable } from "../output.ts";

const ACTIONS = ["export", "import", "delete"] as const;

/** `templates`: what agents are spawned from; export, import and delete of one. */
export const templatesCommand: Command = {
  name: "templates",
  usage: "[export NAME | export AGENT --as NAME | import | delete NAME]",
  summary: "List, export, import or delete the templates of agents",
  details: [
    "export NAME   write the template's file to standard output",
    "--as NAME     with export: make one of an agent's configuration",
    "import        read a template's file from standard input",
    "delete NAME   forget an imported template; its agents stay",
    "",
    "deno task agent templates export fvg-moderate > fvg.template.json",
    "deno task agent templates export my-agent --as my-gaps > mine.template.json",
    "deno task agent templates import < fvg.template.json",
  ],
  options: { as: { type: "string" } },
  operands: { min: 0, max: 2, what: "template" },
  run: async (context) => {
    const [action, name] = context.operands;
    switch (action) {
      case undefined:
        return await list(context);
      case "export":
        return await write(context, nameOf(action, name));
      case "import":
        return await read(context, name);
      case "delete":
        return await forget(context, nameOf(action, name));
      default:
        throw noSuchAction("templates", action, ACTIONS);
    }
  },
};

function nameOf(action: string, name: string | undefined): string {
  if (name !== undefined) return name;
  throw usageError(
    `"templates ${action}" needs the name of a template`,
    "List them: deno task agent templates",
  );
}

async function list(context: CommandContext): Promise<number> {
  const templates = await (await context.client()).templates();
  if (context.isJson) {
    writeJson(context.io, templates);
    return EXIT.ok;
  }
  writeTable(context.io, templates, [
    { title: "NAME", value: (template) => template.name },
    { title: "FROM", value: ({ origin }) => origin.replace("_", "-") },
    { title: "TYPE", value: (template) => template.type },
    {
      title: "MARKET",
      value: ({ config }) => `${config.symbol} ${config.timeframe}`,
    },
    { title: "RISK", value: (template) => template.riskLevel },
    {
      title: "BACKTEST",
      value: ({ results: [result] }) =>
        result?.returnPct === undefined || result.returnPct === null
          ? null
          : `${result.returnPct.toFixed(1)} % in ${result.trades} trades`,
    },
    { title: "PURPOSE", value: (template) => template.purpose },
  ]);
  return EXIT.ok;
}

async function write(context: CommandContext, name: string): Promise<number> {
  const client = await context.client();
  const as = textOption(context.values, "as");
  const text = as === undefined
    ? await client.exportTemplate(name)
    : await client.exportAgentTemplate(
      (await resolveAgent(client, name)).id,
      as,
    );
  context.io.stdout(text);
  return EXIT.ok;
}

async function read(
  context: CommandContext,
  extra: string | undefined,
): Promise<number> {
  const { io } = context;
  if (extra !== undefined || io.isInputTerminal) {
    throw usageError(
      `"templates import" reads a file from standard input: deno task agent templates import < ${
        extra ?? "FILE"
      }`,
    );
  }
  const text = await io.readInput();
  const file = parse(text);
  const template = await (await context.client()).importTemplate(file);
  if (context.isJson) writeJson(io, template);
  else io.stdout(`Imported "${template.name}", version ${template.version}\n`);
  return EXIT.ok;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError(
      "Standard input is not JSON: give the file that templates export wrote",
    );
  }
}

async function forget(context: CommandContext, name: string): Promise<number> {
  await (await context.client()).removeTemplate(name);
  context.io.stderr(`Deleted the template "${name}"\n`);
  return EXIT.ok;
}
