import { Hono } from "hono";
import type { CandleFile } from "../../contracts/feed.ts";
import type { ModelInfo, RuntimeStatus } from "../../contracts/inference.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";

/** Models, and the runtime that they run in; null where nobody knows. */
export interface ModelsResponse extends ListResponse<ModelInfo> {
  runtime: RuntimeStatus | null;
}

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
        c.json<ModelsResponse>({
          items: await fleet.models(),
          nextCursor: null,
          runtime: await fleet.modelRuntime(),
        }),
    );
}
