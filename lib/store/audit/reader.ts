import type { AuditEntry } from "../../contracts/audit.ts";
import type {
  AuditCheckpoint,
  AuditRecord,
  AuditStream,
} from "../../contracts/audit_trail.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { keys } from "../keys.ts";
import type { ChainHead } from "./chain.ts";

interface Stored {
  n: number;
  entry: AuditEntry;
  prev: string | null;
  hash: string | null;
}

/** Reads the trail, in small steps. */
export class AuditReader {
  readonly #kv: GuardedKv;

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  /** The newest entry of a stream; null where there is none. */
  async head(stream: AuditStream): Promise<ChainHead | null> {
    const { value } = await this.#kv.get<ChainHead>(keys.auditHead(stream));
    return value === null ? null : { n: value.n, hash: value.hash };
  }

  /** Entries from `n` on, oldest first. */
  async after(
    stream: AuditStream,
    { from, limit }: { from: number; limit: number },
  ): Promise<AuditRecord[]> {
    const page = await this.#kv.list<Stored>(
      { prefix: keys.audits(stream), start: keys.audit(stream, from) },
      { limit },
    );
    return page.map(({ value }) => toRecord(stream, value));
  }

  /** Entries before `n`, newest first. */
  async before(
    stream: AuditStream,
    { before, limit }: { before: number; limit: number },
  ): Promise<AuditRecord[]> {
    const page = await this.#kv.list<Stored>(
      { prefix: keys.audits(stream), end: keys.audit(stream, before) },
      { limit, reverse: true },
    );
    return page.map(({ value }) => toRecord(stream, value));
  }

  /** Checkpoints from a serial number on, oldest first. */
  async checkpoints(
    stream: AuditStream,
    { from, limit }: { from: number; limit: number },
  ): Promise<AuditCheckpoint[]> {
    const page = await this.#kv.list<{ checkpoint: AuditCheckpoint }>(
      {
        prefix: keys.auditCheckpoints(stream),
        start: keys.auditCheckpoint(stream, from),
      },
      { limit },
    );
    return page.map(({ value }) => value.checkpoint);
  }

  /** The newest checkpoint; null before the first. */
  async lastCheckpoint(stream: AuditStream): Promise<AuditCheckpoint | null> {
    const [last] = await this.#kv.list<{ checkpoint: AuditCheckpoint }>(
      { prefix: keys.auditCheckpoints(stream) },
      { limit: 1, reverse: true },
    );
    return last?.value.checkpoint ?? null;
  }

  /** Stores the next checkpoint; false if another process was first. */
  async addCheckpoint(checkpoint: AuditCheckpoint): Promise<boolean> {
    const { stream, serial } = checkpoint;
    const key = keys.auditCheckpoint(stream, serial);
    const { ok } = await this.#kv.commit({
      checks: [{ key, versionstamp: null }],
      sets: [{ key, value: { v: 1, checkpoint } }],
    });
    return ok;
  }
}

/** A stored entry as one flat record. */
function toRecord(
  stream: AuditStream,
  { n, entry, prev, hash }: Stored,
): AuditRecord {
  return { stream, n, ...entry, prev, hash };
}
