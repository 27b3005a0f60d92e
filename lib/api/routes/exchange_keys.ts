import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { exchangeKeyViewSchema } from "../../contracts/answers/exchange_key.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import {
  exchangeKeyRequestSchema,
  keyLiveRequestSchema,
  keyRotationRequestSchema,
} from "../../contracts/exchange_key.ts";
import { type ApiContext, type ApiEnv, type ApiOptions } from "../context.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { Authorizer } from "../gate.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { keySubject } from "../subjects.ts";

/** Asks for the keys of everybody. */
const EVERYBODY = "all";

const ROTATION = "Its id, its label and its agents stay. " +
  "Refused while one of them has not stopped or is not flat. The exchange is asked first: " +
  "what it does not accept, what may move money out and what belongs to another account is refused, " +
  "and the old secrets stay. Where the exchange does not tell whose account it is, " +
  "live trading has to be allowed anew.";

const keyListSchema = listQuerySchema.extend({
  owner: z.string().min(1).max(64).optional().meta({
    description:
      `Whose keys: one's own where it is left out. An admin may give the id of a user, or \`${EVERYBODY}\``,
  }),
}).strict();

/** Keys of exchanges: written once, tested, allowed for live trading, revoked; never read. */
export function exchangeKeyRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  defineList(router, { options, authorizer });
  defineAdding(router, options);
  defineChanges(router, { options, authorizer });
  defineRotation(router, { options, authorizer });
  return router.app;
}

interface Parts {
  options: ApiOptions;
  authorizer: Authorizer;
}

function defineList(
  { define }: Router,
  { options: { exchangeKeys }, authorizer }: Parts,
): void {
  define({
    method: "get",
    path: "/",
    summary: "List exchange keys with what the exchange says of their rights",
    details:
      "Nothing secret is in it: of a key the last four characters of its public part.",
    tag: "keys",
    action: "keys.read",
    query: keyListSchema,
    answer: pageOf(exchangeKeyViewSchema),
    prepare: ({ c, query: { owner }, caller: { userId } }) =>
      authorizer.authorize(c, "keys.read", {
        ownerId: owner ?? userId,
        isLive: false,
      }),
    problems: ["NOT_OWNER"],
  }, ({ query: { owner, ...page }, caller: { userId } }) =>
    pageOfList(
      exchangeKeys.list(owner === EVERYBODY ? null : owner ?? userId),
      { ...page, keyOf: ({ id }) => id },
    ));
}

function defineAdding(
  { define }: Router,
  { exchangeKeys }: ApiOptions,
): void {
  define({
    method: "post",
    path: "/",
    summary: "Add an exchange key; its secret is sealed and never shown again",
    details:
      "The exchange is asked at once what the key may do. One that may move money out is refused, and nothing of it kept.",
    tag: "keys",
    action: "keys.add",
    body: exchangeKeyRequestSchema,
    answer: exchangeKeyViewSchema,
    status: 201,
    addsRisk: true,
    problems: ["KEY_REFUSED", "KEY_STATE_CONFLICT", "QUOTA_EXCEEDED"],
  }, ({ body, caller }) => exchangeKeys.add(body, caller));
}

function defineChanges(
  { define }: Router,
  { options: { exchangeKeys }, authorizer: { allow } }: Parts,
): void {
  const ofKey: OwnerOf = (c) => keySubject(exchangeKeys, keyIdOf(c));
  define({
    method: "post",
    path: "/:key/test",
    summary: "Ask the exchange again what a key may do",
    details:
      "One that may move money out by now is forgotten, unless an agent needs it.",
    tag: "keys",
    action: "keys.test",
    guards: [allow("keys.test", ofKey)],
    answer: exchangeKeyViewSchema,
    problems: ["KEY_NOT_FOUND", "KEY_REFUSED", "STORE_UNAVAILABLE"],
  }, ({ c, caller }) => exchangeKeys.test(keyIdOf(c), caller));
  define(
    {
      method: "put",
      path: "/:key/live",
      summary: "Allow or forbid live agents to use a key",
      tag: "keys",
      action: "keys.live",
      guards: [allow("keys.live", ofKey)],
      body: keyLiveRequestSchema,
      answer: exchangeKeyViewSchema,
      problems: [
        "KEY_NOT_BOUND",
        "KEY_NOT_FOUND",
        "KEY_STATE_CONFLICT",
        "STORE_UNAVAILABLE",
      ],
    },
    ({ c, body: { allowed }, caller }) =>
      exchangeKeys.setLive(keyIdOf(c), { allowed, caller }),
  );
  define({
    method: "delete",
    path: "/:key",
    summary: "Forget an exchange key; refused while an agent uses it",
    tag: "keys",
    action: "keys.revoke",
    guards: [allow("keys.revoke", ofKey)],
    answer: null,
    problems: ["KEY_NOT_FOUND", "KEY_STATE_CONFLICT", "STORE_UNAVAILABLE"],
  }, ({ c, caller }) => exchangeKeys.revoke(keyIdOf(c), caller));
}

function defineRotation(
  { define }: Router,
  { options: { exchangeKeys }, authorizer: { allow } }: Parts,
): void {
  const ofKey: OwnerOf = (c) => keySubject(exchangeKeys, keyIdOf(c));
  define(
    {
      method: "post",
      path: "/:key/rotate",
      summary: "Put new secrets in the place of a key's",
      details: ROTATION,
      tag: "keys",
      action: "keys.rotate",
      guards: [allow("keys.rotate", ofKey)],
      body: keyRotationRequestSchema,
      answer: exchangeKeyViewSchema,
      addsRisk: true,
      problems: [
        "KEY_NOT_FOUND",
        "KEY_NOT_REPLACED",
        "KEY_REFUSED",
        "KEY_STATE_CONFLICT",
      ],
    },
    ({ c, body, caller }) =>
      exchangeKeys.rotate(keyIdOf(c), { request: body, caller }),
  );
}

function keyIdOf(c: ApiContext): string {
  return c.req.param("key") ?? "";
}
