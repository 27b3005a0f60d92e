import { type Context, Hono } from "hono";
import {
  loginRequestSchema,
  type LoginResponse,
  type SessionResponse,
  setupRequestSchema,
} from "../../contracts/auth.ts";
import type { MeResponse } from "../client.ts";
import { type ApiEnv, type ApiOptions, clientOf, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { readJson } from "../input.ts";
import { ACTIONS, reachOfAll } from "../../contracts/policy.ts";
import { clearedSessionCookie, sessionCookie } from "../credential.ts";

/** First account, login, logout, and who is logged in. */
export function accountRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { auth } = options;
  return new Hono<ApiEnv>()
    .post("/setup", async (c) => {
      const request = setupRequestSchema.parse((await readJson(c)).value);
      const session = await auth.setup(request, clientOf(c));
      return withCookie(c, { options, session, status: 201 });
    })
    .post("/login", async (c) => {
      const request = loginRequestSchema.parse((await readJson(c)).value);
      const session = await auth.login(request, clientOf(c));
      return withCookie(c, { options, session, status: 200 });
    })
    .post("/logout", allow("account.logout"), async (c) => {
      await auth.logout(loginOf(c).identity.sessionId);
      c.header("Set-Cookie", clearedSessionCookie(c.req.raw, options));
      return c.body(null, 204);
    })
    .get("/me", allow("account.read"), (c) => {
      const { user: { id, email, role }, scopes } = loginOf(c).identity;
      const reach = reachOfAll(role, scopes);
      const actions = ACTIONS.filter((action) => action in reach);
      return c.json<MeResponse>({ user: { id, email, role }, actions, reach });
    });
}

function withCookie(
  c: Context<ApiEnv>,
  { options, session, status }: {
    options: ApiOptions;
    session: SessionResponse;
    status: 200 | 201;
  },
): Response {
  const cookie = sessionCookie(c.req.raw, {
    allowedOrigins: options.allowedOrigins,
    session,
    now: options.now(),
  });
  c.header("Set-Cookie", cookie);
  // What keeps the login is the cookie's alone: no script of a page may read it.
  const { token: _, ...shown } = session;
  return c.json<LoginResponse>(shown, status);
}
