import type { ProgramLogin } from "../contracts/auth.ts";
import { CliError, EXIT } from "./errors.ts";
import type { CliIo } from "./io.ts";

/** A saved login of one server. */
export interface SavedLogin {
  version: 2;
  /** Whose tokens these are: they never go to another one. */
  server: string;
  email: string;
  accessToken: string;
  /** Works once: the file is written anew with each use. */
  refreshToken: string;
  /** End of the access token, ISO 8601. */
  expiresAt: string;
  /** End of the login. */
  loginEndsAt: string;
}

/**
 * Where the login of a server is kept: `login-<server>.json` in
 * `$XDG_CONFIG_HOME/smc-fleet`, else below `~/.config`. A file for each server,
 * so that commands at two of them do not undo each other's.
 */
export function loginFilePath(
  io: Pick<CliIo, "env">,
  server: string,
): string {
  const folder = configFolder(io);
  if (folder === null) {
    throw new CliError("Neither HOME nor XDG_CONFIG_HOME is set", {
      exitCode: EXIT.failed,
      next: "Set one of them, or pass a token in AGENT_TOKEN",
    });
  }
  return `${folder}/smc-fleet/login-${encodeURIComponent(server)}.json`;
}

/** The saved login of a server; null if there is none. */
export async function readLogin(
  io: CliIo,
  server: string,
): Promise<SavedLogin | null> {
  if (configFolder(io) === null) return null;
  const path = loginFilePath(io, server);
  const text = await io.readFile(path);
  if (text === null) return null;
  try {
    const login = JSON.parse(text) as SavedLogin;
    if (login.version === 2 && login.server === server) return login;
  } catch {
    // Handled below, with the same sentence as a wrong version.
  }
  throw new CliError(`The login file ${path} cannot be read`, {
    exitCode: EXIT.failed,
    next: "Delete it and log in again: deno task agent login",
  });
}

/** Keeps a login. @returns Where it is kept. */
export async function saveLogin(
  io: CliIo,
  server: string,
  login: ProgramLogin,
): Promise<string> {
  const path = loginFilePath(io, server);
  const { accessToken, refreshToken, expiresAt, loginEndsAt, user } = login;
  const saved: SavedLogin = {
    version: 2,
    server,
    email: user.email,
    accessToken,
    refreshToken,
    expiresAt,
    loginEndsAt,
  };
  await io.writePrivateFile(path, `${JSON.stringify(saved, null, 2)}\n`);
  return path;
}

/** Forgets the login of a server, if there is one. */
export async function forgetLogin(io: CliIo, server: string): Promise<void> {
  if (configFolder(io) !== null) {
    await io.removeFile(loginFilePath(io, server));
  }
}

function configFolder(io: Pick<CliIo, "env">): string | null {
  const configured = io.env("XDG_CONFIG_HOME");
  if (configured !== undefined && configured !== "") return configured;
  const home = io.env("HOME");
  return home !== undefined && home !== "" ? `${home}/.config` : null;
}
