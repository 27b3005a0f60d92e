import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  apiTokenCreatedSchema,
  apiTokenViewSchema,
} from "../../contracts/answers/api_token.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import { apiTokenRequestSchema } from "../../contracts/api_token.ts";
import { AppError } from "../../core/errors.ts";
import type { OwnerOf } from "../authorizer.ts";
import { type ApiEnv, type ApiOptions, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";
import { authorizeAsked, userAsked, userQuerySchema } from "../owned.ts";

/** Personal API tokens. Without an Idempotency-Key: answers under one are kept, and this one holds a secret. */
export function apiTokenRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { apiTokens } = options.auth;
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/",
    summary: "List API tokens, oldest first",
    details: "One's own; an admin lists those of anybody. All of them at once.",
    tag: "logins",
    action: "tokens.read",
    query: userQuerySchema,
    answer: pageOf(apiTokenViewSchema),
    prepare: authorizeAsked(authorizer, "tokens.read"),
    problems: ["NOT_OWNER"],
  }, async (asked) => ({
    items: await apiTokens.list(userAsked(asked)),
    nextCursor: null,
  }));
  define(
    {
      method: "post",
      path: "/",
      summary: "Make an API token; its text is shown this once",
      details:
        "Without an Idempotency-Key, because kept answers are in the store, and this one holds a secret.",
      tag: "logins",
      action: "tokens.create",
      body: apiTokenRequestSchema,
      answer: apiTokenCreatedSchema,
      status: 201,
      problems: ["QUOTA_EXCEEDED"],
    },
    ({ c, body, caller }) =>
      apiTokens.create(loginOf(c).identity.user, body, caller),
  );
  define({
    method: "delete",
    path: "/:token",
    summary: "Revoke an API token",
    details: "It stops working at once, and its streams end.",
    tag: "logins",
    action: "tokens.revoke",
    guards: [authorizer.allow("tokens.revoke", ofToken(options))],
    answer: null,
    problems: ["TOKEN_NOT_FOUND"],
  }, async ({ c, caller }) => {
    await apiTokens.revoke(c.req.param("token") ?? "", caller);
  });
  return app;
}

function ofToken({ auth: { apiTokens } }: ApiOptions): OwnerOf {
  return async (c) => {
    const id = c.req.param("token") ?? "";
    return {
      id,
      ownerId: await apiTokens.ownerOf(id),
      isLive: false,
      // Whether another's token exists is nobody's business.
      hiddenAs: new AppError(
        "TOKEN_NOT_FOUND",
        `There is no API token "${
          id.slice(0, 40)
        }" of yours; it may have been revoked already`,
        { status: 404 },
      ),
    };
  };
}
