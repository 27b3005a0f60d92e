import { authorOf, readBundle } from "../../bundles/bundle_file.ts";
import type { Bundle, BundleExport } from "../../contracts/bundle.ts";
import { AppError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest.ts";
import { noSuchAction } from "../actions.ts";
import {
  type Command,
  type CommandContext,
  listOption,
  requiredOption,
  resolveAgent,
} from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { plain, writeJson } from "../output.ts";

const ACTIONS = ["export", "import", "verify"] as const;
const KINDS = ["template", "agent", "team"] as const;

/** `bundles`: signed configurations for others, and of others. */
export const bundlesCommand: Command = {
  name: "bundles",
  usage:
    "export template|agent|team NAME --as NAME --author NAME | import | verify",
  summary: "Sign configurations for others, check and take in theirs",
  details: [
    "export KIND NAME  write the signed file to standard output",
    "--as NAME         with export: name of the template elsewhere",
    "--author NAME     with export: your name as its author",
    "--backtest ID     with export: a backtest that goes along; may be repeated",
    "import            make templates of the file on standard input",
    "--name OLD=NEW    with import: another name here; may be repeated",
    "verify            check the file on standard input, without any server",
    "",
    "deno task agent bundles export template fvg-moderate --as gaps --author Ada > gaps.smcbundle.json",
    "deno task agent bundles verify < gaps.smcbundle.json",
    "deno task agent bundles import --name gaps=adas-gaps < gaps.smcbundle.json",
  ],
  options: {
    as: { type: "string" },
    author: { type: "string" },
    backtest: { type: "string", multiple: true },
    name: { type: "string", multiple: true },
  },
  operands: { min: 0, max: 3, what: "action" },
  run: async (context) => {
    const [action, ...rest] = context.operands;
    switch (action) {
      case "export":
        return await write(context, rest);
      case "import":
        return await take(context, await inputOf(context, rest));
      case "verify":
        return verify(context, await inputOf(context, rest));
      default:
        throw noSuchAction("bundles", action, ACTIONS);
    }
  },
};

async function write(
  context: CommandContext,
  [kind = "", name]: readonly string[],
): Promise<number> {
  const known = KINDS.find((each) => each === kind);
  if (known === undefined || name === undefined) {
    throw usageError(
      `"bundles export" needs what and its name: ${KINDS.join(", ")}.${
        suggest(kind, KINDS)
      }`,
      "For instance: deno task agent bundles export template fvg-moderate --as gaps --author Ada",
    );
  }
  const as = requiredOption(context, "as", "gaps");
  const authorName = requiredOption(context, "author", "Ada");
  const client = await context.client();
  const text = await client.exportBundle({
    source: await sourceOf(context, known, name),
    name: as,
    authorName,
    backtests: [...listOption(context.values, "backtest")],
  });
  context.io.stdout(text);
  return EXIT.ok;
}

async function sourceOf(
  context: CommandContext,
  kind: (typeof KINDS)[number],
  name: string,
): Promise<BundleExport["source"]> {
  if (kind === "template") return { kind, name };
  const client = await context.client();
  if (kind === "agent") {
    return { kind, id: (await resolveAgent(client, name)).id };
  }
  const teams = await client.teams();
  const team = teams.find((each) => each.id === name || each.name === name);
  if (team !== undefined) return { kind, id: team.id };
  throw new CliError(
    `There is no team "${name}".${
      suggest(name, teams.map((each) => each.name))
    }`,
    { exitCode: EXIT.notFound, next: "List them: deno task agent team list" },
  );
}

async function take(context: CommandContext, text: string): Promise<number> {
  // What is wrong with the file is told without a server.
  checked(text);
  const names = Object.fromEntries(
    listOption(context.values, "name").map((pair) => {
      const [before = "", after = ""] = pair.split("=");
      if (before !== "" && after !== "") return [before, after];
      throw usageError(
        `--name is "${pair}"; give the name in the file and that here, for instance --name gaps=adas-gaps`,
      );
    }),
  );
  const client = await context.client();
  const { standing } = await client.readBundle(text);
  const templates = await client.importBundle({ text, names });
  if (context.isJson) writeJson(context.io, templates);
  else {
    for (const { name, bundle } of templates) {
      context.io.stdout(
        `Imported "${name}", signed by ${plain(bundle?.author.name ?? "")}\n`,
      );
    }
  }
  if (standing === "new" || standing === "name_taken") {
    context.io.stderr(
      standing === "new"
        ? "You have met nobody with this key: compare the fingerprint with what the author tells you\n"
        : "You know an author of this name with another key: ask them on another way\n",
    );
  }
  return EXIT.ok;
}

function verify(context: CommandContext, text: string): number {
  const bundle = checked(text);
  const author = authorOf(bundle);
  const { kind, title, createdAt, program, parts, evidence } = bundle;
  if (context.isJson) {
    writeJson(context.io, {
      valid: true,
      author,
      kind,
      title,
      createdAt,
      program,
      templates: parts.map(({ name }) => name),
      backtests: evidence.length,
    });
    return EXIT.ok;
  }
  context.io.stdout([
    `The signature fits: "${plain(title)}", made ${createdAt.slice(0, 10)}`,
    `Signed by ${plain(author.name)}, fingerprint ${author.fingerprint}`,
    `Templates: ${parts.map(({ name }) => name).join(", ")}`,
    `Backtests: ${evidence.length}; import it and run them again to check their figures`,
    "",
  ].join("\n"));
  return EXIT.ok;
}

/** @throws {CliError} Usage (2) with what is wrong with the file. */
function checked(text: string): Bundle {
  try {
    return readBundle(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const details = error.errors.map(({ pointer, detail }) =>
      `${pointer}: ${detail}`
    );
    throw new CliError([error.message, ...details].join("\n  "), {
      exitCode: EXIT.usage,
    });
  }
}

/** The file on standard input. */
async function inputOf(
  { io, operands: [action] }: CommandContext,
  [extra]: readonly string[],
): Promise<string> {
  if (extra !== undefined || io.isInputTerminal) {
    throw usageError(
      `"bundles ${action}" reads a file from standard input: deno task agent bundles ${action} < ${
        extra ?? "FILE"
      }`,
    );
  }
  return await io.readInput();
}
