/**
 * What every request passes before its handler: rate, login, existence of the
 * route, origin, drain. Then, at each route, the policy.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { callerActor } from "../contracts/audit.ts";
import { AppError } from "../core/errors.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiLimits,
  type ApiOptions,
  callerOf,
  type Login,
  loginOf,
} from "./context.ts";
import { type Action, isAllowed, roleNeeded } from "../contracts/policy.ts";
import {
  addressKey,
  createRateLimiter,
  type RateLimiter,
} from "./rate_limit.ts";
import type { RouteTable } from "./route_table.ts";
import { readCredential } from "./credential.ts";
import { originOf } from "./origin.ts";

/** The only paths that answer without a login. */
export const OPEN_PATHS: readonly string[] = [
  "/api/auth/login",
  "/api/auth/setup",
  "/api/health/live",
  "/api/health/ready",
];

/** Probes are answered whatever else comes from their address. */
const UNLIMITED_PATHS: readonly string[] = OPEN_PATHS.filter((path) =>
  path.startsWith("/api/health/")
);

const SAFE_METHODS: readonly string[] = ["GET", "HEAD"];

/** Posts that add no risk and so work while the server drains. */
const HARMLESS_POSTS: readonly string[] = [
  "/api/agents/validate",
  "/api/teams/validate",
  "/api/emergency/drill",
  // Whatever it comes to, a stop only takes risk away.
  "/api/emergency",
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
    const found = isOpen ? null : await findLogin(c, options);
    const login = found !== null && "identity" in found ? found : null;
    if (!UNLIMITED_PATHS.includes(path)) {
      limitRate(c, { limiter, login, limits: options.limits });
    }
    if (!isOpen && login === null) throw loginNeeded(found !== null);
    table().check(method, path);
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
    c.set("login", login ?? undefined);
    await next();
  };
}

/** Guards routes by the policy table. */
export interface Authorizer {
  /** Middleware for a route that is one action. */
  allow(action: Action): MiddlewareHandler<ApiEnv>;
  /** For an action that the body names. @throws {AppError} ROLE_MISSING. */
  authorize(c: ApiContext, action: Action): Promise<void>;
}

/** Makes the guard of the policy table. */
export function createAuthorizer(options: ApiOptions): Authorizer {
  const authorize = async (c: ApiContext, action: Action) => {
    const { user } = loginOf(c).identity;
    if (isAllowed(user.role, action)) return;
    const needed = roleNeeded(action);
    const refusal =
      `"${action}" needs the role ${needed}; yours is ${user.role}. Ask an admin for it`;
    const caller = callerOf(c);
    await options.audit?.({
      at: options.now(),
      actor: callerActor(caller),
      via: caller.via,
      action,
      target: c.req.path,
      outcome: "refused",
      reason: `needs the role ${needed}`,
      detail: { requestId: c.env.requestId },
    });
    throw new AppError("ROLE_MISSING", refusal);
  };
  return {
    authorize,
    allow: (action) => async (c, next) => {
      await authorize(c, action);
      await next();
    },
  };
}

/** Null = nothing was sent; `invalid` = something was, and it is no login. */
async function findLogin(
  c: ApiContext,
  options: ApiOptions,
): Promise<Login | { invalid: true } | null> {
  const credential = readCredential(c.req.raw, options);
  if (credential.kind === "none") return null;
  if (credential.kind === "malformed") return { invalid: true };
  const identity = await options.auth.authenticate(credential.token);
  if (identity === null) return { invalid: true };
  return { identity, token: credential.token, transport: credential.kind };
}

function loginNeeded(wasInvalid: boolean): AppError {
  return new AppError(
    "AUTH_REQUIRED",
    wasInvalid
      ? "The login is not valid or has ended; log in again"
      : "Log in, or send a token with the header Authorization: Bearer <token>",
  );
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
