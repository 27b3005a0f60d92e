import type { OpenAPIHono } from "@hono/zod-openapi";
import { AppError } from "../../core/errors.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import {
  passkeyViewSchema,
  registrationOptionsSchema,
} from "../../contracts/answers/passkey.ts";
import {
  passkeyRenameSchema,
  passkeyRequestSchema,
} from "../../contracts/passkey.ts";
import type { OwnerOf } from "../authorizer.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  loginOf,
  ownClientOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { relyingPartyOf } from "../relying_party.ts";

/** The person's own passkeys: add, rename, remove. */
export function passkeyRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineList(router, options);
  defineAdding(router, options);
  defineChanges(router, { options, authorizer });
  return router.app;
}

function defineList(
  { define }: Router,
  { auth: { passkeys } }: ApiOptions,
): void {
  define(
    {
      method: "get",
      path: "/passkeys",
      summary: "List one's own passkeys",
      tag: "account",
      action: "account.factor",
      query: listQuerySchema,
      answer: pageOf(passkeyViewSchema),
      problems: ["STORE_UNAVAILABLE"],
    },
    async ({ c, query }) =>
      pageOfList(await passkeys.list(loginOf(c).identity.user), {
        ...query,
        keyOf: ({ id }) => id,
      }),
  );
}

function defineAdding({ define }: Router, options: ApiOptions): void {
  const { passkeys } = options.auth;
  define({
    method: "post",
    path: "/passkeys/options",
    summary: "Begin to add a passkey",
    details: "What it answers goes to navigator.credentials.create().",
    tag: "account",
    action: "account.passkeys",
    answer: registrationOptionsSchema,
    problems: ["PASSKEY_INVALID", "STORE_UNAVAILABLE"],
  }, ({ c }) =>
    passkeys.registration(
      loginOf(c).identity,
      relyingPartyOf(c.req.raw, options),
    ));
  define({
    method: "post",
    path: "/passkeys",
    summary: "Add the passkey that the browser has made",
    tag: "account",
    action: "account.passkeys",
    body: passkeyRequestSchema,
    answer: passkeyViewSchema,
    status: 201,
    problems: ["PASSKEY_INVALID", "PASSKEY_LIMIT", "STORE_UNAVAILABLE"],
  }, ({ c, body }) =>
    passkeys.register(loginOf(c).identity, body, {
      site: relyingPartyOf(c.req.raw, options),
      client: ownClientOf(c),
    }));
}

function defineChanges(
  { define }: Router,
  { options, authorizer: { allow } }: {
    options: ApiOptions;
    authorizer: Authorizer;
  },
): void {
  const { passkeys } = options.auth;
  const ofPasskey = passkeyInPath(options);
  define({
    method: "put",
    path: "/passkeys/:passkey",
    summary: "Rename a passkey",
    tag: "account",
    action: "account.factor",
    guards: [allow("account.factor", ofPasskey)],
    body: passkeyRenameSchema,
    answer: passkeyViewSchema,
    problems: ["PASSKEY_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c, body: { name } }) =>
    passkeys.rename(loginOf(c).identity, {
      id: passkeyIdOf(c),
      name,
      client: ownClientOf(c),
    }));
  define({
    method: "delete",
    path: "/passkeys/:passkey",
    summary: "Remove a passkey",
    tag: "account",
    action: "account.passkeys",
    guards: [allow("account.passkeys", ofPasskey)],
    answer: null,
    problems: ["PASSKEY_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c }) =>
    passkeys.remove(loginOf(c).identity, {
      id: passkeyIdOf(c),
      client: ownClientOf(c),
    }));
}

function passkeyIdOf(c: ApiContext): string {
  return c.req.param("passkey") ?? "";
}

function passkeyInPath({ auth: { passkeys } }: ApiOptions): OwnerOf {
  return async (c) => {
    const { user } = loginOf(c).identity;
    const id = passkeyIdOf(c);
    const isOwn = (await passkeys.list(user)).some((known) => known.id === id);
    const ownerId = isOwn ? user.id : null;
    return { id, ownerId, isLive: false, hiddenAs: passkeyNotFound() };
  };
}

/** Whether another's passkey exists is nobody's business. */
function passkeyNotFound(): AppError {
  return new AppError(
    "PASSKEY_NOT_FOUND",
    "You have no passkey of this id; GET /api/account/passkeys lists the ids",
    { status: 404 },
  );
}
