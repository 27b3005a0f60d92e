import { noSuchAction } from "../actions.ts";
import { type Command, type CommandContext, textOption } from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { formatTime, writeJson, writeTable } from "../output.ts";

const ACTIONS = ["revoke", "revoke-others"] as const;

/** `sessions`: where a person is logged in. */
export const sessionsCommand: Command = {
  name: "sessions",
  usage: "[revoke ID | revoke-others] [--user U]",
  summary: "List and end your logins, of browsers and of programs",
  details: [
    "revoke ID       end one login, at once",
    "revoke-others   end all but this one",
    "--user U        the logins of another user, by id: for an admin; revoke-others ends all of them",
  ],
  options: { user: { type: "string" } },
  operands: { min: 0, max: 2, what: "login" },
  run: async (context) => {
    const [action, id] = context.operands;
    const user = textOption(context.values, "user")?.trim() ?? "";
    const client = await context.client();
    switch (action) {
      case undefined:
        return await list(context, user);
      case "revoke":
        if (id === undefined) {
          throw usageError(
            "Name the login to end",
            "List them: deno task agent sessions",
          );
        }
        await client.revokeSession(id);
        context.io.stderr("The login has ended\n");
        return EXIT.ok;
      case "revoke-others": {
        const revoked = await client.revokeOtherSessions(user);
        if (context.isJson) writeJson(context.io, { revoked });
        else context.io.stderr(`Logins that have ended: ${revoked}\n`);
        return EXIT.ok;
      }
      default:
        throw noSuchAction("sessions", action, ACTIONS);
    }
  },
};

async function list(context: CommandContext, user: string): Promise<number> {
  const sessions = await (await context.client()).sessions(user);
  if (context.isJson) {
    writeJson(context.io, sessions);
    return EXIT.ok;
  }
  writeTable(context.io, sessions, [
    { title: "ID", value: ({ id }) => id },
    { title: "KIND", value: ({ kind }) => kind },
    { title: "THIS", value: ({ isThis }) => isThis ? "this one" : "" },
    { title: "BEGUN", value: (one) => timeOf(one.createdAt) },
    { title: "LAST USED", value: (one) => timeOf(one.lastSeenAt) },
    { title: "ENDS", value: (one) => timeOf(one.expiresAt) },
    { title: "ADDRESS", value: ({ address }) => address },
    { title: "PROGRAM", value: ({ userAgent }) => userAgent },
  ]);
  return EXIT.ok;
}

function timeOf(text: string): string {
  return formatTime(Date.parse(text));
}
