import type { AuditEntry } from "../contracts/audit.ts";
import type { SealedSecret } from "../contracts/exchange_key.ts";
import type { SealedRecord } from "../contracts/sealed_record.ts";

/** All that lies sealed, of every kind, for whoever changes the key that seals it. */
export interface SealedRecords {
  list(): Promise<readonly SealedRecord[]>;
  /** The newest state of one, or null. */
  find(
    record: Pick<SealedRecord, "kind" | "id">,
  ): Promise<SealedRecord | null>;
  /** Puts another envelope in place of the one that was read. False if it was changed since. */
  replace(record: SealedRecord, sealed: SealedSecret): Promise<boolean>;
  /** Deletes what nobody can open any more; one audit entry for each commit. */
  remove(
    records: readonly SealedRecord[],
    audit: (count: number) => AuditEntry,
  ): Promise<void>;
}
