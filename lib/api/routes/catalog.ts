import { Hono } from "hono";
import type { CandleFile } from "../../contracts/feed.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";

/** Candle files that an agent can replay. */
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
    );
}
