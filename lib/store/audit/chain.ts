import { createHash } from "node:crypto";
import type { AuditEntry } from "../../contracts/audit.ts";
import {
  AUDIT_STREAMS,
  type AuditStream,
} from "../../contracts/audit_trail.ts";
import { canonicalText, type Json, toJson } from "../../core/canonical.ts";
import { MAX_AUDIT_TEXT } from "./limits.ts";

/** What the first entry of a stream follows. */
export const ROOT_HASH = "0".repeat(64);

/** Action of the entry that seals what was stored before there was a chain. */
export const SEAL_ACTION = "audit.seal";

/** An entry at its place in a chain. */
export interface ChainedEntry {
  stream: AuditStream;
  /** Running number within the stream, from 1, without holes. */
  n: number;
  entry: AuditEntry;
  /** Hash of the entry before, in hexadecimal. */
  prev: string;
  /** SHA-256 over `prev` and the canonical text of the entry with its stream and number. */
  hash: string;
}

/** The newest entry of a stream. */
export interface ChainHead {
  n: number;
  /** Null before the chain was begun over what older builds have stored. */
  hash: string | null;
}

const ACCESS_ACTIONS = /^(auth\.(?!setup$)|session|access\.|key\.use$)/;

/**
 * The stream of an entry: logins, refusals and the use of keys are `access`,
 * everything that changed something is in `commands`.
 */
export function streamOf(
  { action, outcome }: Pick<AuditEntry, "action" | "outcome">,
): AuditStream {
  return outcome === "refused" || ACCESS_ACTIONS.test(action)
    ? "access"
    : "commands";
}

/** Tells whether a text names a stream. */
export function isStream(text: unknown): text is AuditStream {
  return AUDIT_STREAMS.some((stream) => stream === text);
}

/** An entry as it is stored: only what JSON can say, with bounded texts. */
export function storableEntry(entry: AuditEntry): AuditEntry {
  const { actor, target, reason } = entry;
  return toJson({
    ...entry,
    // Part of what is hashed, so it is never left out; older builds had none.
    requestId: entry.requestId ?? null,
    actor: { ...actor, name: cut(actor.name) },
    target: cut(target),
    reason: cut(reason),
  }) as unknown as AuditEntry;
}

/** The hash of an entry at its place. */
export function hashOf(
  { stream, n, entry, prev }: Omit<ChainedEntry, "hash">,
): string {
  const text = canonicalText({ ...entry, n, stream } as unknown as Json);
  return createHash("sha256").update(prev).update(text).digest("hex");
}

/** Adds an entry of an older build to the hash over all of them. */
export function hashUnchained(
  before: string,
  { n, entry }: { n: number; entry: AuditEntry },
): string {
  const text = canonicalText(toJson({ n, entry }));
  return createHash("sha256").update(before).update(text).digest("hex");
}

function cut(text: string): string {
  return text.length > MAX_AUDIT_TEXT
    ? `${text.slice(0, MAX_AUDIT_TEXT)}… (cut)`
    : text;
}
