import { Hono } from "hono";
import {
  type ApiTokenCreated,
  apiTokenRequestSchema,
  type ApiTokenView,
} from "../../contracts/api_token.ts";
import { AppError } from "../../core/errors.ts";
import type { ListResponse } from "../client.ts";
import { type ApiEnv, type ApiOptions, callerOf, loginOf } from "../context.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { Authorizer } from "../gate.ts";
import { readJson } from "../input.ts";
import { listedUser } from "../owned.ts";

/** Personal API tokens. Without an Idempotency-Key: answers under one are kept, and this one holds a secret. */
export function apiTokenRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { apiTokens } = options.auth;
  const ofToken: OwnerOf = async (c) => {
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
  return new Hono<ApiEnv>()
    .get("/", allow("tokens.read"), async (c) => {
      const userId = listedUser(c, "tokens.read");
      return c.json<ListResponse<ApiTokenView>>({
        items: await apiTokens.list(userId),
        nextCursor: null,
      });
    })
    .post("/", allow("tokens.create"), async (c) => {
      const request = apiTokenRequestSchema.parse((await readJson(c)).value);
      const { user } = loginOf(c).identity;
      return c.json<ApiTokenCreated>(
        await apiTokens.create(user, request, callerOf(c)),
        201,
      );
    })
    .delete("/:token", allow("tokens.revoke", ofToken), async (c) => {
      await apiTokens.revoke(c.req.param("token"), callerOf(c));
      return c.body(null, 204);
    });
}
