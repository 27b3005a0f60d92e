import type { OpenAPIHono } from "@hono/zod-openapi";
import { assertionOptionsSchema } from "../../contracts/answers/passkey.ts";
import {
  enrolmentResponseSchema,
  recoveryCodesResponseSchema,
  secondFactorViewSchema,
} from "../../contracts/answers/second_factor.ts";
import {
  enrolRequestSchema,
  factorCodeSchema,
  stepUpSchema,
} from "../../contracts/second_factor.ts";
import {
  type ApiEnv,
  type ApiOptions,
  loginOf,
  ownClientOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { errorEntry } from "../problem.ts";
import { relyingPartyOf } from "../relying_party.ts";
import { renewLogin } from "./login_answer.ts";

/** The person's own second factor: set up, prove, remove. And any proof of who asks. */
export function secondFactorRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineFactor(router, options);
  defineEnrolment(router, options);
  defineProofs(router, options);
  return router.app;
}

function defineFactor(
  { define }: Router,
  { auth: { factor } }: ApiOptions,
): void {
  define({
    method: "get",
    path: "/second-factor",
    summary: "Read what second factors one has, and how fresh this login is",
    tag: "account",
    action: "account.factor",
    answer: secondFactorViewSchema,
    problems: ["STORE_UNAVAILABLE"],
  }, ({ c }) => factor.view(loginOf(c).identity));
  define(
    {
      method: "post",
      path: "/second-factor/remove",
      summary: "Remove the authenticator with one of its codes",
      tag: "account",
      action: "account.factor",
      body: factorCodeSchema,
      answer: null,
      problems: [
        "FACTOR_INVALID",
        "FACTOR_STATE_CONFLICT",
        "LOGIN_DELAYED",
        "SECRET_UNREADABLE",
        "STORE_UNAVAILABLE",
      ],
    },
    ({ c, body: { code } }) =>
      factor.remove(loginOf(c).identity, { code, client: ownClientOf(c) }),
  );
}

function defineEnrolment({ define }: Router, options: ApiOptions): void {
  const { factor } = options.auth;
  define(
    {
      method: "post",
      path: "/second-factor",
      summary: "Begin to set up an authenticator",
      details:
        "The secret is shown this once; it counts from the first code on that confirms it. Who has a passkey proves it first.",
      tag: "account",
      action: "account.factor",
      body: enrolRequestSchema,
      answer: enrolmentResponseSchema,
      status: 201,
      problems: [
        "AUTH_INVALID",
        "FACTOR_INVALID",
        "FACTOR_STATE_CONFLICT",
        "FRESH_PROOF_NEEDED",
        "LOGIN_DELAYED",
        "STORE_UNAVAILABLE",
      ],
    },
    ({ c, body: { password } }) =>
      factor.enrol(loginOf(c).identity, { password, client: ownClientOf(c) }),
  );
  define({
    method: "post",
    path: "/second-factor/confirm",
    summary: "Confirm the authenticator with its first code",
    details:
      "The recovery codes are shown this once; each works once. A browser's login gets a new id.",
    tag: "account",
    action: "account.factor",
    body: factorCodeSchema,
    answer: recoveryCodesResponseSchema,
    setsCookie: true,
    problems: [
      "FACTOR_INVALID",
      "FACTOR_STATE_CONFLICT",
      "LOGIN_DELAYED",
      "SECRET_UNREADABLE",
      "STORE_UNAVAILABLE",
    ],
  }, async ({ c, body: { code } }) => {
    const recoveryCodes = await factor.confirm(loginOf(c).identity, {
      code,
      client: ownClientOf(c),
    });
    // They are shown this once, so a login that cannot be renewed takes only its proof along.
    await renewLogin(c, options).catch((error) =>
      options.logError(errorEntry(c, error))
    );
    return { recoveryCodes };
  });
}

function defineProofs({ define }: Router, options: ApiOptions): void {
  const { auth } = options;
  define({
    method: "post",
    path: "/step-up/options",
    summary: "Begin a fresh proof by passkey",
    details: "What it answers goes to navigator.credentials.get().",
    tag: "account",
    action: "account.factor",
    answer: assertionOptionsSchema,
    problems: ["PASSKEY_INVALID", "STORE_UNAVAILABLE"],
  }, ({ c }) =>
    auth.passkeys.proofOptions(
      loginOf(c).identity,
      relyingPartyOf(c.req.raw, options),
    ));
  define({
    method: "post",
    path: "/step-up",
    summary: "Prove for five minutes who asks",
    details:
      "With a code or a passkey, or with the password of who has no second factor. A browser's login gets a new id.",
    tag: "account",
    action: "account.factor",
    body: stepUpSchema,
    answer: secondFactorViewSchema,
    setsCookie: true,
    problems: [
      "FACTOR_INVALID",
      "FACTOR_STATE_CONFLICT",
      "LOGIN_DELAYED",
      "PASSKEY_INVALID",
      "PROOF_INVALID",
      "SECRET_UNREADABLE",
      "SESSION_NOT_FOUND",
      "STORE_UNAVAILABLE",
    ],
  }, async ({ c, body: proof }) => {
    const view = await auth.stepUp(
      loginOf(c).identity,
      "passkey" in proof
        ? { ...proof, site: relyingPartyOf(c.req.raw, options) }
        : proof,
      ownClientOf(c),
    );
    await renewLogin(c, options);
    return view;
  });
}
