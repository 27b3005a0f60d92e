/**
 * What every request passes before its handler: rate, login, existence of the
 * route, origin, drain. Then, at each route, the policy.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { TICKET_PATH } from "../contracts/live_settings.ts";
import { readToken } from "../contracts/token_text.ts";
import { addressKey } from "../core/address_key.ts";
import { AppError } from "../core/errors.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiLimits,
  type ApiOptions,
  type Login,
} from "./context.ts";
import { createRateLimiter, type RateLimiter } from "./rate_limit.ts";
import type { RouteTable } from "./route_table.ts";
import { readCredential } from "./credential.ts";
import { originOf } from "./origin.ts";

export { type Authorizer, createAuthorizer } from "./authorizer.ts";

/** Answers everybody, and who is logged in with more. */
const HEALTH_PATH = "/api/health";

/** The only paths that answer without a login. */
export const OPEN_PATHS: readonly string[] = [
  "/api/auth/login",
  "/api/auth/setup",
  "/api/auth/token",
  "/api/auth/refresh",
  "/api/auth/invite",
  "/api/auth/passkey",
  "/api/auth/passkey/options",
  HEALTH_PATH,
  "/api/health/live",
  "/api/health/ready",
  "/api/csp-report",
  // Its first frame says who asks.
  "/api/socket/with-ticket",
];

/** Probes are answered whatever else comes from their address. */
const UNLIMITED_PATHS: readonly string[] = OPEN_PATHS.filter((path) =>
  path.startsWith("/api/health/")
);

const SAFE_METHODS: readonly string[] = ["GET", "HEAD"];

const STREAM_PATHS: readonly string[] = [
  "/api/stream",
  "/api/socket",
  TICKET_PATH,
];

/** Posts that add no risk and so work while the server drains. */
const HARMLESS_POSTS: readonly string[] = [
  "/api/agents/validate",
  "/api/teams/validate",
  "/api/emergency/drill",
  // Whatever it comes to, a stop only takes risk away.
  "/api/emergency",
  "/api/auth/refresh",
];

/** Makes the middleware that every request passes first. */
export function createGate(
  options: ApiOptions,
  table: () => RouteTable,
): MiddlewareHandler<ApiEnv> {
  const limiter = createRateLimiter({ now: options.now });
  return async (c, next) => {
    const { path, method } = c.req;
    const isOpen = OPEN_PATHS.includes(path);
    const wantsLogin = !isOpen || path === HEALTH_PATH;
    const found = wantsLogin ? await findLogin(c, options) : null;
    const login = found !== null && typeof found !== "string" ? found : null;
    if (!UNLIMITED_PATHS.includes(path)) {
      limitRate(c, { limiter, login, limits: options.limits });
    }
    if (!isOpen && login === null) throw loginNeeded(found);
    c.env.route = table().check(method, path);
    c.set("login", login ?? undefined);
    checkOrigin(c, { options, login });
    if (
      options.isDraining() && !SAFE_METHODS.includes(method) &&
      !HARMLESS_POSTS.includes(path)
    ) {
      throw new AppError(
        "DRAINING",
        "The server is shutting down and takes no changes; repeat this when it is up again",
      );
    }
    await next();
  };
}

/** Why a request has no login. */
type NoLogin = "nothing sent" | "not valid" | "mistyped";

/** A login, or why there is none. A stream opens itself again and again: that keeps nobody logged in. */
async function findLogin(
  c: ApiContext,
  options: ApiOptions,
): Promise<Login | NoLogin> {
  const credential = readCredential(c.req.raw, options);
  if (credential.kind === "none") return "nothing sent";
  if (credential.kind === "malformed") return "not valid";
  const { token, kind: transport } = credential;
  const isActivity = !STREAM_PATHS.includes(c.req.path);
  const use = { transport, isActivity };
  const identity = await options.auth.authenticate(token, use);
  if (identity !== null) return { identity, transport };
  return readToken(token, "smc_") === "mistyped" ? "mistyped" : "not valid";
}

const NO_LOGIN_WORDS: Readonly<Record<NoLogin, string>> = {
  "nothing sent":
    "Log in, or send a token with the header Authorization: Bearer <token>",
  "not valid": "The login is not valid or has ended; log in again",
  mistyped:
    "The API token is mistyped or cut: its checksum is wrong; copy it anew, or log in and make another",
};

function loginNeeded(why: NoLogin | Login | null): AppError {
  const word = typeof why === "string" ? why : "nothing sent";
  return new AppError("AUTH_REQUIRED", NO_LOGIN_WORDS[word]);
}

function limitRate(
  c: ApiContext,
  { limiter, login, limits }: {
    limiter: RateLimiter;
    login: Login | null;
    limits: ApiLimits;
  },
): void {
  const verdict = login === null
    ? limiter.take(`address ${addressKey(c.env.remoteAddress)}`, {
      perSecond: limits.addressPerSecond,
      burst: limits.addressBurst,
    })
    : limiter.take(`user ${login.identity.user.id}`, {
      perSecond: limits.userPerSecond,
      burst: limits.userBurst,
    });
  const headers = c.env.extraHeaders;
  headers.set("RateLimit-Limit", String(verdict.limit));
  headers.set("RateLimit-Remaining", String(verdict.remaining));
  headers.set("RateLimit-Reset", String(verdict.resetSeconds));
  if (verdict.allowed) return;
  const seconds = Math.max(1, Math.ceil(verdict.retryAfterMs / 1_000));
  throw new AppError(
    "RATE_LIMITED",
    `You send more requests than are allowed; wait ${seconds} s`,
    { cause: { retryAfterMs: verdict.retryAfterMs } },
  );
}

/** Nobody else's page may use the cookie: not to change, not to listen, not to log in as somebody. */
function checkOrigin(
  c: ApiContext,
  { options, login }: { options: ApiOptions; login: Login | null },
): void {
  if (login?.transport === "bearer") return;
  const origin = originOf(c.req.raw, options);
  const changes = !SAFE_METHODS.includes(c.req.method);
  const isSocket = c.req.path === "/api/socket";
  const isStream = c.req.path === "/api/stream";
  // A login form without these headers is a script's: it has no cookie to lose.
  const mustBeOwn = login !== null && (changes || isSocket);
  const mustNotBeForeign = changes || isSocket || isStream;
  if (
    mustBeOwn && origin !== "own" || mustNotBeForeign && origin === "foreign"
  ) {
    throw new AppError(
      "ORIGIN_FOREIGN",
      "The session cookie works only from this server's own pages; a script sends its token with Authorization: Bearer",
    );
  }
}
