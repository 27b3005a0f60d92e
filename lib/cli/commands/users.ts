import type { LinkResponse, PersonView } from "../../contracts/people.ts";
import { suggest } from "../../core/nearest.ts";
import { noSuchAction } from "../actions.ts";
import type { ApiClient } from "../api_client.ts";
import {
  type Command,
  type CommandContext,
  requiredOption,
} from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { plain, writeJson, writeTable } from "../output.ts";
import { withFreshProof } from "./fresh_proof.ts";

const ACTIONS = [
  "list",
  "invite",
  "links",
  "revoke",
  "role",
  "disable",
  "enable",
  "reset",
] as const;

/** `users`: accounts of people. */
export const usersCommand: Command = {
  name: "users",
  usage:
    "[list | invite EMAIL --role R | role USER --role R | disable USER | enable USER | reset USER [--remove-factor] | links | revoke LINK]",
  summary: "List, invite and change the people who may log in",
  details: [
    "invite EMAIL      make a one-time link for a new account, good for seven days",
    "role USER         give another role; every login of theirs ends",
    "disable, enable   take the access away and give it back",
    "reset USER        make a one-time link for a new password, good for a day",
    "--role R          viewer, operator, trader, risk or admin",
    "--remove-factor   the link takes their second factor away, too",
    "links, revoke     list links that were not used yet, and take one back by its id",
    "",
    "USER is an id or an e-mail. Links are printed once and sent to nobody: hand them on yourself.",
    "All but the lists want a fresh proof that it is you, asked for on a terminal.",
  ],
  options: {
    role: { type: "string" },
    "remove-factor": { type: "boolean" },
  },
  operands: { min: 0, max: 2, what: "user" },
  run: async (context) => {
    const [action = "list", name] = context.operands;
    const client = await context.client();
    switch (action) {
      case "list":
        return await list(context, client);
      case "links":
        return await links(context, client);
      case "invite": {
        const email = needed(name, action, "an e-mail");
        const role = requiredOption(context, "role", "trader");
        return showLink(
          context,
          await withFreshProof(context, () => client.invite({ email, role })),
        );
      }
      case "revoke": {
        const id = needed(name, action, "the id of a link");
        await withFreshProof(context, () => client.revokeInvite(id));
        context.io.stderr("The link is worth nothing any more\n");
        return EXIT.ok;
      }
      case "reset": {
        const { id } = await find(client, needed(name, action, "a user"));
        const removesFactor = context.values["remove-factor"] === true;
        return showLink(
          context,
          await withFreshProof(
            context,
            () => client.resetLink(id, removesFactor),
          ),
        );
      }
      case "role":
      case "disable":
      case "enable": {
        const change = changeOf(context, action);
        const { id } = await find(client, needed(name, action, "a user"));
        return show(
          context,
          await withFreshProof(context, () => client.changePerson(id, change)),
        );
      }
      default:
        throw noSuchAction("users", action, ACTIONS);
    }
  },
};

function changeOf(
  context: CommandContext,
  action: "role" | "disable" | "enable",
): Parameters<ApiClient["changePerson"]>[1] {
  if (action !== "role") {
    return { status: action === "disable" ? "disabled" : "active" };
  }
  // The server knows the roles, and says so of any other word.
  const role = requiredOption(context, "role", "trader");
  return { role: role as PersonView["role"] };
}

async function list(
  context: CommandContext,
  client: ApiClient,
): Promise<number> {
  const people = await client.people();
  if (context.isJson) {
    writeJson(context.io, people);
    return EXIT.ok;
  }
  writeTable(context.io, people, [
    { title: "EMAIL", value: ({ email }) => email },
    { title: "ROLE", value: ({ role }) => role },
    { title: "STATUS", value: ({ status }) => status },
    { title: "FACTOR", value: ({ hasFactor }) => hasFactor ? "yes" : "none" },
    { title: "SINCE", value: ({ createdAt }) => createdAt.slice(0, 10) },
    { title: "ID", value: ({ id }) => id },
  ]);
  return EXIT.ok;
}

async function links(
  context: CommandContext,
  client: ApiClient,
): Promise<number> {
  const invites = await client.invites();
  if (context.isJson) {
    writeJson(context.io, invites);
    return EXIT.ok;
  }
  writeTable(context.io, invites, [
    { title: "FOR", value: ({ email }) => email },
    {
      title: "WHAT",
      value: ({ role }) => role === null ? "new password" : `account, ${role}`,
    },
    { title: "BY", value: ({ createdBy }) => createdBy },
    { title: "UNTIL", value: ({ expiresAt }) => expiresAt },
    { title: "ID", value: ({ id }) => id },
  ]);
  return EXIT.ok;
}

function show(context: CommandContext, person: PersonView): number {
  if (context.isJson) writeJson(context.io, person);
  else {
    context.io.stdout(
      `${plain(person.email)}: ${person.role}, ${person.status}\n`,
    );
  }
  return EXIT.ok;
}

function showLink(context: CommandContext, made: LinkResponse): number {
  const { io } = context;
  if (context.isJson) writeJson(io, made);
  else {
    io.stderr(
      `For ${
        plain(made.invite.email)
      }, once, until ${made.invite.expiresAt}; shown this once:\n`,
    );
    io.stdout(`${plain(made.link)}\n`);
  }
  return EXIT.ok;
}

function needed(
  name: string | undefined,
  action: string,
  what: string,
): string {
  if (name !== undefined) return name;
  throw usageError(
    `"users ${action}" needs ${what}`,
    "Read the usage: deno task agent users --help",
  );
}

async function find(client: ApiClient, name: string): Promise<PersonView> {
  const people = await client.people();
  const wanted = name.trim().toLowerCase();
  const found = people.find(({ id, email }) =>
    id === name.trim() || email === wanted
  );
  if (found !== undefined) return found;
  const emails = people.map(({ email }) => email);
  throw new CliError(`There is nobody "${name}".${suggest(wanted, emails)}`, {
    exitCode: EXIT.notFound,
    next: "List them: deno task agent users",
  });
}
