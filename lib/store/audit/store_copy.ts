import type { AuditStream } from "../../contracts/audit_trail.ts";
import { AUDIT_STREAMS } from "../../contracts/audit_trail.ts";
import { createIdFactory } from "../../core/ids.ts";
import type { TimeSource } from "../../core/time.ts";
import { copyStore } from "../backup/store_copy.ts";
import { openDenoKv } from "../kv/deno_kv.ts";
import { GuardedKv } from "../kv/guarded_kv.ts";
import { systemRandom } from "../kv/random.ts";
import type { ChainHead } from "./chain.ts";
import type { AuditLine } from "./lines.ts";
import { EXPORT_BATCH } from "./limits.ts";
import { AuditReader } from "./reader.ts";

/**
 * Reads the trail of a store in a copy of it, so that a server which writes the
 * store meanwhile is not in the way and is not disturbed. Nothing is brought up
 * to this build: what is verified is what lies there.
 *
 * @throws {AppError} `BACKUP_FAILED` if the store is no sound database.
 */
export async function withStoreCopy<T>(
  path: string,
  options: { folder: string; time: TimeSource },
  read: (reader: AuditReader) => Promise<T>,
): Promise<T> {
  const { folder, time } = options;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await copyStore(path, `${folder}/copy.sqlite`);
    const connection = await openDenoKv(`${folder}/copy.sqlite`);
    const nowMs = () => time.nowMs();
    const ids = createIdFactory({ nowMs, random: systemRandom });
    const kv = new GuardedKv(connection, { time, ids });
    try {
      return await read(new AuditReader(kv));
    } finally {
      kv.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Everything in a store, entries of both streams and checkpoints, oldest first. */
export async function* storeLines(
  reader: AuditReader,
): AsyncGenerator<AuditLine> {
  for (const stream of AUDIT_STREAMS) {
    for (let from = 1;;) {
      const page = await reader.after(stream, { from, limit: EXPORT_BATCH });
      for (const record of page) yield { kind: "record", record };
      if (page.length < EXPORT_BATCH) break;
      from = page.at(-1)!.n + 1;
    }
    for (let from = 1;;) {
      const page = await reader.checkpoints(stream, {
        from,
        limit: EXPORT_BATCH,
      });
      for (const checkpoint of page) yield { kind: "checkpoint", checkpoint };
      if (page.length < EXPORT_BATCH) break;
      from = page.at(-1)!.serial + 1;
    }
  }
}

/** What a store says of its newest entries. */
export async function storeHeads(
  reader: AuditReader,
): Promise<Map<AuditStream, ChainHead>> {
  const heads = new Map<AuditStream, ChainHead>();
  for (const stream of AUDIT_STREAMS) {
    // deno-lint-ignore no-await-in-loop -- there are two
    const head = await reader.head(stream);
    heads.set(stream, head ?? { n: 0, hash: null });
  }
  return heads;
}
