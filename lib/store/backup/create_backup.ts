import { AppError } from "../../core/errors.ts";
import {
  copyPrivate,
  digestFile,
  exists,
  listNames,
  makePrivateFolder,
  syncPath,
  writePrivate,
} from "./files.ts";
import {
  BACKUP_ATTEMPTS,
  BACKUP_FORMAT,
  BACKUPS_FOLDER,
  PRIVATE_FILE_MODE,
} from "./limits.ts";
import {
  isJournalName,
  JOURNAL_FOLDER,
  type Manifest,
  MANIFEST_NAME,
  STORE_NAME,
} from "./manifest.ts";
import { copyStore } from "./store_copy.ts";

/** What is backed up, and where to. */
export interface CreateBackupOptions {
  dataDir: string;
  /** Folder of the backup, which must not exist; null = `DATA_DIR/backups/<time>`. */
  out: string | null;
  nowMs: number;
  /** Copies the store; a test lets something happen behind it. */
  copyStore?: (from: string, to: string) => Promise<void>;
}

/** A finished backup. */
export interface CreatedBackup {
  folder: string;
  files: number;
  bytes: number;
}

/**
 * Makes a backup, also while a server runs: run it in a process of its own,
 * because SQLite's locks belong to processes.
 *
 * First the store, then the journals. The desk writes its journal before the
 * store hears of it, and journals only grow: copied in this order they hold all
 * that the copied store knows, and perhaps more. After a restore the desk
 * reports again what the store lacks. The other way round the store would know
 * trades that no journal can account for.
 *
 * The folder has another name until everything in it is on the disk, so that
 * half a backup is never taken for a whole one.
 *
 * @throws {AppError} `BACKUP_REFUSED` if there is nothing to back up, or the
 * folder exists; `BACKUP_FAILED` if no sound copy could be made.
 */
export async function createBackup(
  options: CreateBackupOptions,
): Promise<CreatedBackup> {
  const { dataDir, nowMs } = options;
  if (!await exists(`${dataDir}/${STORE_NAME}`)) {
    throw new AppError(
      "BACKUP_REFUSED",
      `There is nothing to back up: "${dataDir}" holds no ${STORE_NAME}; set DATA_DIR to the data folder of the server`,
    );
  }
  const folder = options.out ??
    `${dataDir}/${BACKUPS_FOLDER}/${timeInName(nowMs)}`;
  if (await exists(folder)) {
    throw new AppError(
      "BACKUP_REFUSED",
      `"${folder}" exists already and is left as it is; choose a new folder with --out`,
    );
  }
  const partial = `${folder}.partial-${Deno.pid}`;
  try {
    await copyAll(partial, options);
    const manifest = await writeManifest(partial, nowMs);
    await Deno.rename(partial, folder);
    await syncPath(parentOf(folder));
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    return { folder, files: manifest.files.length, bytes };
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** An ISO time that can be part of a file name everywhere. */
export function timeInName(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(":", "-");
}

/** Copies store and journals, again from the start if an account was closed in between. */
async function copyAll(
  partial: string,
  options: CreateBackupOptions,
): Promise<void> {
  const { dataDir } = options;
  const copy = options.copyStore ?? copyStore;
  for (let attempt = 0; attempt < BACKUP_ATTEMPTS; attempt++) {
    // deno-lint-ignore no-await-in-loop -- attempts follow each other
    await makePrivateFolder(`${partial}/${JOURNAL_FOLDER}`);
    // deno-lint-ignore no-await-in-loop -- as above
    const before = await openJournals(dataDir);
    // deno-lint-ignore no-await-in-loop -- as above
    await copy(`${dataDir}/${STORE_NAME}`, `${partial}/${STORE_NAME}`);
    // deno-lint-ignore no-await-in-loop -- as above
    if (await copyJournals(dataDir, { partial, before })) return;
    // deno-lint-ignore no-await-in-loop -- as above
    await Deno.remove(partial, { recursive: true });
  }
  throw new AppError(
    "BACKUP_FAILED",
    `Accounts were closed during each of ${BACKUP_ATTEMPTS} attempts; try again when fewer agents are being removed`,
  );
}

/** Open journals by name, with what tells the file from a later one of that name. */
async function openJournals(
  dataDir: string,
): Promise<ReadonlyMap<string, number | null>> {
  const journals = new Map<string, number | null>();
  const folder = `${dataDir}/${JOURNAL_FOLDER}`;
  for (const name of await listNames(folder)) {
    if (!name.endsWith(".journal")) continue;
    // deno-lint-ignore no-await-in-loop -- there are few
    const found = await Deno.stat(`${folder}/${name}`).catch(() => null);
    if (found !== null) journals.set(name, found.ino);
  }
  return journals;
}

/**
 * Copies the journals.
 *
 * @returns false if one that was open before the store was copied is open no
 * more: the copied store would know an account whose journal is retired.
 */
async function copyJournals(
  dataDir: string,
  options: { partial: string; before: ReadonlyMap<string, number | null> },
): Promise<boolean> {
  const { partial, before } = options;
  for (const name of await listNames(`${dataDir}/${JOURNAL_FOLDER}`)) {
    if (!isJournalName(name)) continue;
    const path = `${JOURNAL_FOLDER}/${name}`;
    try {
      // deno-lint-ignore no-await-in-loop -- one file at a time
      await copyPrivate(`${dataDir}/${path}`, `${partial}/${path}`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }
  const after = await openJournals(dataDir);
  return [...before].every(([name, ino]) => after.get(name) === ino);
}

async function writeManifest(
  partial: string,
  nowMs: number,
): Promise<Manifest> {
  const journals = await listNames(`${partial}/${JOURNAL_FOLDER}`);
  const paths = [
    STORE_NAME,
    ...journals.map((name) => `${JOURNAL_FOLDER}/${name}`),
  ];
  await Deno.chmod(`${partial}/${STORE_NAME}`, PRIVATE_FILE_MODE);
  await syncPath(`${partial}/${STORE_NAME}`);
  const files: Manifest["files"] = [];
  for (const path of paths) {
    // deno-lint-ignore no-await-in-loop -- one file at a time keeps memory small
    files.push({ path, ...await digestFile(`${partial}/${path}`) });
  }
  const manifest: Manifest = {
    format: BACKUP_FORMAT,
    createdAt: new Date(nowMs).toISOString(),
    files,
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writePrivate(`${partial}/${MANIFEST_NAME}`, text);
  await syncPath(`${partial}/${JOURNAL_FOLDER}`);
  await syncPath(partial);
  return manifest;
}

function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}
