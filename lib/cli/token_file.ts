import { CliError, EXIT } from "./errors.ts";
import type { CliIo } from "./io.ts";

/** A saved login of one server. */
export interface SavedLogin {
  token: string;
  email: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** Logins by server, so that a token never goes to a server that did not give it. */
interface TokenFile {
  version: 1;
  servers: Record<string, SavedLogin>;
}

/** Where logins are kept: `$XDG_CONFIG_HOME/smc-fleet/token.json`, else below `~/.config`. */
export function tokenFilePath(io: Pick<CliIo, "env">): string {
  const configured = io.env("XDG_CONFIG_HOME");
  const home = io.env("HOME");
  const folder = configured !== undefined && configured !== ""
    ? configured
    : home !== undefined && home !== ""
    ? `${home}/.config`
    : null;
  if (folder === null) {
    throw new CliError("Neither HOME nor XDG_CONFIG_HOME is set", {
      exitCode: EXIT.failed,
      next: "Set one of them, or pass the token in AGENT_TOKEN",
    });
  }
  return `${folder}/smc-fleet/token.json`;
}

/** The token for a server: AGENT_TOKEN first, then the saved login; null if there is none. */
export async function findToken(
  io: CliIo,
  server: string,
): Promise<string | null> {
  const given = io.env("AGENT_TOKEN")?.trim();
  if (given !== undefined && given !== "") return given;
  return (await readTokenFile(io)).servers[server]?.token ?? null;
}

/** Keeps a login. @returns Where it is kept. */
export async function saveLogin(
  io: CliIo,
  server: string,
  login: SavedLogin,
): Promise<string> {
  const path = tokenFilePath(io);
  const file = await readTokenFile(io);
  file.servers[server] = login;
  await writeTokenFile(io, file);
  return path;
}

/** Forgets the login of a server, if there is one. */
export async function forgetLogin(io: CliIo, server: string): Promise<void> {
  const file = await readTokenFile(io);
  if (!Object.hasOwn(file.servers, server)) return;
  delete file.servers[server];
  await writeTokenFile(io, file);
}

async function readTokenFile(io: CliIo): Promise<TokenFile> {
  const empty: TokenFile = { version: 1, servers: {} };
  if (!io.env("XDG_CONFIG_HOME") && !io.env("HOME")) return empty;
  const text = await io.readFile(tokenFilePath(io));
  if (text === null) return empty;
  try {
    const file = JSON.parse(text);
    if (file?.version === 1 && typeof file.servers === "object") return file;
  } catch {
    // Handled below, with the same sentence as a wrong version.
  }
  throw new CliError(`The token file ${tokenFilePath(io)} cannot be read`, {
    exitCode: EXIT.failed,
    next: "Delete it and log in again: deno task agent login",
  });
}

async function writeTokenFile(io: CliIo, file: TokenFile): Promise<void> {
  await io.writePrivateFile(
    tokenFilePath(io),
    `${JSON.stringify(file, null, 2)}\n`,
  );
}
