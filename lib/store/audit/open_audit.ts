import type {
  AuditFilter,
  AuditRecord,
  AuditStream,
} from "../../contracts/audit_trail.ts";
import type { TimeSource } from "../../core/time.ts";
import { AuditLog } from "../audit.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import type { AuditEntry, StorePage } from "../port.ts";
import { pageOfRecords, queryRecords } from "./query.ts";
import { AuditReader } from "./reader.ts";
import { RefusalCounter } from "./refusals.ts";
import { sealUnchained } from "./seal.ts";

/** The audit trail as the owner of the store reads it. */
export interface AuditPort {
  /** Appends an entry, or counts it where refusals come in a flood. */
  audit(entry: AuditEntry): Promise<void>;
  /** Entries of one stream, newest first; of the commands if it is left out. */
  auditPage(
    options: { limit: number; cursor: string | null; stream?: AuditStream },
  ): Promise<StorePage<AuditRecord>>;
  /** Entries that match, of both streams by time, newest first; a page may be short and still have a cursor. */
  auditQuery(
    filter: AuditFilter,
    page: { limit: number; cursor: string | null },
  ): Promise<StorePage<AuditRecord>>;
  /** The trail as its keepers read it. */
  auditReader: AuditReader;
}

/** Opens the trail of a store; the first opening by a build with a chain seals what is there. */
export async function openAudit(
  kv: GuardedKv,
  time: TimeSource,
): Promise<{ log: AuditLog; port: AuditPort; close(): Promise<void> }> {
  await sealUnchained(kv, time);
  const log = new AuditLog({ kv, time });
  const auditReader = new AuditReader(kv);
  const refusals = new RefusalCounter({
    time,
    append: (entry) => log.append(entry),
  });
  return {
    log,
    port: {
      audit: (entry) => refusals.record(entry),
      auditReader,
      auditPage: (page) => pageOfRecords(auditReader, page),
      auditQuery: (filter, page) =>
        queryRecords(auditReader, { filter, ...page }),
    },
    close: () => refusals.close(),
  };
}
