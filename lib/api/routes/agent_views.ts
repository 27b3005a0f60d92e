import { Hono } from "hono";
import * as z from "zod";
import type { RecordingInfo } from "../../contracts/recording.ts";
import type { Trade } from "../../contracts/order.ts";
import { templateNameSchema } from "../../contracts/template.ts";
import type { ListResponse } from "../client.ts";
import { type ApiEnv, type ApiOptions, markStreamSeq } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import {
  agentIdOf,
  limitSchema,
  placeCursorSchema,
  readQuery,
} from "../input.ts";
import { templateFile } from "./templates.ts";
import { MAX_CHART_CANDLES } from "../limits.ts";

const chartQuerySchema = z.strictObject({
  /** Candles after this one; −1 = from the beginning of what is kept. */
  afterSeq: z.coerce.number("Give a whole number").int("Give a whole number")
    .min(-1, "Give -1 or the sequence number of a candle").default(-1),
  limit: z.coerce.number("Give a whole number").int("Give a whole number")
    .min(1, "Give at least 1").max(
      MAX_CHART_CANDLES,
      `Give at most ${MAX_CHART_CANDLES} candles`,
    ).default(MAX_CHART_CANDLES),
});

const tradesQuerySchema = z.strictObject({
  limit: limitSchema,
  cursor: placeCursorSchema.optional(),
});

const templateQuerySchema = z.strictObject({ name: templateNameSchema });

/** How an agent does: performance, resources, chart, trades. */
export function agentViewRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { fleet } = options;
  return new Hono<ApiEnv>()
    .get("/:id/performance", allow("agents.read"), async (c) => {
      markStreamSeq(c, options.headSeq());
      return c.json(await fleet.performance(agentIdOf(c)));
    })
    .get("/:id/resources", allow("agents.read"), (c) => {
      markStreamSeq(c, options.headSeq());
      return c.json(fleet.resources(agentIdOf(c)));
    })
    .get("/:id/latency", allow("agents.read"), async (c) => {
      markStreamSeq(c, options.headSeq());
      return c.json(await fleet.latency(agentIdOf(c)));
    })
    .get("/:id/risk", allow("agents.read"), (c) => {
      markStreamSeq(c, options.headSeq());
      return c.json(fleet.risk(agentIdOf(c)));
    })
    .get("/:id/chart", allow("agents.read"), async (c) => {
      const query = readQuery(c, chartQuerySchema);
      markStreamSeq(c, options.headSeq());
      return c.json(await fleet.chart(agentIdOf(c), query));
    })
    .get("/:id/template", allow("agents.read"), (c) => {
      const { name } = readQuery(c, templateQuerySchema);
      const text = fleet.exportAgentTemplate(agentIdOf(c), name);
      return templateFile(c, { name, text });
    })
    .get("/:id/recordings", allow("recordings.read"), async (c) => {
      const items = await fleet.recordings(agentIdOf(c));
      return c.json<ListResponse<RecordingInfo>>({ items, nextCursor: null });
    })
    .get("/:id/recordings/:name", allow("recordings.read"), async (c) => {
      const name = c.req.param("name");
      // An unknown name is refused there; only then may it become a header.
      const content = await fleet.recording(agentIdOf(c), name);
      const isHead = c.req.raw.method === "HEAD";
      if (isHead) await content.cancel();
      return new Response(isHead ? null : content, {
        headers: {
          "Content-Type": "application/octet-stream",
          "Content-Disposition": `attachment; filename="${name}"`,
        },
      });
    })
    .get("/:id/trades", allow("agents.read"), async (c) => {
      const { limit, cursor } = readQuery(c, tradesQuerySchema);
      markStreamSeq(c, options.headSeq());
      const page = await fleet.trades(agentIdOf(c), {
        limit,
        cursor: cursor ?? null,
      });
      return c.json<ListResponse<Trade>>(page);
    });
}
