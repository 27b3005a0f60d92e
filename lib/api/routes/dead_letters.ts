import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { cursors } from "../../contracts/cursor.ts";
import { deadLetterSchema } from "../../contracts/answers/dead_letter.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { limitSchema } from "../input.ts";
import { createRouter } from "../openapi/router.ts";

/** Messages that reached nobody, newest first. */
export function deadLetterRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define(
    {
      method: "get",
      path: "/dead-letters",
      summary:
        "List messages that reached nobody, newest first, with the reason",
      tag: "records",
      action: "logs.read",
      query: z.strictObject({
        limit: limitSchema,
        cursor: cursors.deadLetters.schema.optional(),
      }),
      answer: pageOf(deadLetterSchema),
    },
    async ({ query: { limit, cursor = null } }) =>
      cursors.deadLetters.page(await options.deadLetters({ limit, cursor })),
  );
  return app;
}
