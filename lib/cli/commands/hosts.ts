import type { HostsResponse } from "../../contracts/host.ts";
import { noSuchAction } from "../actions.ts";
import { type Command, type CommandContext, textOption } from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { plain, writeJson, writeTable } from "../output.ts";
import { withFreshProof } from "./fresh_proof.ts";

const ACTIONS = ["list", "drain", "forget"] as const;
const NEXT = "Read the usage: deno task agent hosts --help";

/** `hosts`: the processes that run agents over one store. */
export const hostsCommand: Command = {
  name: "hosts",
  usage: "[list | drain ID | forget ID --confirm ID]",
  summary: "List, drain and forget the hosts that share a store",
  details: [
    "drain ID          have it give its agents away and end",
    "forget ID         give it up for good once it is gone: what it had goes on elsewhere, agents that trade with money included",
    "--confirm ID      the name once more; asked for on a terminal",
    "",
    "drain and forget want a fresh proof that it is you, asked for on a terminal.",
  ],
  options: { confirm: { type: "string" } },
  operands: { min: 0, max: 2, what: "host" },
  run: async (context) => {
    const [action = "list", id] = context.operands;
    switch (action) {
      case "list":
        return await list(context);
      case "drain":
        return await drain(context, needed(id, action));
      case "forget":
        return await forget(context, needed(id, action));
      default:
        throw noSuchAction("hosts", action, ACTIONS);
    }
  },
};

async function list(context: CommandContext): Promise<number> {
  const { io } = context;
  const answer = await (await context.client()).hosts();
  if (context.isJson) {
    writeJson(io, answer);
    return EXIT.ok;
  }
  if (!answer.isShared) {
    io.stderr("This server is the only process over its store\n");
    return EXIT.ok;
  }
  writeHosts(context, answer);
  for (const warning of answer.warnings) io.stderr(`${plain(warning)}\n`);
  return EXIT.ok;
}

function writeHosts(
  { io }: CommandContext,
  { items }: HostsResponse,
): void {
  writeTable(io, items, [
    { title: "HOST", value: ({ id }) => id },
    { title: "STATE", value: ({ state }) => state },
    { title: "ROLE", value: ({ role }) => role },
    { title: "AGENTS", value: (host) => `${host.agents}/${host.capacity}` },
    { title: "LIVE", value: ({ isLiveArmed }) => isLiveArmed ? "yes" : "no" },
    { title: "VERSION", value: ({ version }) => version },
    { title: "SEEN", value: ({ lastSeenAt }) => lastSeenAt },
    { title: "EXCHANGES", value: ({ exchanges }) => exchanges.join(" ") },
  ]);
}

async function drain(context: CommandContext, id: string): Promise<number> {
  const client = await context.client();
  await withFreshProof(context, () => client.drainHost(id));
  context.io.stderr(
    `"${
      plain(id)
    }" gives its agents away and ends; deno task agent hosts shows it\n`,
  );
  return EXIT.ok;
}

async function forget(context: CommandContext, id: string): Promise<number> {
  const confirm = await confirmed(context, id);
  const client = await context.client();
  await withFreshProof(context, () => client.forgetHost(id, confirm));
  context.io.stderr(
    `"${plain(id)}" is forgotten: its agents go on elsewhere\n`,
  );
  return EXIT.ok;
}

/** The server compares: what is typed is sent as it is. */
async function confirmed(
  { io, values }: CommandContext,
  id: string,
): Promise<string> {
  const given = textOption(values, "confirm");
  if (given !== undefined) return given;
  if (!io.isInputTerminal) {
    throw usageError(
      "Without a terminal forgetting a host needs its name once more",
      `Add --confirm ${id}`,
    );
  }
  return (await io.readLine(
    "Agents of it that trade with money go on elsewhere. Its name once more: ",
  )).trim();
}

function needed(id: string | undefined, action: string): string {
  if (id !== undefined) return id;
  throw usageError(`"hosts ${action}" needs the name of a host`, NEXT);
}
