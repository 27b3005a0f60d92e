import type { OpenAPIHono } from "@hono/zod-openapi";
import { settleOrderRequestSchema } from "../../contracts/agent.ts";
import { agentViewSchema } from "../../contracts/answers/agent.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { agentIdOf } from "../input.ts";
import { createRouter } from "../openapi/router.ts";
import { agentInPath } from "../subjects.ts";

/** What a person decides of an agent's orders. */
export function agentOrderRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet } = options;
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "post",
    path: "/:id/orders/:order/absent",
    summary: "Say that an order without an answer is not at the exchange",
    details:
      "Refused unless the exchange has said so for a minute, too. What was called absent and is found later is taken in, withdrawn, and told as an alert.",
    tag: "agents",
    action: "orders.settle",
    guards: [authorizer.allow("orders.settle", agentInPath(fleet))],
    body: settleOrderRequestSchema,
    answer: agentViewSchema,
    idempotency: "required",
    addsRisk: true,
    problems: [
      "AGENT_NOT_FOUND",
      "AGENT_STATE_CONFLICT",
      "AGENT_UNREACHABLE",
      "FRESH_PROOF_NEEDED",
      "JOURNAL_UNAVAILABLE",
      "ORDER_STATE_CONFLICT",
      "STORE_UNAVAILABLE",
    ],
  }, ({ c, body: { reason }, caller }) => {
    const orderId = c.req.param("order") ?? "";
    return fleet.settleOrder(agentIdOf(c), { orderId, reason }, caller);
  });
  return app;
}
