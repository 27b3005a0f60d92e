import { Hono } from "hono";
import {
  loginRequestSchema,
  type LoginResponse,
  type SessionResponse,
  setupRequestSchema,
} from "../../contracts/auth.ts";
import {
  type AcceptedInvite,
  acceptInviteSchema,
} from "../../contracts/people.ts";
import { passkeyLoginSchema } from "../../contracts/passkey.ts";
import type { MeResponse } from "../client.ts";
import type { AssertionOptions } from "../../auth/passkeys/port.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  loginOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { readJson } from "../input.ts";
import { ACTIONS, reachOfAll } from "../../contracts/policy.ts";
import { clearedSessionCookie } from "../credential.ts";
import { relyingPartyOf } from "../relying_party.ts";
import { loginClientOf, setSessionCookie } from "./login_answer.ts";

/** First account, login, logout, and who is logged in. */
export function accountRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { auth } = options;
  return new Hono<ApiEnv>()
    .post("/setup", async (c) => {
      const request = setupRequestSchema.parse((await readJson(c)).value);
      const session = await auth.setup(request, loginClientOf(c));
      return withCookie(c, { options, session, status: 201 });
    })
    .post("/login", async (c) => {
      const request = loginRequestSchema.parse((await readJson(c)).value);
      const session = await auth.login(request, loginClientOf(c));
      return withCookie(c, { options, session, status: 200 });
    })
    .post("/passkey/options", async (c) => {
      const site = relyingPartyOf(c.req.raw, options);
      return c.json<AssertionOptions>(await auth.passkeys.loginOptions(site));
    })
    .post("/passkey", async (c) => {
      const { credential } = passkeyLoginSchema.parse(
        (await readJson(c)).value,
      );
      const session = await auth.loginByPasskey(credential, {
        site: relyingPartyOf(c.req.raw, options),
        client: loginClientOf(c),
      });
      return withCookie(c, { options, session, status: 200 });
    })
    .post("/invite", async (c) => {
      const request = acceptInviteSchema.parse((await readJson(c)).value);
      return c.json<AcceptedInvite>(
        await auth.people.accept(request, loginClientOf(c)),
        201,
      );
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
  c: ApiContext,
  { options, session, status }: {
    options: ApiOptions;
    session: SessionResponse;
    status: 200 | 201;
  },
): Response {
  setSessionCookie(c, options, session);
  // What keeps the login is the cookie's alone: no script of a page may read it.
  const { token: _, ...shown } = session;
  return c.json<LoginResponse>(shown, status);
}
