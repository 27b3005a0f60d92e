import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { ActingAdmin, MadeInvite } from "../../auth/people/port.ts";
import { AppError } from "../../core/errors.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import {
  inviteViewSchema,
  linkResponseSchema,
  personViewSchema,
} from "../../contracts/answers/people.ts";
import { cursors } from "../../contracts/cursor.ts";
import {
  INVITE_PATH,
  inviteRequestSchema,
  type LinkResponse,
  resetLinkRequestSchema,
  userChangeSchema,
} from "../../contracts/people.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  loginOf,
  ownClientOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { limitSchema } from "../input.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { pageOriginOf } from "../relying_party.ts";

/** A user id: `usr_` and a ULID. */
const USER_ID_PATTERN = /^usr_[0-9A-Z]{26}$/;

const pageSchema = z.strictObject({
  limit: limitSchema,
  cursor: cursors.people.schema.optional(),
});

/** Accounts of people: list, invite, change, set the password anew. */
export function userRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  definePeople(router, options);
  defineLinks(router, options);
  return router.app;
}

function definePeople(
  { define }: Router,
  { auth: { people } }: ApiOptions,
): void {
  define(
    {
      method: "get",
      path: "/",
      summary: "List people, oldest account first",
      tag: "people",
      action: "users.read",
      query: pageSchema,
      answer: pageOf(personViewSchema),
      problems: ["STORE_UNAVAILABLE"],
    },
    async ({ query: { limit, cursor = null } }) =>
      cursors.people.page(await people.page({ limit, cursor })),
  );
  define({
    method: "put",
    path: "/:user",
    summary: "Change somebody's role, or disable or enable the account",
    details:
      "It ends every login of theirs. Nobody changes their own, and one active admin remains.",
    tag: "people",
    action: "users.manage",
    body: userChangeSchema,
    answer: personViewSchema,
    problems: [
      "LAST_ADMIN",
      "STORE_UNAVAILABLE",
      "USER_CHANGED",
      "USER_NOT_FOUND",
      "USER_SELF",
    ],
  }, ({ c, body }) => people.change(userIdOf(c), body, adminOf(c)));
}

function defineLinks({ define }: Router, options: ApiOptions): void {
  const { people } = options.auth;
  define(
    {
      method: "post",
      path: "/",
      summary: "Invite somebody: makes a one-time link for a new account",
      details:
        "The link is shown this once and opens the account to whoever has it, for seven days. No e-mail is sent.",
      tag: "people",
      action: "users.manage",
      body: inviteRequestSchema,
      answer: linkResponseSchema,
      status: 201,
      problems: ["INVITE_LIMIT", "STORE_UNAVAILABLE", "USER_EXISTS"],
    },
    async ({ c, body }) =>
      withLink(c, options, await people.invite(body, adminOf(c))),
  );
  define({
    method: "post",
    path: "/:user/reset-link",
    summary: "Make a one-time link for a new password",
    details:
      "The link is shown this once and is good for a day. With `removesFactor` it takes the second factor away, too.",
    tag: "people",
    action: "users.manage",
    body: resetLinkRequestSchema,
    answer: linkResponseSchema,
    status: 201,
    problems: [
      "INVITE_LIMIT",
      "STORE_UNAVAILABLE",
      "USER_NOT_FOUND",
      "USER_SELF",
    ],
  }, async ({ c, body: { removesFactor } }) => {
    const wish = { removesFactor };
    const made = await people.resetLink(userIdOf(c), wish, adminOf(c));
    return withLink(c, options, made);
  });
}

/** Links that were not used yet. */
export function inviteRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { people } = options.auth;
  const { app, define } = createRouter(options, authorizer);
  define(
    {
      method: "get",
      path: "/",
      summary: "List one-time links that were not used yet, newest first",
      tag: "people",
      action: "users.read",
      query: listQuerySchema,
      answer: pageOf(inviteViewSchema),
      problems: ["STORE_UNAVAILABLE"],
    },
    async ({ query }) =>
      pageOfList(await people.invites(), { ...query, keyOf: ({ id }) => id }),
  );
  define({
    method: "delete",
    path: "/:invite",
    summary: "Take a one-time link back",
    tag: "people",
    action: "users.manage",
    answer: null,
    problems: ["INVITE_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c }) => people.revoke(c.req.param("invite") ?? "", adminOf(c)));
  return app;
}

/** What is behind the # stays in the browser: no log, proxy or Referer sees the token. */
function withLink(
  c: ApiContext,
  options: ApiOptions,
  { invite, token }: MadeInvite,
): LinkResponse {
  const fragment = new URLSearchParams({ token, for: invite.email });
  const origin = pageOriginOf(c.req.raw, options);
  return { invite, link: `${origin}${INVITE_PATH}#${fragment}` };
}

function adminOf(c: ApiContext): ActingAdmin {
  return { user: loginOf(c).identity.user, ...ownClientOf(c) };
}

/** @throws {AppError} USER_NOT_FOUND for what no id looks like. */
function userIdOf(c: ApiContext): string {
  const id = c.req.param("user") ?? "";
  if (USER_ID_PATTERN.test(id)) return id;
  throw new AppError(
    "USER_NOT_FOUND",
    "There is nobody of this id; GET /api/users lists the ids",
  );
}
