import { Hono } from "hono";
import type { AgentTemplate } from "../../contracts/template.ts";
import type { CandleFile } from "../../contracts/feed.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";

/** What an agent can be made of: templates and candle files. */
export function catalogRoutes(
  { fleet }: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get(
      "/templates",
      allow("templates.read"),
      (c) =>
        c.json<ListResponse<AgentTemplate>>({
          items: fleet.templates(),
          nextCursor: null,
        }),
    )
    .get(
      "/candle-files",
      allow("templates.read"),
      async (c) =>
        c.json<ListResponse<CandleFile>>({
          items: await fleet.candleFiles(),
          nextCursor: null,
        }),
    );
}
