import { Hono } from "hono";
import type { CandleFile } from "../../contracts/feed.ts";
import type { ModelInfo } from "../../contracts/inference.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";

/** What a configuration may name: candle files to replay, models to ask. */
export function catalogRoutes(
  { fleet }: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get(
      "/candle-files",
      allow("templates.read"),
      async (c) =>
        c.json<ListResponse<CandleFile>>({
          items: await fleet.candleFiles(),
          nextCursor: null,
        }),
    )
    .get(
      "/models",
      allow("templates.read"),
      async (c) =>
        c.json<ListResponse<ModelInfo>>({
          items: await fleet.models(),
          nextCursor: null,
        }),
    );
}
