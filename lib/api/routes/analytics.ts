import type { OpenAPIHono } from "@hono/zod-openapi";
import { analyticsQuerySchema } from "../../contracts/analytics.ts";
import { analyticsSchema } from "../../contracts/answers/analytics.ts";
import { analyticsCsv } from "../analytics_csv.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

const READ = {
  method: "get",
  tag: "views",
  action: "agents.read",
  query: analyticsQuerySchema,
  problems: ["AGENT_NOT_FOUND"],
} as const;

/** What closed trades came to, by what they have in common. */
export function analyticsRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define({
    ...READ,
    path: "/",
    summary: "Read what closed trades came to, by what they have in common",
    details:
      "Simulated and real money are never in one figure, and neither are two currencies. " +
      "Days are those of the close and hours those of the entry, in `timeZone`. " +
      "A group whose key is null is of trades of which it is not known.",
    answer: analyticsSchema,
  }, ({ query }) => options.fleet.analytics(query));
  define({
    ...READ,
    path: "/export",
    summary: "Download the same as a table",
    answer: { media: ["text/csv"] },
  }, async ({ c, query }) => {
    const day = new Date(options.now()).toISOString().slice(0, 10);
    const text = analyticsCsv(await options.fleet.analytics(query));
    return c.body(text, 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition":
        `attachment; filename="smc-fleet-analytics-${day}.csv"`,
    });
  });
  return app;
}
