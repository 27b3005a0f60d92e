import * as z from "zod";
import type { Actor } from "../audit.ts";
import {
  AUDIT_FAULTS,
  AUDIT_STREAMS,
  type AuditCheck,
  type AuditCheckpoint,
  type AuditFault,
  type AuditRecord,
  type StreamCheck,
} from "../audit_trail.ts";
import { same } from "./parts.ts";

const stream = z.enum(AUDIT_STREAMS);

/** {@link Actor} */
export const actorSchema = z.object({
  kind: z.enum(["user", "token", "system", "anonymous"]),
  id: z.string().nullable(),
  name: z.string(),
});
same<Actor, typeof actorSchema>();

/** {@link AuditRecord} */
export const auditRecordSchema = z.object({
  stream,
  n: z.number(),
  at: z.number(),
  actor: actorSchema,
  via: z.string(),
  requestId: z.string().nullable().optional(),
  action: z.string(),
  target: z.string(),
  outcome: z.enum(["ok", "refused"]),
  reason: z.string(),
  detail: z.record(z.string(), z.unknown()),
  prev: z.string().nullable(),
  hash: z.string().nullable(),
});
same<AuditRecord, typeof auditRecordSchema>();

/** {@link AuditCheckpoint} */
export const auditCheckpointSchema = z.object({
  stream,
  serial: z.number(),
  n: z.number(),
  hash: z.string(),
  at: z.number(),
  key: z.string(),
  signature: z.string(),
});
same<AuditCheckpoint, typeof auditCheckpointSchema>();

/** One line of an export. */
export const auditLineSchema = z.union([
  auditRecordSchema,
  z.object({ checkpoint: auditCheckpointSchema }),
]);

/** {@link AuditFault} */
export const auditFaultSchema = z.object({
  kind: z.enum(AUDIT_FAULTS),
  stream: stream.nullable(),
  n: z.number().nullable(),
  upTo: z.number().nullable(),
  detail: z.string(),
});
same<AuditFault, typeof auditFaultSchema>();

/** {@link StreamCheck} */
export const streamCheckSchema = z.object({
  stream,
  head: z.number(),
  wholeTo: z.number(),
  checkedAt: z.number().nullable(),
  fault: auditFaultSchema.nullable(),
  checkpoint: z.object({ n: z.number(), at: z.number() }).nullable(),
});
same<StreamCheck, typeof streamCheckSchema>();

/** {@link AuditCheck} */
export const auditCheckSchema = z.object({
  ok: z.boolean(),
  detail: z.string(),
  streams: z.array(streamCheckSchema),
  key: z.string().nullable(),
  checkpointTrouble: z.string().nullable(),
});
same<AuditCheck, typeof auditCheckSchema>();
