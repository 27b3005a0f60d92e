import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import { noSuchAction } from "../actions.ts";
import type { ApiClient } from "../api_client.ts";
import {
  type Command,
  type CommandContext,
  requiredOption,
} from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { plain, writeJson, writeTable } from "../output.ts";
import { findKeyId } from "./find_key.ts";
import { withFreshProof } from "./fresh_proof.ts";

const ACTIONS = [
  "add",
  "test",
  "rotate",
  "allow-live",
  "forbid-live",
  "revoke",
] as const;

/** `keys`: keys of exchanges. */
export const keysCommand: Command = {
  name: "keys",
  usage:
    "[add --exchange E --label L | test KEY | rotate KEY | allow-live KEY | forbid-live KEY | revoke KEY]",
  summary:
    "List, add, test, rotate, allow for live trading or revoke exchange keys",
  details: [
    "add           store a key; its parts are asked for without echo, or read from",
    "              standard input, one a line: API key, secret, passphrase if there is one",
    "--exchange E  id of the exchange, for instance binance",
    "--label L     how you tell your keys apart",
    "test KEY      ask the exchange again what the key may do",
    "rotate KEY    put new parts in the place of a key's, asked for or read as those of add; id,",
    "              label and agents stay. Its agents must have stopped, with nothing open",
    "allow-live    let live agents use it; forbid-live takes that back",
    "revoke KEY    forget it here; delete it at the exchange, too",
    "",
    "KEY is an id or a label. add, rotate, allow-live and forbid-live want a fresh proof of your second",
    "factor: asked for on a terminal, elsewhere first: deno task agent factor prove.",
    "A key that may withdraw or transfer is refused and not stored. For live trading a key has to be",
    "bound to addresses at the exchange, where the exchange tells that.",
  ],
  options: { exchange: { type: "string" }, label: { type: "string" } },
  operands: { min: 0, max: 2, what: "key" },
  run: async (context) => {
    const [action, name] = context.operands;
    const client = await context.client();
    switch (action) {
      case undefined:
        return await list(context, client);
      case "add": {
        const request = await read(context);
        return show(
          context,
          await withFreshProof(context, () => client.addExchangeKey(request)),
        );
      }
      case "test":
        return show(
          context,
          await client.testExchangeKey(await resolve(client, name, action)),
        );
      case "rotate": {
        const id = await resolve(client, name, action);
        const parts = await readParts(context);
        const rotated = await withFreshProof(
          context,
          () => client.rotateExchangeKey(id, parts),
        );
        context.io.stderr(
          "The old key is gone here; delete it at the exchange\n",
        );
        return show(context, rotated);
      }
      case "allow-live":
      case "forbid-live": {
        const id = await resolve(client, name, action);
        const isAllowed = action === "allow-live";
        return show(
          context,
          await withFreshProof(
            context,
            () => client.allowExchangeKey(id, isAllowed),
          ),
        );
      }
      case "revoke":
        await client.revokeExchangeKey(await resolve(client, name, action));
        context.io.stderr(
          "The key is forgotten here; delete it at the exchange, too\n",
        );
        return EXIT.ok;
      default:
        throw noSuchAction("keys", action, ACTIONS);
    }
  },
};

async function list(
  context: CommandContext,
  client: ApiClient,
): Promise<number> {
  const keys = await client.exchangeKeys();
  if (context.isJson) {
    writeJson(context.io, keys);
    return EXIT.ok;
  }
  writeTable(context.io, keys, [
    { title: "LABEL", value: ({ label }) => label },
    { title: "EXCHANGE", value: ({ exchange }) => exchange },
    { title: "KEY", value: ({ apiKeyEnd }) => `…${apiKeyEnd}` },
    { title: "STATUS", value: ({ status }) => status },
    { title: "LIVE", value: (key) => key.isLiveAllowed ? "allowed" : "no" },
    {
      title: "USED",
      value: ({ lastUsedAt }) =>
        lastUsedAt === null ? "never" : new Date(lastUsedAt).toISOString(),
    },
    { title: "WHY", value: ({ statusDetail }) => statusDetail },
  ]);
  return EXIT.ok;
}

function show(context: CommandContext, key: ExchangeKeyView): number {
  if (context.isJson) writeJson(context.io, key);
  else {
    context.io.stdout(
      `${plain(key.label)} (${key.exchange} …${
        plain(key.apiKeyEnd)
      }): ${key.status}${
        key.isLiveAllowed ? ", allowed for live trading" : ""
      }. ${plain(key.statusDetail)}\n`,
    );
  }
  return EXIT.ok;
}

/** The parts of a key never come from the command line, which other users of the machine can read. */
async function read(context: CommandContext): Promise<unknown> {
  const exchange = requiredOption(context, "exchange", "binance");
  const label = requiredOption(context, "label", "main");
  return { exchange, label, ...await readParts(context) };
}

async function readParts(context: CommandContext): Promise<object> {
  const { io } = context;
  const [apiKey = "", secret = "", passphrase = ""] = io.isInputTerminal
    ? await ask(context)
    : (await io.readInput()).split(/\r?\n/).map((line) => line.trim());
  return {
    apiKey,
    secret,
    ...(passphrase === "" ? {} : { passphrase }),
  };
}

async function ask({ io }: CommandContext): Promise<string[]> {
  const apiKey = await io.readSecret("API key: ");
  const secret = await io.readSecret("Secret: ");
  const passphrase = await io.readSecret(
    "Passphrase (empty where there is none): ",
  );
  return [apiKey, secret, passphrase].map((part) => part.trim());
}

async function resolve(
  client: ApiClient,
  name: string | undefined,
  action: string,
): Promise<string> {
  if (name === undefined) {
    throw usageError(
      `"keys ${action}" needs a key`,
      "List them: deno task agent keys",
    );
  }
  return await findKeyId(client, name);
}
