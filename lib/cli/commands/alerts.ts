import type { AlertChannelView } from "../../contracts/alerts/channel.ts";
import { suggest } from "../../core/nearest.ts";
import { noSuchAction } from "../actions.ts";
import type { ApiClient } from "../api_client.ts";
import type { Command, CommandContext } from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { formatTime, writeJson, writeTable } from "../output.ts";

const ACTIONS = ["list", "test"] as const;

/** `alerts`: channels that alerts go out by. */
export const alertsCommand: Command = {
  name: "alerts",
  usage: "[list | test CHANNEL]",
  summary: "List alert channels with how they do, or send a test",
  details: [
    "list          channels, what was delivered, what waits, and the last error",
    "test CHANNEL  send one real message now; exits with 1 if it does not arrive",
    "",
    "CHANNEL is an id or a name. Channels and rules are made on the page Settings > Alerts.",
  ],
  options: {},
  operands: { min: 0, max: 2, what: "channel" },
  run: async (context) => {
    const [action = "list", name] = context.operands;
    const client = await context.client();
    switch (action) {
      case "list":
        return await list(context, client);
      case "test":
        return await test(context, client, name);
      default:
        throw noSuchAction("alerts", action, ACTIONS);
    }
  },
};

async function list(
  context: CommandContext,
  client: ApiClient,
): Promise<number> {
  const channels = await client.alertChannels();
  if (context.isJson) {
    writeJson(context.io, channels);
    return EXIT.ok;
  }
  if (channels.length === 0) {
    context.io.stderr(
      "You have no alert channel; make one on the page Settings > Alerts\n",
    );
  }
  writeTable(context.io, channels, [
    { title: "ID", value: ({ id }) => id },
    { title: "NAME", value: ({ name }) => name },
    { title: "KIND", value: ({ kind }) => kind },
    { title: "LEADS TO", value: ({ target }) => target },
    { title: "STATE", value: stateOf },
    {
      title: "DELIVERED LAST",
      value: ({ health: { lastDeliveredAt } }) =>
        lastDeliveredAt === null ? null : formatTime(lastDeliveredAt),
    },
    { title: "WAITING", value: ({ waiting }) => String(waiting) },
    { title: "LAST ERROR", value: ({ health }) => health.lastError },
  ]);
  return EXIT.ok;
}

function stateOf({ blockedBy, health }: AlertChannelView): string {
  if (blockedBy !== null) return "switched off";
  return health.failingSince === null ? "ok" : "failing";
}

async function test(
  context: CommandContext,
  client: ApiClient,
  name: string | undefined,
): Promise<number> {
  if (name === undefined) {
    throw usageError(
      '"alerts test" needs a channel',
      "List them: deno task agent alerts list",
    );
  }
  const channel = await findChannel(client, name);
  const delivery = await client.testAlertChannel(channel.id);
  if (context.isJson) writeJson(context.io, delivery);
  else if (delivery.state === "delivered") {
    context.io.stdout(`The test of ${channel.name} was delivered\n`);
  } else {
    context.io.stderr(
      `The test of ${channel.name} did not arrive: ${delivery.lastError}\n`,
    );
  }
  return delivery.state === "delivered" ? EXIT.ok : EXIT.failed;
}

async function findChannel(
  client: ApiClient,
  wanted: string,
): Promise<AlertChannelView> {
  const channels = await client.alertChannels();
  const found = channels.find(({ id, name }) =>
    id === wanted || name.toLowerCase() === wanted.toLowerCase()
  );
  if (found !== undefined) return found;
  const names = channels.map(({ name }) => name);
  throw new CliError(
    `You have no alert channel "${wanted}".${suggest(wanted, names)}`,
    { exitCode: EXIT.notFound, next: "List them: deno task agent alerts list" },
  );
}
