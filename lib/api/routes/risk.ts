import type { OpenAPIHono } from "@hono/zod-openapi";
import { fleetRiskSchema } from "../../contracts/answers/risk.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** The risk of the whole fleet in one answer. */
export function riskRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/",
    summary: "Read the risk of all agents: limits, losses, exposure, breakers",
    details:
      "Simulated and real money are never in one figure, and neither are two currencies. " +
      "A part that cannot be found out is null, and `problems` says why.",
    tag: "views",
    action: "agents.read",
    answer: fleetRiskSchema,
    marksSeq: true,
  }, () => options.fleet.riskOfAll());
  return app;
}
