import type { OpenAPIHono } from "@hono/zod-openapi";
import { candleFileSchema } from "../../contracts/answers/feed.ts";
import {
  modelInfoSchema,
  runtimeStatusSchema,
} from "../../contracts/answers/inference.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import type { ModelInfo, RuntimeStatus } from "../../contracts/inference.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter } from "../openapi/router.ts";

/** Models, and the runtime that they run in; null where nobody knows. */
export interface ModelsResponse extends ListResponse<ModelInfo> {
  runtime: RuntimeStatus | null;
}

/** What a configuration may name: candle files to replay, models to ask. */
export function catalogRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet } = options;
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/candle-files",
    summary: "List files that a replay can play",
    tag: "templates",
    action: "templates.read",
    query: listQuerySchema,
    answer: pageOf(candleFileSchema),
  }, async ({ query }) =>
    pageOfList(await fleet.candleFiles(), {
      ...query,
      keyOf: ({ file }) => file,
    }));
  define({
    method: "get",
    path: "/models",
    summary: "List models with verdict, problems, and how often each was run",
    tag: "templates",
    action: "templates.read",
    query: listQuerySchema,
    answer: pageOf(modelInfoSchema).extend({
      runtime: runtimeStatusSchema.nullable(),
    }),
  }, async ({ query }) => ({
    ...pageOfList(await fleet.models(), {
      ...query,
      keyOf: ({ origin, name }) => `${origin}/${name}`,
    }),
    runtime: await fleet.modelRuntime(),
  }));
  return app;
}
