import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { cursors } from "../../contracts/cursor.ts";
import { logEntrySchema } from "../../contracts/answers/log.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import { logQuerySchema } from "../../contracts/log.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { agentIdOf, agentIdSchema, limitSchema } from "../input.ts";
import { exportLogs } from "../log_export.ts";
import { createRouter } from "../openapi/router.ts";

const logListSchema = logQuerySchema.extend({
  agentId: agentIdSchema.optional(),
  limit: limitSchema,
  cursor: cursors.logs.schema.optional(),
}).strict();

const exportSchema = logListSchema.omit({ limit: true, cursor: true }).extend({
  format: z.enum(["ndjson", "csv", "json"], {
    error: "Choose a format: ndjson, csv or json",
  }).default("ndjson"),
}).strict();

/** Log lines of all agents and of one. */
export function agentLogRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/logs",
    summary: "List log lines of all agents, newest first",
    tag: "records",
    action: "logs.read",
    query: logListSchema,
    answer: pageOf(logEntrySchema),
    marksSeq: true,
  }, async ({ query }) => cursors.logs.page(await options.logs(query)));
  define({
    method: "get",
    path: "/:id/logs",
    summary: "List log lines of one agent, newest first",
    tag: "records",
    action: "logs.read",
    query: logListSchema.omit({ agentId: true }),
    answer: pageOf(logEntrySchema),
    marksSeq: true,
    problems: ["AGENT_NOT_FOUND"],
  }, async ({ c, query }) => {
    const agentId = agentIdOf(c);
    const page = await options.logs({ ...query, agentId });
    // Lines outlive their agent: only an id without lines must exist.
    if (page.items.length === 0 && page.nextCursor === null) {
      options.fleet.get(agentId);
    }
    return cursors.logs.page(page);
  });
  return app;
}

/** Log lines as a file, with the filters of the list. */
export function logExportRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define(
    {
      method: "get",
      path: "/logs/export",
      summary: "Download log lines with the filters of the list",
      tag: "records",
      action: "logs.read",
      query: exportSchema,
      answer: {
        media: ["application/x-ndjson", "text/csv", "application/json"],
      },
    },
    ({ query: { format, ...query } }) =>
      exportLogs({ format, query, logs: options.logs, now: options.now() }),
  );
  return app;
}
