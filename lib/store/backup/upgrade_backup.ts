/**
 * The backup that a start makes before it upgrades a store of an older build.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { AppError } from "../../core/errors.ts";
import { openDenoKv } from "../kv/deno_kv.ts";
import { keys } from "../keys.ts";
import type { FormatStamp } from "../upgrade/stamp.ts";
import { type PendingUpgrade, pendingUpgrade } from "../upgrade/upgrade.ts";
import { createBackup, timeInName } from "./create_backup.ts";
import { exists, listNames } from "./files.ts";
import {
  BACKUPS_FOLDER,
  UPGRADE_BACKUPS,
  UPGRADE_ROOM_FACTOR,
} from "./limits.ts";
import { listModelFiles } from "./models.ts";
import { JOURNAL_FOLDER, STORE_NAME } from "./manifest.ts";

/** What a start upgrades. The caller holds the data folder, and nobody has the store open. */
export interface UpgradeBackupOptions {
  dataDir: string;
  nowMs: number;
  /** Told of a backup that was made. */
  onBackup: (line: string) => void;
  /** Bytes that are free for files of this folder; a test says less than there are. */
  freeBytes?: (folder: string) => Promise<number>;
}

/** `upgrade-3-to-4-<time>`, and what a killed start has left of one. */
const NAME = /^upgrade-\d+-to-\d+-[\dTZ.-]+?(\.partial-\d+)?$/;

/**
 * Makes a backup if the next opening of the store would upgrade it, in
 * `DATA_DIR/backups/upgrade-<from>-to-<to>-<time>`. An upgrade that was
 * interrupted has its backup already: one of a store that is half new would
 * help nobody. The newest `UPGRADE_BACKUPS` are kept; other backups are not
 * touched. Without a backup there is no upgrade.
 *
 * @throws {AppError} STORE_VERSION_NEWER if a newer build has used the store;
 * BACKUP_FAILED if there is no room for a backup, or none could be made.
 */
export async function backUpBeforeUpgrade(
  options: UpgradeBackupOptions,
): Promise<void> {
  const { dataDir, nowMs, onBackup } = options;
  const pending = await readPending(`${dataDir}/${STORE_NAME}`);
  if (pending === null || pending.hasBegun) return;
  const { from, to } = pending;
  const folder = `${dataDir}/${BACKUPS_FOLDER}`;
  await requireRoom(options, pending);
  const out = `${folder}/upgrade-${from}-to-${to}-${timeInName(nowMs)}`;
  try {
    await removePartial(folder);
    await createBackup({ dataDir, out, nowMs });
  } catch (error) {
    throw failed(
      pending,
      `none could be made in "${folder}": ${
        error instanceof Error ? error.message : error
      }; make room there, and start again`,
      error,
    );
  }
  onBackup(
    `The data have format ${from} and are upgraded to ${to}; before, a backup was made: ${out}`,
  );
  await removeOlder(folder);
}

/** What is to be upgraded; null where there is no store yet, an empty one or one that is up to date. */
async function readPending(path: string): Promise<PendingUpgrade | null> {
  if (!await exists(path)) return null;
  const kv = await openDenoKv(path);
  try {
    const { value } = await kv.get<FormatStamp>(keys.format());
    const [first] = await kv.list({ prefix: [] }, { limit: 1 });
    return first === undefined ? null : pendingUpgrade(value);
  } finally {
    kv.close();
  }
}

async function requireRoom(
  { dataDir, freeBytes = freeBytesOf }: UpgradeBackupOptions,
  pending: PendingUpgrade,
): Promise<void> {
  const bytes = await sizeOf(dataDir);
  const needed = Math.ceil(bytes * UPGRADE_ROOM_FACTOR);
  const free = await freeBytes(dataDir);
  if (free >= needed) return;
  throw failed(
    pending,
    `"${dataDir}" has ${megabytes(free)} MB left for one of ${
      megabytes(needed)
    } MB; make room there, and start again`,
  );
}

/** Bytes of the store, its log, the journals and the models. */
async function sizeOf(dataDir: string): Promise<number> {
  const paths = [
    STORE_NAME,
    `${STORE_NAME}-wal`,
    ...(await listNames(`${dataDir}/${JOURNAL_FOLDER}`)).map((name) =>
      `${JOURNAL_FOLDER}/${name}`
    ),
    ...await listModelFiles(dataDir),
  ];
  const sizes = await Promise.all(paths.map(async (path) => {
    const file = `${dataDir}/${path}`;
    return await exists(file) ? (await Deno.stat(file)).size : 0;
  }));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function removePartial(folder: string): Promise<void> {
  for (const name of await listNames(folder)) {
    if (NAME.exec(name)?.[1] === undefined) continue;
    // deno-lint-ignore no-await-in-loop -- there is hardly ever one
    await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}

/** Names end in their time, which sorts as text. */
async function removeOlder(folder: string): Promise<void> {
  const made = (await listNames(folder)).filter((name) => NAME.test(name));
  const byTime = made.toSorted((a, b) => timeOf(a) < timeOf(b) ? -1 : 1);
  for (const name of byTime.slice(0, -UPGRADE_BACKUPS)) {
    // deno-lint-ignore no-await-in-loop -- there is hardly ever one
    await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}

function timeOf(name: string): string {
  return name.replace(/^upgrade-\d+-to-\d+-/, "");
}

function failed(
  { from, to }: PendingUpgrade,
  why: string,
  cause?: unknown,
): AppError {
  return new AppError(
    "BACKUP_FAILED",
    `The data have format ${from} and are upgraded to ${to} only after a backup, and ${why}`,
    { cause },
  );
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
