import { AppError } from "../../core/errors.ts";
import { timeInName } from "./create_backup.ts";
import {
  copyPrivate,
  exists,
  listNames,
  makePrivateFolder,
  parentOf,
  syncPath,
} from "./files.ts";
import { putLatches } from "./latches.ts";
import { putModels } from "./models.ts";
import {
  JOURNAL_FOLDER,
  type Manifest,
  readManifest,
  STORE_NAME,
  verifyFiles,
} from "./manifest.ts";

/** What is restored, and where to. */
export interface RestoreBackupOptions {
  /** Folder of the backup. */
  from: string;
  dataDir: string;
  /** Moves aside what the data folder holds, instead of refusing. */
  isReplacing: boolean;
  nowMs: number;
  /** Makes and locks the data folder, or rejects because a server runs on it. */
  lock: () => Promise<{ release(): void }>;
}

/** What a restore has done. */
export interface Restored {
  createdAt: string;
  files: number;
  /** Where the old data is now, or null if there was none. */
  replaced: string | null;
}

/**
 * What makes up the data of a server, in the order in which it is moved aside.
 * SQLite's log goes before the store: a log that is left beside another store
 * would be played into it. A setup token belongs to the old accounts.
 */
const DATA_NAMES = [
  `${STORE_NAME}-wal`,
  `${STORE_NAME}-shm`,
  STORE_NAME,
  JOURNAL_FOLDER,
  // Checkpoints of a trail that the store goes on no more; the server copies its own.
  "audit",
  "setup-token",
] as const;

/**
 * Puts a backup into a data folder. Nothing is touched before every file of the
 * backup was compared with its hash; old data is moved aside, never deleted.
 *
 * @throws {AppError} `BACKUP_UNUSABLE` if the backup is damaged,
 * `RESTORE_REFUSED` if the data folder holds data; whatever `lock` throws.
 */
export async function restoreBackup(
  options: RestoreBackupOptions,
): Promise<Restored> {
  const manifest = await readManifest(options.from);
  await verifyFiles(options.from, manifest);
  const lock = await options.lock();
  try {
    return await restoreLocked(manifest, options);
  } finally {
    lock.release();
  }
}

async function restoreLocked(
  manifest: Manifest,
  options: RestoreBackupOptions,
): Promise<Restored> {
  const { dataDir, isReplacing, nowMs } = options;
  const time = timeInName(nowMs);
  const hasData = await holdsData(dataDir);
  if (hasData && !isReplacing) {
    throw new AppError(
      "RESTORE_REFUSED",
      `The data folder "${dataDir}" holds data and is left as it is; add --replace to move it aside, or choose another folder with DATA_DIR`,
    );
  }
  const staged = `${dataDir}/.restore-${time}`;
  try {
    await stage(manifest, { from: options.from, staged });
    const replaced = hasData ? await moveAside(dataDir, time) : null;
    await removeEmptyFolder(`${dataDir}/${JOURNAL_FOLDER}`);
    // The store comes last: a server that starts in between finds no agent, and
    // touches no journal. With the store first it would start agents anew.
    await Deno.rename(
      `${staged}/${JOURNAL_FOLDER}`,
      `${dataDir}/${JOURNAL_FOLDER}`,
    );
    await putLatches(staged, dataDir);
    await putModels({ staged, dataDir, replaced });
    await Deno.rename(`${staged}/${STORE_NAME}`, `${dataDir}/${STORE_NAME}`);
    await syncPath(dataDir);
    const { createdAt, files } = manifest;
    return { createdAt, files: files.length, replaced };
  } finally {
    await Deno.remove(staged, { recursive: true }).catch(() => {});
  }
}

/** Copies into the data folder's own file system, where a rename is at once, and compares again. */
async function stage(
  manifest: Manifest,
  options: { from: string; staged: string },
): Promise<void> {
  const { from, staged } = options;
  await makePrivateFolder(`${staged}/${JOURNAL_FOLDER}`);
  for (const { path } of manifest.files) {
    // deno-lint-ignore no-await-in-loop -- one file at a time
    await makePrivateFolder(parentOf(`${staged}/${path}`));
    // deno-lint-ignore no-await-in-loop -- as above
    await copyPrivate(`${from}/${path}`, `${staged}/${path}`);
  }
  await verifyFiles(staged, manifest);
  await syncPath(`${staged}/${JOURNAL_FOLDER}`);
}

async function holdsData(dataDir: string): Promise<boolean> {
  const names = await listNames(dataDir);
  if (names.some((name) => name.startsWith(STORE_NAME))) return true;
  return (await listNames(`${dataDir}/${JOURNAL_FOLDER}`)).length > 0;
}

async function removeEmptyFolder(path: string): Promise<void> {
  if (await exists(path)) await Deno.remove(path);
}

async function moveAside(dataDir: string, time: string): Promise<string> {
  const replaced = `${dataDir}/replaced-${time}`;
  await makePrivateFolder(replaced);
  for (const name of DATA_NAMES) {
    // deno-lint-ignore no-await-in-loop -- in the order of the list
    if (await exists(`${dataDir}/${name}`)) {
      // deno-lint-ignore no-await-in-loop -- as above
      await Deno.rename(`${dataDir}/${name}`, `${replaced}/${name}`);
    }
  }
  return replaced;
}
