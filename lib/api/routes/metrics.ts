import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** Figures of the process for who watches it by program. */
export function metricRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/metrics",
    summary: "Read the figures of the process for Prometheus",
    details:
      "The same is at `/metrics`. An API token with this action alone is what Prometheus needs; amounts are rounded numbers for graphs, not for books.",
    tag: "server",
    action: "metrics.read",
    answer: { media: ["text/plain"] },
  }, async () => {
    const { text, contentType } = await options.metrics.read();
    return new Response(text, { headers: { "Content-Type": contentType } });
  });
  return app;
}
