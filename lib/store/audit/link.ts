/**
 * Entries of the audit trail at their places, as a commit writes them.
 *
 * @module
 */
import { versionOf } from "../families.ts";
import { keys } from "../keys.ts";
import type { AuditStream } from "../../contracts/audit_trail.ts";
import type { AuditEntry } from "../port.ts";
import {
  type ChainedEntry,
  type ChainHead,
  hashOf,
  ROOT_HASH,
} from "./chain.ts";

/** What is stored of an entry; its key says the stream. */
export type StoredAuditEntry = Omit<ChainedEntry, "stream">;

/** What a commit sets to put entries behind the newest one, and the head that it leaves. */
export interface Link {
  head: ChainHead;
  sets: { key: Deno.KvKey; value: unknown }[];
}

/** Links entries, in their order, behind a head; null where there is none yet. */
export function linkAfter(
  head: ChainHead | null,
  { stream, entries }: { stream: AuditStream; entries: readonly AuditEntry[] },
): Link {
  const isAccess = stream === "access";
  let n = head?.n ?? 0;
  let hash = head?.hash ?? ROOT_HASH;
  const sets: Link["sets"] = [];
  for (const entry of entries) {
    const prev = hash;
    n++;
    hash = hashOf({ stream, n, entry, prev });
    const stored: StoredAuditEntry & { v: number } = {
      v: versionOf(isAccess ? "audit_access" : "audit"),
      n,
      entry,
      prev,
      hash,
    };
    sets.push({ key: keys.audit(stream, n), value: stored });
  }
  const v = versionOf(isAccess ? "audit_access_head" : "audit_head");
  sets.push({ key: keys.auditHead(stream), value: { v, n, hash } });
  return { head: { n, hash }, sets };
}
