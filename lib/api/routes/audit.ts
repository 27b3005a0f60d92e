import type { OpenAPIHono } from "@hono/zod-openapi";
import { cursors } from "../../contracts/cursor.ts";
import {
  auditCheckSchema,
  auditLineSchema,
  auditRecordSchema,
} from "../../contracts/answers/audit.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import { auditFilterSchema } from "../../contracts/audit_trail.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { limitSchema } from "../input.ts";
import { createRouter } from "../openapi/router.ts";

const auditListSchema = auditFilterSchema.extend({
  limit: limitSchema,
  cursor: cursors.audit.schema.optional(),
}).strict();

/** The audit trail: who did what, and whether anybody has changed it since. */
export function auditRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { auditTrail } = options;
  const { app, define } = createRouter(options, authorizer);
  define(
    {
      method: "get",
      path: "/",
      summary: "List entries, newest first; a page may be short",
      tag: "audit",
      action: "audit.read",
      query: auditListSchema,
      answer: pageOf(auditRecordSchema),
    },
    async ({ query: { limit, cursor = null, ...filter } }) =>
      cursors.audit.page(await auditTrail.query(filter, { limit, cursor })),
  );
  define({
    method: "get",
    path: "/export",
    summary: "Download entries and checkpoints, oldest first, one a line",
    details:
      "The whole trail can be verified; a selection, which is named as a part, cannot.",
    tag: "audit",
    action: "audit.read",
    query: auditFilterSchema,
    answer: {
      media: ["application/x-ndjson"],
      unit: auditLineSchema,
      isDownload: true,
    },
  }, ({ c, query }) => {
    const isWhole = Object.keys(query).length === 0;
    const day = new Date(options.now()).toISOString().slice(0, 10);
    const part = isWhole ? "" : "-part";
    const body = ReadableStream.from(auditTrail.export(query))
      .pipeThrough(new TextEncoderStream());
    return c.body(body, 200, {
      "Content-Type": "application/x-ndjson; charset=utf-8",
      "Content-Disposition":
        `attachment; filename="smc-fleet-audit${part}-${day}.ndjson"`,
    });
  });
  define({
    method: "get",
    path: "/check",
    summary: "Read whether the trail is whole, and the key that signs it",
    tag: "audit",
    action: "audit.read",
    answer: auditCheckSchema,
  }, () => auditTrail.check());
  return app;
}
