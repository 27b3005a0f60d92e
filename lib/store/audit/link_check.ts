import type { AuditEntry } from "../../contracts/audit.ts";
import type {
  AuditFaultKind,
  AuditRecord,
} from "../../contracts/audit_trail.ts";

import { hashOf } from "./chain.ts";

/** How far from its place an entry with another number is looked for. */
const MAX_MOVED = 50;

/** What is known of the entries before the one that is looked at. */
export interface ChainPlace {
  /** Number and hash of the entry before. */
  n: number;
  hash: string;
  /** Hash of the entry before that one. */
  hashBefore: string;
}

/** What one entry says of itself and of the one before. */
export type LinkVerdict =
  | { kind: "whole" }
  /** Its hash fits to what it says, but it follows another entry than the one before. */
  | { kind: "follows another" }
  | { kind: "bad"; fault: AuditFaultKind; n: number; why: string };

/** The content of a record, which its hash covers together with stream and number. */
export function entryOf(record: AuditRecord): AuditEntry {
  const { stream: _stream, n: _n, prev: _prev, hash: _hash, ...entry } = record;
  return entry;
}

/** Tells whether the hash of an entry is the one over its content, as entry number `n`. */
export function isIntact(record: AuditRecord, n = record.n): boolean {
  const { stream, prev, hash } = record;
  if (typeof prev !== "string" || typeof hash !== "string") return false;
  try {
    return hashOf({ stream, n, entry: entryOf(record), prev }) === hash;
  } catch {
    // Something that JSON cannot say: no entry of ours.
    return false;
  }
}

/** Looks at an entry whose number is the next one. */
export function checkLink(record: AuditRecord, place: ChainPlace): LinkVerdict {
  const { n, prev } = record;
  const isNext = prev === place.hash;
  if (isIntact(record)) {
    return isNext ? { kind: "whole" } : { kind: "follows another" };
  }
  if (!isNext) {
    const moved = findNumber(record);
    if (moved !== null && moved < n && prev === place.hashBefore) {
      const why = "It was put in, and the entries after it were numbered anew";
      return { kind: "bad", fault: "inserted", n: place.n, why };
    }
    if (moved !== null) {
      const why = `In its place stands entry ${moved} with another number`;
      return { kind: "bad", fault: "dropped", n, why };
    }
  }
  const why = "Its content is not the one that its hash was made of";
  return { kind: "bad", fault: "edited", n, why };
}

/** The number that an entry had when its hash was made; null where none near by fits. */
function findNumber(record: AuditRecord): number | null {
  for (let distance = 1; distance <= MAX_MOVED; distance++) {
    if (isIntact(record, record.n + distance)) return record.n + distance;
    const before = record.n - distance;
    if (before >= 1 && isIntact(record, before)) return before;
  }
  return null;
}
