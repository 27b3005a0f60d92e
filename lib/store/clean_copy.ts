import { DatabaseSync } from "node:sqlite";
import { AppError } from "../core/errors.ts";

/** Name of the copy until it takes the place of the store. */
const COPY_SUFFIX = ".clean";

/**
 * Puts a copy without leftovers in the place of a store that nobody has open.
 * SQLite leaves deleted values in free pages and in gaps of its pages until
 * something else is written there; what is copied row by row has neither.
 * (`VACUUM` does the same but attaches a database of its own, which Deno allows
 * only to a process that may read and write everything.)
 *
 * A crash at any point leaves either the old store or the new one.
 *
 * @throws {AppError} `STORE_UNAVAILABLE` if it cannot be copied; the store is as it was then.
 */
export async function replaceByCleanCopy(path: string): Promise<void> {
  const copy = path + COPY_SUFFIX;
  try {
    await removeIfThere(copy);
    copyRows(path, copy);
    await Deno.chmod(copy, (await Deno.stat(path)).mode ?? 0o600);
    using file = await Deno.open(copy, { read: true, write: true });
    await file.syncData();
    // The log beside the old file holds old values, too, and belongs to it.
    await Promise.all(
      ["-wal", "-shm"].map((suffix) => removeIfThere(path + suffix)),
    );
    await Deno.rename(copy, path);
  } catch (error) {
    throw new AppError(
      "STORE_UNAVAILABLE",
      `The store "${path}" cannot be copied without its leftovers: ${
        error instanceof Error ? error.message : error
      }; make room for a copy of it on the disk`,
      { status: 503, cause: error },
    );
  } finally {
    await removeIfThere(copy).catch(() => {});
  }
}

function copyRows(from: string, to: string): void {
  const source = new DatabaseSync(from);
  const target = new DatabaseSync(to);
  try {
    source.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    target.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    const schema = source.prepare(
      "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC",
    ).all() as unknown as { type: string; name: string; sql: string }[];
    for (const { type, name, sql } of schema) {
      target.exec(sql);
      if (type === "table") copyTable(name, { source, target });
    }
    target.exec("COMMIT");
    const [{ user_version: version }] = source.prepare("PRAGMA user_version")
      .all() as unknown as [{ user_version: number }];
    target.exec(`PRAGMA user_version = ${Number(version)}`);
    const [verdict] = target.prepare("PRAGMA integrity_check").all();
    if (verdict?.["integrity_check"] !== "ok") {
      throw new Error("the copy is damaged");
    }
  } finally {
    target.close();
    source.close();
  }
}

function copyTable(
  name: string,
  { source, target }: { source: DatabaseSync; target: DatabaseSync },
): void {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const read = source.prepare(`SELECT * FROM ${quoted}`);
  // Versions are integers of 64 bits.
  read.setReadBigInts(true);
  let insert: ReturnType<DatabaseSync["prepare"]> | null = null;
  for (const row of read.iterate()) {
    const values = Object.values(row);
    insert ??= target.prepare(
      `INSERT INTO ${quoted} VALUES (${values.map(() => "?").join(",")})`,
    );
    insert.run(...values);
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
