import type { OpenAPIHono } from "@hono/zod-openapi";
import { systemViewSchema } from "../../contracts/answers/system.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** The process itself, for who looks after it. */
export function systemRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/",
    summary: "Read how the server runs: versions, storage, memory, settings",
    details:
      "Of settings there are the names, and whether the environment sets them; never their values.",
    tag: "server",
    action: "system.read",
    answer: systemViewSchema,
  }, () => options.system());
  return app;
}
