import type { ProgramLogin } from "../../contracts/auth.ts";
import { type ApiClient, createApiClient } from "../api_client.ts";
import { NO_BEARER, savedBearer } from "../bearer.ts";
import {
  type Command,
  type CommandContext,
  requiredOption,
  textOption,
} from "../command.ts";
import { CliError, EXIT, usageError } from "../errors.ts";
import { plain, writeJson } from "../output.ts";
import { withLoginCode } from "./fresh_proof.ts";
import { forgetLogin, readLogin, saveLogin } from "../token_file.ts";

const PASSWORD_OPTIONS = {
  email: { type: "string" },
  "password-stdin": { type: "boolean" },
} as const;

/** `login`: gets tokens and keeps them. */
export const loginCommand: Command = {
  name: "login",
  usage: "[--email E] [--password-stdin]",
  summary: "Log in and keep the login",
  details: [
    "--email E           your e-mail address; asked for on a terminal",
    "--password-stdin    read the password from standard input",
    "",
    "The password is asked for without echo, and a code where you have a second factor.",
    "A passkey needs a browser: with passkeys only, make an API token in the panel (Settings, API",
    "tokens) and set AGENT_TOKEN to it, or add an authenticator there.",
    "Where standard input is no terminal, its first line is the password and its second the code.",
    "The login is kept in a file for each server in $XDG_CONFIG_HOME/smc-fleet or",
    "~/.config/smc-fleet (mode 600); it renews itself and ends after 12 hours.",
    "AGENT_TOKEN in the environment goes before it: an API token (deno task agent tokens).",
  ],
  options: PASSWORD_OPTIONS,
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const email = await readEmail(context);
    const secrets = await readSecrets(context, { isNew: false });
    const client = anonymous(context);
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
  usage: "[--email E] [--password-stdin] [--token T]",
  summary: "Make the first account with the server's setup token",
  details: [
    "--email E           e-mail address of the first account, an admin",
    "--password-stdin    read what is secret from standard input",
    "--token T           the setup token; better left out, because others on this machine can read",
    "                    what a command line says",
    "",
    "The server prints the token on its first start, and keeps it in DATA_DIR/setup-token. It is asked",
    "for without echo, and so is the password. Where standard input is no terminal, its first line is",
    "the token and its second the password; the password alone where --token is given.",
  ],
  options: { ...PASSWORD_OPTIONS, token: { type: "string" } },
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const { token, email, password } = await readSetup(context);
    const client = anonymous(context);
    await client.setup({ token, email, password });
    return keep(context, await client.login({ email, password }));
  },
};

/** `logout`: ends the login at the server and forgets its tokens. */
export const logoutCommand: Command = {
  name: "logout",
  usage: "",
  summary: "End the login and forget its tokens",
  details: [],
  options: {},
  operands: { min: 0, max: 0, what: "" },
  run: async (context) => {
    const { io, server } = context;
    if (await readLogin(io, server) === null) {
      io.stderr(`You are not logged in at ${server}\n`);
      return EXIT.ok;
    }
    try {
      // Of the kept login, whatever AGENT_TOKEN says.
      const bearer = savedBearer(io, server);
      await createApiClient({ server, bearer, io }).logout();
    } catch (error) {
      const code = error instanceof CliError ? error.problem?.code : undefined;
      await forgetLogin(io, server);
      if (code === "AUTH_REQUIRED" || code === "REFRESH_INVALID") {
        io.stderr("The login had ended already; it is forgotten\n");
        return EXIT.ok;
      }
      io.stderr(
        "The login is forgotten here, but the server was not told: it ends by itself\n",
      );
      throw error;
    }
    await forgetLogin(io, server);
    io.stderr(`Logged out at ${server}\n`);
    return EXIT.ok;
  },
};

function anonymous({ server, io }: CommandContext): ApiClient {
  return createApiClient({ server, bearer: NO_BEARER, io });
}

async function keep(
  context: CommandContext,
  login: ProgramLogin,
): Promise<number> {
  const { io, server } = context;
  const { user, loginEndsAt } = login;
  const path = await saveLogin(io, server, login);
  const { hostname, protocol } = new URL(server);
  if (protocol === "http:" && !/^(localhost|127\.|\[::1\])/.test(hostname)) {
    io.stderr(
      `Warning: ${server} is not encrypted; whoever listens in can read the token\n`,
    );
  }
  io.stderr(
    `Logged in as ${
      plain(user.email)
    } (${user.role}) until ${loginEndsAt}; kept in ${path}\n`,
  );
  if (login.recoveryCodesLeft !== undefined) {
    io.stderr(
      `Warning: that recovery code is used up; ${login.recoveryCodesLeft} are left\n`,
    );
  }
  if ((io.env("AGENT_TOKEN") ?? "") !== "") {
    io.stderr("AGENT_TOKEN is set and goes before this login\n");
  }
  // The tokens stay out of the output, which may end up in a log.
  if (context.isJson) writeJson(io, { server, user, loginEndsAt });
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

/** What the first account is made with. */
async function readSetup(
  context: CommandContext,
): Promise<{ token: string; email: string; password: string }> {
  const { io, values } = context;
  if (values["token"] !== undefined) {
    const token = requiredOption(context, "token", "T, or leave it out");
    const email = await readEmail(context);
    const { password } = await readSecrets(context, { isNew: true });
    return { token, email, password };
  }
  if (isPasswordPiped(context) || !io.isInputTerminal) {
    const email = await readEmail(context);
    const [token = "", password = ""] = (await io.readInput()).split(/\r?\n/);
    if (token.trim() !== "" && password !== "") {
      return { token: token.trim(), email, password };
    }
    throw usageError(
      "Standard input must have the setup token in its first line and the password in its second",
    );
  }
  const token = (await io.readSecret("Setup token: ")).trim();
  if (token === "") throw usageError("No setup token was entered");
  const email = await readEmail(context);
  const { password } = await readSecrets(context, { isNew: true });
  return { token, email, password };
}

const LOOKS_LIKE_CODE = /^(\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/i;

/** The password, and a code where standard input has one. */
async function readSecrets(
  context: CommandContext,
  { isNew }: { isNew: boolean },
): Promise<{ password: string; code?: string }> {
  const { io } = context;
  if (isPasswordPiped(context) || !io.isInputTerminal) {
    const [password = "", second = ""] = (await io.readInput()).split(/\r?\n/);
    if (password === "") {
      throw usageError("Standard input has no password in its first line");
    }
    // Files often go on after the password; only what looks like a code is one.
    const code = second.trim();
    return LOOKS_LIKE_CODE.test(code) ? { password, code } : { password };
  }
  const password = await io.readSecret("Password: ");
  if (password === "") throw usageError("No password was entered");
  if (isNew && await io.readSecret("Password again: ") !== password) {
    throw usageError("The two passwords differ; enter the same one twice");
  }
  return { password };
}

function isPasswordPiped(context: CommandContext): boolean {
  return context.values["password-stdin"] === true;
}
