import { Hono } from "hono";
import * as z from "zod";
import {
  type AuditCheck,
  auditFilterSchema,
  type AuditRecord,
} from "../../contracts/audit_trail.ts";
import type { ListResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { limitSchema, readQuery } from "../input.ts";

const auditListSchema = auditFilterSchema.extend({
  limit: limitSchema,
  cursor: z.string().regex(
    /^\d{1,16}\.\d{1,16}$/,
    "Use the nextCursor of an earlier answer",
  ).optional(),
}).strict();

/** The audit trail: who did what, and whether anybody has changed it since. */
export function auditRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { auditTrail } = options;
  return new Hono<ApiEnv>()
    .get("/", allow("audit.read"), async (c) => {
      const { limit, cursor = null, ...filter } = readQuery(c, auditListSchema);
      return c.json<ListResponse<AuditRecord>>(
        await auditTrail.query(filter, { limit, cursor }),
      );
    })
    .get("/export", allow("audit.read"), (c) => {
      const filter = readQuery(c, auditFilterSchema);
      const isWhole = Object.keys(filter).length === 0;
      const day = new Date(options.now()).toISOString().slice(0, 10);
      const part = isWhole ? "" : "-part";
      const body = ReadableStream.from(auditTrail.export(filter))
        .pipeThrough(new TextEncoderStream());
      return c.body(body, 200, {
        "Content-Type": "application/x-ndjson; charset=utf-8",
        "Content-Disposition":
          `attachment; filename="smc-fleet-audit${part}-${day}.ndjson"`,
      });
    })
    .get(
      "/check",
      allow("audit.read"),
      (c) => c.json<AuditCheck>(auditTrail.check()),
    );
}
