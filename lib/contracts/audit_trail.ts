/**
 * The audit trail as it is read, exported and checked.
 *
 * @module
 */
import * as z from "zod";
import type { AuditEntry } from "./audit.ts";
import type { EpochMs } from "./primitives.ts";

/** The two lists: what was changed, and who came in or was refused. */
export const AUDIT_STREAMS = ["commands", "access"] as const;
export type AuditStream = (typeof AUDIT_STREAMS)[number];

/** An entry as it is read and exported: one line of an export. */
export interface AuditRecord extends AuditEntry {
  stream: AuditStream;
  /** Running number within the stream, from 1, without holes. */
  n: number;
  /** Hash of the entry before; null for an entry that was stored before there was a chain. */
  prev: string | null;
  /** SHA-256 over `prev` and the canonical text of the rest; null as above. */
  hash: string | null;
}

/** What was signed of a stream at one moment. */
export interface AuditCheckpoint {
  stream: AuditStream;
  /** Running number of the checkpoint within the stream, from 1, without holes. */
  serial: number;
  /** The newest entry at that moment, and its hash. */
  n: number;
  hash: string;
  at: EpochMs;
  /** Public key in base64url (Ed25519, 32 bytes). */
  key: string;
  /** Signature over the canonical text of the fields above but `key`, in base64url. */
  signature: string;
}

/** Ways in which a trail can be wrong. */
export const AUDIT_FAULTS = [
  "edited",
  "dropped",
  "inserted",
  "swapped",
  "truncated",
  "rewritten",
  "signature wrong",
  "checkpoint missing",
  "checkpoint edited",
  "unreadable",
] as const;
export type AuditFaultKind = (typeof AUDIT_FAULTS)[number];

/** The first thing that is wrong with a stream. */
export interface AuditFault {
  kind: AuditFaultKind;
  stream: AuditStream | null;
  /** Number of the first bad entry; null where no entry is meant. */
  n: number | null;
  /** Where only a stretch is known: the last entry that may be the first bad one; else as `n`. */
  upTo: number | null;
  /** One sentence for people. */
  detail: string;
}

/** How far one stream is known to be whole. */
export interface StreamCheck {
  stream: AuditStream;
  /** Number of the newest entry. */
  head: number;
  /** Every entry up to here was read and fits. */
  wholeTo: number;
  /** When that was last told. Null before the first time. */
  checkedAt: EpochMs | null;
  fault: AuditFault | null;
  /** The newest checkpoint; null before the first. */
  checkpoint: { n: number; at: EpochMs } | null;
}

/** What the background check knows. */
export interface AuditCheck {
  ok: boolean;
  /** One sentence for people. */
  detail: string;
  streams: readonly StreamCheck[];
  /** The public key that signs checkpoints, to be pinned; null before it is loaded. */
  key: string | null;
  /** Why checkpoints cannot be signed or mirrored now; null if they can. */
  checkpointTrouble: string | null;
}

/** Filters of the list and of the export. */
export const auditFilterSchema = z.strictObject({
  stream: z.enum(AUDIT_STREAMS, "Choose a stream: commands or access")
    .optional(),
  /** Id of a user, or a part of the name. */
  actor: z.string().max(200).optional(),
  /** An action, or its first part with a dot: `agent.`. */
  action: z.string().max(100).optional(),
  /** An id, or a part of it. */
  target: z.string().max(200).optional(),
  /** Id of the HTTP request that caused it. */
  requestId: z.string().max(64).optional(),
  outcome: z.enum(["ok", "refused"], "Choose an outcome: ok or refused")
    .optional(),
  from: instant().optional(),
  to: instant().optional(),
});
export type AuditFilter = z.output<typeof auditFilterSchema>;

function instant() {
  return z.union([
    z.string().regex(/^\d{1,15}$/).transform(Number),
    z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    z.iso.date().transform((text) => Date.parse(text)),
  ], "Give a time such as 2026-09-01 or 2026-09-01T12:00:00Z");
}
