import type { OpenAPIHono } from "@hono/zod-openapi";
import { pageOf } from "../../contracts/answers/parts.ts";
import { quotaViewSchema } from "../../contracts/answers/quota.ts";
import { type QuotaUse, quotaView } from "../../contracts/quota.ts";
import { type ApiEnv, type ApiOptions, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** How much of what is limited the person who asks has, and the server. */
export function quotaRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/",
    summary: "List what is limited: how much of it there is, and may be",
    details:
      "One's own, and that of the whole server. What is refused beyond a limit is refused with QUOTA_EXCEEDED, which tells quota, used and limit.",
    tag: "server",
    action: "account.read",
    answer: pageOf(quotaViewSchema),
  }, async ({ c }) => {
    const uses = await usesOf(options, loginOf(c).identity.user.id);
    return { items: uses.map(quotaView), nextCursor: null };
  });
  return app;
}

/** Every use, of one's own and of the whole server. */
export async function usesOf(
  { fleet, backtests, exchangeKeys, alerts, auth }: Pick<
    ApiOptions,
    "fleet" | "backtests" | "exchangeKeys" | "alerts" | "auth"
  >,
  userId: string,
): Promise<readonly QuotaUse[]> {
  const logins = await Promise.all([
    auth.apiTokens.quotas(userId),
    auth.sessions.quotas(userId),
  ]);
  return [
    ...fleet.quotas(userId),
    ...backtests.quotas(userId),
    ...exchangeKeys.quotas(userId),
    ...alerts.quotas(userId),
    ...logins.flat(),
  ];
}
