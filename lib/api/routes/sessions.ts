import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  revokedResponseSchema,
  sessionViewSchema,
} from "../../contracts/answers/login.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import { AppError } from "../../core/errors.ts";
import type { OwnerOf } from "../authorizer.ts";
import { type ApiEnv, type ApiOptions, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { authorizeAsked, userAsked, userQuerySchema } from "../owned.ts";

/** Logins of people and programs: listed and ended, one's own or, by an admin, anybody's. */
export function sessionRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { sessions } = options.auth;
  const router = createRouter(options, authorizer);
  router.define({
    method: "get",
    path: "/",
    summary: "List logins, used last first",
    details: "One's own; an admin lists those of anybody. All of them at once.",
    tag: "logins",
    action: "sessions.read",
    query: userQuerySchema,
    answer: pageOf(sessionViewSchema),
    prepare: authorizeAsked(authorizer, "sessions.read"),
    problems: ["NOT_OWNER"],
  }, async (asked) => ({
    items: await sessions.list(userAsked(asked), {
      current: loginOf(asked.c).identity.sessionId,
    }),
    nextCursor: null,
  }));
  defineEnds(router, { options, authorizer });
  return router.app;
}

function defineEnds(
  { define }: Router,
  { options: { auth: { sessions } }, authorizer }: {
    options: ApiOptions;
    authorizer: Authorizer;
  },
): void {
  define({
    method: "post",
    path: "/revoke-others",
    summary: "End all logins but the one that asks",
    details: "Of `?user=` all of them, where that is somebody else.",
    tag: "logins",
    action: "sessions.revoke",
    query: userQuerySchema,
    answer: revokedResponseSchema,
    prepare: authorizeAsked(authorizer, "sessions.revoke"),
    problems: ["NOT_OWNER"],
  }, async (asked) => {
    const { c, caller } = asked;
    const { identity } = loginOf(c);
    const userId = userAsked(asked);
    const isOwn = userId === identity.user.id;
    const except = isOwn ? identity.sessionId : null;
    return { revoked: await sessions.revokeOthers(userId, { except, caller }) };
  });
  const ofSession: OwnerOf = async (c) => {
    const id = c.req.param("session") ?? "";
    return {
      id,
      ownerId: await sessions.ownerOf(id),
      isLive: false,
      // Whether another's login exists is nobody's business.
      hiddenAs: new AppError(
        "SESSION_NOT_FOUND",
        `There is no login "${
          id.slice(0, 40)
        }" of yours; it may have ended already`,
        { status: 404 },
      ),
    };
  };
  define({
    method: "delete",
    path: "/:session",
    summary: "End one login",
    details: "Its tokens and its streams end with it.",
    tag: "logins",
    action: "sessions.revoke",
    guards: [authorizer.allow("sessions.revoke", ofSession)],
    answer: null,
    problems: ["SESSION_NOT_FOUND"],
  }, async ({ c, caller }) => {
    await sessions.revoke(c.req.param("session") ?? "", caller);
  });
}
