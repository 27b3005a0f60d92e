import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { cursors } from "../../contracts/cursor.ts";
import {
  configVersionSchema,
  currentConfigSchema,
} from "../../contracts/answers/config_history.ts";
import { configPreviewSchema } from "../../contracts/answers/config_preview.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { agentIdOf, limitOf } from "../input.ts";
import { DEFAULT_HISTORY_ITEMS } from "../limits.ts";
import { createRouter } from "../openapi/router.ts";

/** The configuration of an agent: as it is, and as it was. */
export function agentConfigRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet } = options;
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/:id/config",
    summary: "Read the configuration; its ETag is what a change has to name",
    tag: "agents",
    action: "agents.read",
    answer: currentConfigSchema,
    etag: ({ configVersion }) => configVersion,
    problems: ["AGENT_NOT_FOUND"],
  }, ({ c }) => fleet.get(agentIdOf(c)));
  define(
    {
      method: "get",
      path: "/:id/config/history",
      summary:
        "List versions of the configuration, newest first: who, when, what",
      details:
        "To go back to one, send its config as a change. The newest 100 are kept.",
      tag: "agents",
      action: "agents.read",
      query: z.strictObject({
        limit: limitOf(DEFAULT_HISTORY_ITEMS),
        cursor: cursors.configs.schema.optional(),
      }),
      answer: pageOf(configVersionSchema),
      problems: ["AGENT_NOT_FOUND"],
    },
    async ({ c, query: { limit, cursor = null } }) =>
      cursors.configs.page(
        await fleet.configHistory(agentIdOf(c), { limit, cursor }),
      ),
  );
  define(
    {
      method: "post",
      path: "/:id/config/preview",
      summary: "See what a change would come to, field by field",
      details:
        "Nothing is changed. Each field that differs says when it would hold: now, after a restart, at the next start, or never.",
      tag: "agents",
      action: "agents.validate",
      body: z.strictObject({ config: z.unknown() }),
      answer: configPreviewSchema,
      problems: ["AGENT_NOT_FOUND", "CONFIG_INVALID"],
    },
    ({ c, body: { config }, caller }) =>
      fleet.previewConfig(agentIdOf(c), config, caller),
  );
  return app;
}
