import type { ProgramLogin } from "../contracts/auth.ts";
import { createSender } from "./api_sender.ts";
import { CliError, EXIT } from "./errors.ts";
import type { CliIo } from "./io.ts";
import {
  forgetLogin,
  readLogin,
  type SavedLogin,
  saveLogin,
} from "./token_file.ts";

/** An access token that ends within this time is renewed before it is used. */
const RENEW_BEFORE_MS = 30_000;

/** Where the token of each request comes from. */
export interface Bearer {
  /** The token for a request now; null without a login. */
  token(): Promise<string | null>;
  /** Another token in the place of one that the server has refused; null where there is none. */
  renew(refused: string): Promise<string | null>;
}

/** No login: for the requests that make one. */
export const NO_BEARER: Bearer = {
  token: () => Promise.resolve(null),
  renew: () => Promise.resolve(null),
};

/** AGENT_TOKEN (an API token or an access token) first, then the saved login, which is renewed by itself. */
export function createBearer(io: CliIo, server: string): Bearer {
  const given = io.env("AGENT_TOKEN")?.trim() ?? "";
  if (given === "") return savedBearer(io, server);
  if (given.startsWith("smr_")) {
    throw new CliError(
      "AGENT_TOKEN is a refresh token, which works once; give an API token (smc_…)",
      {
        exitCode: EXIT.usage,
        next:
          "Make one: deno task agent tokens create NAME --scope agents.read",
      },
    );
  }
  return { ...NO_BEARER, token: () => Promise.resolve(given) };
}

/**
 * The saved login. The file is read anew each time: another command may have
 * renewed it, and its refresh token works once. Two that renew at the same time
 * get the same answer from the server, so that both write the same file.
 */
export function savedBearer(io: CliIo, server: string): Bearer {
  const isFresh = ({ expiresAt }: SavedLogin) =>
    Date.parse(expiresAt) - io.now() > RENEW_BEFORE_MS;
  return {
    async token() {
      const saved = await readLogin(io, server);
      if (saved === null || isFresh(saved)) return saved?.accessToken ?? null;
      return await refresh(io, server, saved);
    },
    async renew(refused) {
      const saved = await readLogin(io, server);
      if (saved === null) return null;
      // Another command was faster.
      if (saved.accessToken !== refused && isFresh(saved)) {
        return saved.accessToken;
      }
      return await refresh(io, server, saved);
    },
  };
}

async function refresh(
  io: CliIo,
  server: string,
  saved: SavedLogin,
): Promise<string> {
  const send = createSender({ server, bearer: NO_BEARER, io });
  try {
    const response = await send("POST", "/auth/refresh", {
      body: { refreshToken: saved.refreshToken },
    });
    const login = await response.json() as ProgramLogin;
    await saveLogin(io, server, login);
    return login.accessToken;
  } catch (error) {
    const isRefused = error instanceof CliError &&
      error.problem?.code === "REFRESH_INVALID";
    if (!isRefused) throw error;
    const now = await readLogin(io, server);
    if (now !== null && now.refreshToken !== saved.refreshToken) {
      return now.accessToken;
    }
    await forgetLogin(io, server);
    throw error;
  }
}
