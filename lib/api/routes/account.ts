import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  loginResponseSchema,
  meResponseSchema,
} from "../../contracts/answers/browser_login.ts";
import { assertionOptionsSchema } from "../../contracts/answers/passkey.ts";
import { acceptedInviteSchema } from "../../contracts/answers/people.ts";
import {
  loginRequestSchema,
  type LoginResponse,
  type SessionResponse,
  type SetupRequest,
  setupRequestSchema,
} from "../../contracts/auth.ts";
import { acceptInviteSchema } from "../../contracts/people.ts";
import { passkeyLoginSchema } from "../../contracts/passkey.ts";
import { ACTIONS, reachOfAll } from "../../contracts/policy.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
  loginOf,
} from "../context.ts";
import { clearedSessionCookie } from "../credential.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { relyingPartyOf } from "../relying_party.ts";
import { loginClientOf, setSessionCookie } from "./login_answer.ts";

/** First account, logins of browsers, logout, and who is logged in. */
export function accountRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineSetup(router, options);
  defineLogins(router, options);
  defineInvite(router, options);
  defineOwn(router, options);
  return router.app;
}

function defineSetup({ define }: Router, options: ApiOptions): void {
  const { auth } = options;
  const readSetup = async (
    value: unknown,
    c: ApiContext,
  ): Promise<SetupRequest> => {
    const parsed = setupRequestSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    await auth.setupRefused(parsed.error.issues, loginClientOf(c));
    throw parsed.error;
  };
  define({
    method: "post",
    path: "/setup",
    summary: "Make the first account, an admin's, and log it in",
    details:
      "By the one-time token that the server printed on its first start. It works until there is an account; refusals are on record.",
    tag: "logins",
    action: "open",
    body: setupRequestSchema,
    readBody: ({ value }, c) => readSetup(value, c),
    answer: loginResponseSchema,
    status: 201,
    setsCookie: true,
    problems: [
      "LOGIN_DELAYED",
      "SETUP_DONE",
      "SETUP_TOKEN_INVALID",
      "STORE_UNAVAILABLE",
    ],
  }, async ({ c, body }) => {
    const session = await auth.setup(body, loginClientOf(c));
    return withCookie(c, options, session);
  });
}

function defineLogins({ define }: Router, options: ApiOptions): void {
  const { auth } = options;
  define({
    method: "post",
    path: "/login",
    summary: "Log a browser in",
    details:
      "The answer sets the cookie and does not repeat its value. A program asks for a token instead. Failed logins are slowed down, and nobody is locked out.",
    tag: "logins",
    action: "open",
    body: loginRequestSchema,
    answer: loginResponseSchema,
    setsCookie: true,
    problems: [
      "AUTH_INVALID",
      "FACTOR_INVALID",
      "FACTOR_NEEDED",
      "FACTOR_STATE_CONFLICT",
      "LOGIN_DELAYED",
      "SECRET_UNREADABLE",
      "STORE_UNAVAILABLE",
    ],
  }, async ({ c, body }) => {
    const session = await auth.login(body, loginClientOf(c));
    return withCookie(c, options, session);
  });
  define({
    method: "post",
    path: "/passkey/options",
    summary: "Begin a login by passkey",
    details: "What it answers goes to navigator.credentials.get().",
    tag: "logins",
    action: "open",
    answer: assertionOptionsSchema,
    problems: ["PASSKEY_INVALID"],
  }, ({ c }) => auth.passkeys.loginOptions(relyingPartyOf(c.req.raw, options)));
  define({
    method: "post",
    path: "/passkey",
    summary: "Log a browser in by a passkey alone",
    tag: "logins",
    action: "open",
    body: passkeyLoginSchema,
    answer: loginResponseSchema,
    setsCookie: true,
    problems: ["PASSKEY_INVALID", "STORE_UNAVAILABLE"],
  }, async ({ c, body: { credential } }) => {
    const session = await auth.loginByPasskey(credential, {
      site: relyingPartyOf(c.req.raw, options),
      client: loginClientOf(c),
    });
    return withCookie(c, options, session);
  });
}

function defineInvite({ define }: Router, { auth }: ApiOptions): void {
  define({
    method: "post",
    path: "/invite",
    summary: "Set one's own password by the token of a one-time link",
    details: "It logs nobody in.",
    tag: "logins",
    action: "open",
    body: acceptInviteSchema,
    answer: acceptedInviteSchema,
    status: 201,
    problems: ["INVITE_INVALID", "LOGIN_DELAYED", "STORE_UNAVAILABLE"],
  }, ({ c, body }) => auth.people.accept(body, loginClientOf(c)));
}

function defineOwn({ define }: Router, options: ApiOptions): void {
  define({
    method: "post",
    path: "/logout",
    summary: "End the login that asks",
    tag: "logins",
    action: "account.logout",
    answer: null,
    setsCookie: true,
    problems: ["STORE_UNAVAILABLE"],
  }, async ({ c }) => {
    const { sessionId } = loginOf(c).identity;
    await options.auth.logout(sessionId, callerOf(c));
    c.header("Set-Cookie", clearedSessionCookie(c.req.raw, options));
  });
  define({
    method: "get",
    path: "/me",
    summary: "Read who is logged in and what this login may do, and to what",
    tag: "account",
    action: "account.read",
    answer: meResponseSchema,
  }, ({ c }) => {
    const { user: { id, email, role }, scopes } = loginOf(c).identity;
    const reach = reachOfAll(role, scopes);
    const actions = ACTIONS.filter((action) => action in reach);
    return { user: { id, email, role }, actions, reach };
  });
}

function withCookie(
  c: ApiContext,
  options: ApiOptions,
  session: SessionResponse,
): LoginResponse {
  setSessionCookie(c, options, session);
  // What keeps the login is the cookie's alone: no script of a page may read it.
  const { token: _, ...shown } = session;
  return shown;
}
