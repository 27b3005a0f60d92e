import type { OpenAPIHono } from "@hono/zod-openapi";
import { CONTROL_ACTIONS, reducesRisk } from "../../contracts/agent.ts";
import { batchControlSchema } from "../../contracts/agent_batch.ts";
import { batchControlResponseSchema } from "../../contracts/answers/agent_batch.ts";
import { controlAction } from "../../contracts/policy.ts";
import { controlBatch } from "../batch_control.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** One command for many agents. */
export function agentBatchRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define(
    {
      method: "post",
      path: "/control",
      summary: "Command up to 50 agents at once, named or filtered",
      details:
        "With a result for each agent; one that refuses keeps no other from it. What reduces risk begins with real money, what adds it with those who watch.",
      tag: "agents",
      action: "by body",
      guards: [authorizer.byBody(CONTROL_ACTIONS.map(controlAction))],
      body: batchControlSchema,
      answer: batchControlResponseSchema,
      status: 202,
      idempotency: "required",
      addsRisk: ({ action }) => !reducesRisk(action),
      // Of each agent it is asked again, by whose it is.
      prepare: ({ c, body: { action } }) =>
        authorizer.authorize(c, controlAction(action)),
    },
    ({ c, body, caller }) =>
      controlBatch({ c, options, caller, judge: authorizer.judge }, body),
  );
  return app;
}
