import {
  apiTokenRequestSchema,
  TOKEN_SCOPES,
} from "../../contracts/api_token.ts";
import { suggest } from "../../core/nearest.ts";
import { noSuchAction } from "../actions.ts";
import {
  type Command,
  type CommandContext,
  listOption,
  textOption,
} from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { formatTime, plain, writeJson, writeTable } from "../output.ts";
import { withFreshProof } from "./fresh_proof.ts";

const ACTIONS = ["create", "revoke", "scopes"] as const;
const DEFAULT_DAYS = "90";

/** `tokens`: personal API tokens. */
export const tokensCommand: Command = {
  name: "tokens",
  usage: "[create NAME --scope S… | revoke ID | scopes] [--days N] [--user U]",
  summary: "List, make and revoke API tokens for programs of yours",
  details: [
    "create NAME   make a token; its text goes to standard output, once",
    "--scope S     what it may do, several times or with commas: agents.read,logs.read",
    `--days N      how long it works, 1 to 365 (${DEFAULT_DAYS})`,
    "revoke ID     end a token, at once; its name does, too",
    "scopes        list what a token may be made for",
    "--user U      the tokens of another user, by id: for an admin",
    "",
    "create wants a fresh proof of your second factor: asked for on a terminal, elsewhere first:",
    "deno task agent factor prove. A token may never do more than your role.",
    "Programs give it in AGENT_TOKEN, or as Authorization: Bearer.",
  ],
  options: {
    scope: { type: "string", multiple: true },
    days: { type: "string" },
    user: { type: "string" },
  },
  operands: { min: 0, max: 2, what: "token" },
  run: async (context) => {
    const [action, name] = context.operands;
    switch (action) {
      case undefined:
        return await list(context);
      case "create":
        return await create(context, name);
      case "revoke":
        return await revoke(context, name);
      case "scopes":
        if (context.isJson) writeJson(context.io, TOKEN_SCOPES);
        else context.io.stdout(`${TOKEN_SCOPES.join("\n")}\n`);
        return EXIT.ok;
      default:
        throw noSuchAction("tokens", action, ACTIONS);
    }
  },
};

async function list(context: CommandContext): Promise<number> {
  const tokens = await (await context.client()).apiTokens(userOf(context));
  if (context.isJson) {
    writeJson(context.io, tokens);
    return EXIT.ok;
  }
  if (tokens.length === 0) {
    context.io.stderr(
      "There is no API token; make one: deno task agent tokens create NAME --scope agents.read\n",
    );
  }
  const timeOf = (text: string | null) =>
    text === null ? null : formatTime(Date.parse(text));
  writeTable(context.io, tokens, [
    { title: "ID", value: ({ id }) => id },
    { title: "NAME", value: ({ name }) => name },
    { title: "STATE", value: ({ state }) => state },
    { title: "MADE", value: ({ createdAt }) => timeOf(createdAt) },
    { title: "ENDS", value: ({ expiresAt }) => timeOf(expiresAt) },
    { title: "LAST USED", value: ({ lastUsedAt }) => timeOf(lastUsedAt) },
    { title: "SCOPES", value: ({ scopes }) => scopes.join(",") },
  ]);
  return EXIT.ok;
}

async function create(
  context: CommandContext,
  name: string | undefined,
): Promise<number> {
  const days = textOption(context.values, "days") ?? DEFAULT_DAYS;
  const scopes = listOption(context.values, "scope").flatMap((text) =>
    text.split(",").map((scope) => scope.trim())
  );
  const known: readonly string[] = TOKEN_SCOPES;
  const unknown = scopes.find((scope) => !known.includes(scope));
  if (unknown !== undefined) {
    throw usageError(
      `A token cannot be made for "${plain(unknown)}".${
        suggest(unknown, known)
      }`,
      "List what it can be made for: deno task agent tokens scopes",
    );
  }
  const parsed = apiTokenRequestSchema.safeParse({
    name: name ?? "",
    scopes,
    expiresInDays: Number(days),
  });
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    const option = path[0] === "expiresInDays"
      ? "--days: "
      : path[0] === "scopes"
      ? "--scope: "
      : "";
    throw usageError(
      `${option}${message}`,
      "Read the usage: deno task agent tokens --help",
    );
  }
  const client = await context.client();
  const { token, view } = await withFreshProof(
    context,
    () => client.createApiToken(parsed.data),
  );
  const { io, isJson } = context;
  if (isJson) writeJson(io, { token, ...view });
  else io.stdout(`${token}\n`);
  io.stderr(
    `The token "${
      plain(view.name)
    }" works until ${view.expiresAt}. Keep it now: it is not shown again\n`,
  );
  return EXIT.ok;
}

async function revoke(
  context: CommandContext,
  wanted: string | undefined,
): Promise<number> {
  const next = "List them: deno task agent tokens";
  if (wanted === undefined) throw usageError("Name the token to revoke", next);
  const client = await context.client();
  const tokens = await client.apiTokens(userOf(context));
  const found = tokens.filter(({ id, name }) =>
    id === wanted || name === wanted
  );
  if (found.length > 1) {
    throw new CliError(
      `${found.length} tokens are named "${wanted}": ${
        found.map(({ id }) => id).join(", ")
      }`,
      {
        exitCode: EXIT.conflict,
        next: "Repeat the command with one of the ids",
      },
    );
  }
  const [token] = found;
  if (token === undefined) {
    const names = tokens.map(({ name }) => name);
    throw new CliError(
      `There is no API token "${wanted}".${suggest(wanted, names)}`,
      { exitCode: EXIT.notFound, next },
    );
  }
  await client.revokeApiToken(token.id);
  context.io.stderr(`The token "${plain(token.name)}" is revoked\n`);
  return EXIT.ok;
}

function userOf({ values }: CommandContext): string {
  return textOption(values, "user")?.trim() ?? "";
}
