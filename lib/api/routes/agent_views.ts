import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { cursors } from "../../contracts/cursor.ts";
import {
  latencyResponseSchema,
  performanceResponseSchema,
} from "../../contracts/answers/agent.ts";
import { chartResponseSchema } from "../../contracts/answers/chart.ts";
import { riskResponseSchema } from "../../contracts/answers/guard.ts";
import { tradeSchema } from "../../contracts/answers/order.ts";
import { decisionsResponseSchema } from "../../contracts/answers/decisions.ts";
import { ordersResponseSchema } from "../../contracts/answers/desk_record.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import { resourcesResponseSchema } from "../../contracts/answers/resources.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import { readDeskRecords } from "../desk_records.ts";
import type { Authorizer } from "../gate.ts";
import { agentIdOf, limitSchema } from "../input.ts";
import { MAX_CHART_CANDLES } from "../limits.ts";
import { createRouter, type Router } from "../openapi/router.ts";

const chartQuerySchema = z.strictObject({
  /** Candles after this one; −1 = from the beginning of what is kept. */
  afterSeq: z.coerce.number("Give a whole number").int("Give a whole number")
    .min(-1, "Give -1 or the sequence number of a candle").default(-1),
  /** Candles before this one instead, as far back as the agent remembers. */
  beforeSeq: z.coerce.number("Give a whole number").int("Give a whole number")
    .min(0, "Give the sequence number of a candle").optional(),
  limit: z.coerce.number("Give a whole number").int("Give a whole number")
    .min(1, "Give at least 1").max(
      MAX_CHART_CANDLES,
      `Give at most ${MAX_CHART_CANDLES} candles`,
    ).default(MAX_CHART_CANDLES),
});

const tradesQuerySchema = z.strictObject({
  limit: limitSchema,
  cursor: cursors.trades.schema.optional(),
});

const ordersQuerySchema = z.strictObject({
  limit: limitSchema,
  cursor: cursors.deskRecords.schema.optional(),
});

/** What all of them are: reads of one agent that say at which event they were made. */
const VIEW = {
  method: "get",
  tag: "views",
  action: "agents.read",
  marksSeq: true,
} as const;

/** How an agent does: performance, resources, chart, trades. */
export function agentViewRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet } = options;
  const router = createRouter(options, authorizer);
  const { define } = router;
  defineFigures(router, options);
  define({
    ...VIEW,
    path: "/:id/chart",
    summary: "Read candles, overlays, decisions, trades, equity",
    details:
      "With `beforeSeq` it goes further back: the newest candles before that one, with their overlays. Fewer than asked for are the last.",
    query: chartQuerySchema,
    answer: chartResponseSchema,
    problems: ["AGENT_NOT_FOUND", "AGENT_UNREACHABLE"],
  }, ({ c, query }) => fleet.chart(agentIdOf(c), query));
  define(
    {
      ...VIEW,
      path: "/:id/trades",
      summary: "List closed trades, newest first",
      query: tradesQuerySchema,
      answer: pageOf(tradeSchema),
      problems: ["AGENT_NOT_FOUND"],
    },
    async ({ c, query: { limit, cursor = null } }) =>
      cursors.trades.page(
        await fleet.trades(agentIdOf(c), { limit, cursor }),
      ),
  );
  defineDeskViews(router, options);
  return router.app;
}

/** What it decided, and what became of that at the desk. */
function defineDeskViews(
  { define }: Router,
  { fleet, logs }: ApiOptions,
): void {
  define({
    ...VIEW,
    path: "/:id/decisions",
    summary: "Read the newest decisions with reasons, and the models' votes",
    answer: decisionsResponseSchema,
    problems: ["AGENT_NOT_FOUND", "AGENT_UNREACHABLE"],
  }, ({ c }) => fleet.decisions(agentIdOf(c)));
  define(
    {
      ...VIEW,
      path: "/:id/orders",
      summary: "List open orders, and what the desk did and denied",
      details:
        "The list is newest first and goes back as far as the agent's log. A page may be shorter than asked for and still have one after it.",
      query: ordersQuerySchema,
      answer: ordersResponseSchema,
      problems: ["AGENT_NOT_FOUND"],
    },
    async ({ c, query: { limit, cursor = null } }) => {
      const agentId = agentIdOf(c);
      const { account } = fleet.get(agentId);
      const page = await readDeskRecords(logs, { agentId, limit, cursor });
      return {
        openOrders: account?.openOrders ?? null,
        ...cursors.deskRecords.page(page),
      };
    },
  );
}

function defineFigures({ define }: Router, { fleet }: ApiOptions): void {
  define({
    ...VIEW,
    path: "/:id/performance",
    summary: "Read its figures and tradesHash",
    answer: performanceResponseSchema,
    problems: ["AGENT_NOT_FOUND"],
  }, ({ c }) => fleet.performance(agentIdOf(c)));
  define({
    ...VIEW,
    path: "/:id/resources",
    summary: "Read what it uses: estimate of the spawn, measured use, ratio",
    answer: resourcesResponseSchema,
    problems: ["AGENT_NOT_FOUND"],
  }, ({ c }) => fleet.resources(agentIdOf(c)));
  define({
    ...VIEW,
    path: "/:id/latency",
    summary: "Read how long signals and decisions take, stage by stage",
    answer: latencyResponseSchema,
    problems: ["AGENT_NOT_FOUND"],
  }, ({ c }) => fleet.latency(agentIdOf(c)));
  define({
    ...VIEW,
    path: "/:id/risk",
    summary: "Read what a risk manager knows and demands",
    answer: riskResponseSchema,
    problems: ["AGENT_NOT_FOUND", "RISK_NOT_ASSESSED"],
  }, ({ c }) => fleet.risk(agentIdOf(c)));
}
