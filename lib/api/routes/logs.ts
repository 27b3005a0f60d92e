import { Hono } from "hono";
import * as z from "zod";
import { type LogEntry, logQuerySchema } from "../../contracts/log.ts";
import type { ListResponse } from "../client.ts";
import { type ApiEnv, type ApiOptions, markStreamSeq } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import {
  agentIdOf,
  agentIdSchema,
  limitSchema,
  placeCursorSchema,
  readQuery,
} from "../input.ts";
import { exportLogs } from "../log_export.ts";

const logListSchema = logQuerySchema.extend({
  agentId: agentIdSchema.optional(),
  limit: limitSchema,
  cursor: placeCursorSchema.optional(),
}).strict();

const exportSchema = logListSchema.omit({ limit: true, cursor: true }).extend({
  format: z.enum(["ndjson", "csv", "json"], {
    error: "Choose a format: ndjson, csv or json",
  }).default("ndjson"),
}).strict();

/** Log lines of all agents and of one. */
export function agentLogRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get("/logs", allow("logs.read"), async (c) => {
      const query = readQuery(c, logListSchema);
      markStreamSeq(c, options.headSeq());
      return c.json<ListResponse<LogEntry>>(await options.logs(query));
    })
    .get("/:id/logs", allow("logs.read"), async (c) => {
      const query = readQuery(c, logListSchema.omit({ agentId: true }));
      const agentId = agentIdOf(c);
      markStreamSeq(c, options.headSeq());
      const page = await options.logs({ ...query, agentId });
      // Lines outlive their agent: only an id without lines must exist.
      if (page.items.length === 0 && page.nextCursor === null) {
        options.fleet.get(agentId);
      }
      return c.json<ListResponse<LogEntry>>(page);
    });
}

/** Log lines as a file, with the filters of the list. */
export function logExportRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get("/logs/export", allow("logs.read"), async (c) => {
      const { format, ...query } = readQuery(c, exportSchema);
      return await exportLogs({
        format,
        query,
        logs: options.logs,
        now: options.now(),
      });
    });
}
