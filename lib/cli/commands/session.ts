import type { SessionResponse } from "../../contracts/auth.ts";
import { createApiClient } from "../api_client.ts";
import {
  type Command,
  type CommandContext,
  requiredOption,
  textOption,
} from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { plain, writeJson } from "../output.ts";
import { withLoginCode } from "./fresh_proof.ts";
import { findToken, forgetLogin, saveLogin } from "../token_file.ts";

const PASSWORD_OPTIONS = {
  email: { type: "string" },
  "password-stdin": { type: "boolean" },
} as const;

/** `login`: gets a token and keeps it. */
export const loginCommand: Command = {
  name: "login",
  usage: "[--email E] [--password-stdin]",
  summary: "Log in and keep the token",
  details: [
    "--email E           your e-mail address; asked for on a terminal",
    "--password-stdin    read the password from standard input",
    "",
    "The password is asked for without echo. Where standard input is no terminal,",
    "its first line is the password, and a second one the code of your second factor,",
    "which is asked for on a terminal. The token is kept in",
    "$XDG_CONFIG_HOME/smc-fleet/token.json or ~/.config/smc-fleet/token.json (mode 600).",
    "AGENT_TOKEN in the environment goes before it.",
  ],
  options: PASSWORD_OPTIONS,
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const email = await readEmail(context);
    const secrets = await readLoginSecrets(context);
    const client = createApiClient({
      server: context.server,
      token: null,
      io: context.io,
    });
    return keep(
      context,
      await withLoginCode(
        context,
        (more) => client.login({ email, ...secrets, ...more }),
      ),
    );
  },
};

/** `setup`: makes the first account. */
export const setupCommand: Command = {
  name: "setup",
  usage: "--token T [--email E] [--password-stdin]",
  summary: "Make the first account with the server's setup token",
  details: [
    "--token T           the token that the server printed on its first start",
    "--email E           e-mail address of the first account, an admin",
    "--password-stdin    read the password from standard input",
  ],
  options: { ...PASSWORD_OPTIONS, token: { type: "string" } },
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const token = requiredOption(
      context,
      "token",
      '"$(cat data/setup-token)"',
    );
    const email = await readEmail(context);
    const password = await readPassword(context, { isNew: true });
    const client = createApiClient({
      server: context.server,
      token: null,
      io: context.io,
    });
    return keep(context, await client.setup({ token, email, password }));
  },
};

/** `logout`: ends the session at the server and forgets the token. */
export const logoutCommand: Command = {
  name: "logout",
  usage: "",
  summary: "End the login and forget the token",
  details: [],
  options: {},
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const { io, server } = context;
    if (await findToken(io, server) === null) {
      io.stderr(`You are not logged in at ${server}\n`);
      return EXIT.ok;
    }
    try {
      await (await context.client()).logout();
    } catch (error) {
      const isOver = error instanceof CliError &&
        error.problem?.code === "AUTH_REQUIRED";
      await forgetLogin(io, server);
      if (isOver) {
        io.stderr("The login had ended already; the token is forgotten\n");
        return EXIT.ok;
      }
      io.stderr(
        "The token is forgotten here, but the server was not told: the login ends by itself\n",
      );
      throw error;
    }
    await forgetLogin(io, server);
    io.stderr(`Logged out at ${server}\n`);
    return EXIT.ok;
  },
};

async function keep(
  context: CommandContext,
  session: SessionResponse,
): Promise<number> {
  const { io, server } = context;
  const { user, expiresAt, token } = session;
  const path = await saveLogin(io, server, {
    token,
    email: user.email,
    expiresAt,
  });
  const { hostname, protocol } = new URL(server);
  if (protocol === "http:" && !/^(localhost|127\.|\[::1\])/.test(hostname)) {
    io.stderr(
      `Warning: ${server} is not encrypted; whoever listens in can read the token\n`,
    );
  }
  io.stderr(
    `Logged in as ${
      plain(user.email)
    } (${user.role}) until ${expiresAt}; token in ${path}\n`,
  );
  if (session.recoveryCodesLeft !== undefined) {
    io.stderr(
      `Warning: that recovery code is used up; ${session.recoveryCodesLeft} are left\n`,
    );
  }
  if ((io.env("AGENT_TOKEN") ?? "") !== "") {
    io.stderr("AGENT_TOKEN is set and goes before this login\n");
  }
  // The token itself stays out of the output, which may end up in a log.
  if (context.isJson) writeJson(io, { server, user, expiresAt });
  return EXIT.ok;
}

async function readEmail(context: CommandContext): Promise<string> {
  const given = textOption(context.values, "email")?.trim();
  if (given !== undefined && given !== "") return given;
  if (!context.io.isInputTerminal || isPasswordPiped(context)) {
    throw usageError("Give --email, for instance --email you@example.com");
  }
  return (await context.io.readLine("E-mail: ")).trim();
}

const LOOKS_LIKE_CODE = /^(\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/i;

/** The password; where it is piped, the code of the second factor may follow it. */
async function readLoginSecrets(
  context: CommandContext,
): Promise<{ password: string; code?: string }> {
  if (!isPasswordPiped(context) && context.io.isInputTerminal) {
    return { password: await readPassword(context, { isNew: false }) };
  }
  const [password = "", code = ""] = (await context.io.readInput())
    .split(/\r?\n/);
  if (password === "") {
    throw usageError("Standard input has no password in its first line");
  }
  // Files often go on after the password; only what looks like a code is one.
  return LOOKS_LIKE_CODE.test(code.trim())
    ? { password, code: code.trim() }
    : { password };
}

async function readPassword(
  context: CommandContext,
  { isNew }: { isNew: boolean },
): Promise<string> {
  const { io } = context;
  if (isPasswordPiped(context) || !io.isInputTerminal) {
    const first = (await io.readInput()).split(/\r?\n/)[0] ?? "";
    if (first === "") {
      throw usageError("Standard input has no password in its first line");
    }
    return first;
  }
  const password = await io.readSecret("Password: ");
  if (password === "") throw usageError("No password was entered");
  if (isNew && await io.readSecret("Password again: ") !== password) {
    throw usageError("The two passwords differ; enter the same one twice");
  }
  return password;
}

function isPasswordPiped(context: CommandContext): boolean {
  return context.values["password-stdin"] === true;
}
