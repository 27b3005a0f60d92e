import { AppError } from "../../core/errors.ts";
import { copyJournals, type JournalsCopied } from "./copy_journals.ts";
import {
  digestFile,
  exists,
  listNames,
  makePrivateFolder,
  parentOf,
  syncPath,
  writePrivate,
} from "./files.ts";
import {
  BACKUP_ATTEMPTS,
  BACKUP_FORMAT,
  BACKUPS_FOLDER,
  PRIVATE_FILE_MODE,
} from "./limits.ts";
import { listJournals } from "./journal_listing.ts";
import { copyLatches, listLatches } from "./latches.ts";
import {
  JOURNAL_FOLDER,
  type Manifest,
  MANIFEST_NAME,
  STORE_NAME,
} from "./manifest.ts";
import { copyModels, listModelFiles } from "./models.ts";
import { copyStore } from "./store_copy.ts";

/** What is backed up, and where to. */
export interface CreateBackupOptions {
  dataDir: string;
  /** Folder of the backup, which must not exist; null = `DATA_DIR/backups/<time>`. */
  out: string | null;
  nowMs: number;
  /** Copies the store; a test lets something happen behind it. */
  copyStore?: (from: string, to: string) => Promise<void>;
  /** Copies one file of a journal; a test lets something happen before and behind it. */
  copyJournal?: (from: string, to: string) => Promise<void>;
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
 * store hears of it, and takes nothing back: copied in this order the journals
 * hold all that the copied store knows, and perhaps more. After a restore the
 * desk reports again what the store lacks. The other way round the store would know
 * trades that no journal can account for.
 *
 * Emergency stops in force belong to it, so that a restore on another machine
 * lets nothing trade that was stopped, and so do models of one's own, which
 * agents name. The key that seals exchange keys does
 * not: whoever has the backup alone can read no key.
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
    await copyLatches(dataDir, partial);
    await copyModels(dataDir, partial);
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
  const { dataDir, copyJournal } = options;
  const copy = options.copyStore ?? copyStore;
  const from = `${dataDir}/${JOURNAL_FOLDER}`;
  const to = `${partial}/${JOURNAL_FOLDER}`;
  let outcome: JournalsCopied = "whole";
  for (let attempt = 0; attempt < BACKUP_ATTEMPTS; attempt++) {
    // deno-lint-ignore no-await-in-loop -- attempts follow each other
    await makePrivateFolder(to);
    // deno-lint-ignore no-await-in-loop -- as above
    const before = await listJournals(from);
    // deno-lint-ignore no-await-in-loop -- as above
    await copy(`${dataDir}/${STORE_NAME}`, `${partial}/${STORE_NAME}`);
    // deno-lint-ignore no-await-in-loop -- as above
    outcome = await copyJournals({ from, to, copyJournal }, before);
    if (outcome === "whole") return;
    // deno-lint-ignore no-await-in-loop -- as above
    await Deno.remove(partial, { recursive: true });
  }
  throw new AppError(
    "BACKUP_FAILED",
    outcome === "closed"
      ? `Accounts were closed during each of ${BACKUP_ATTEMPTS} attempts; try again when fewer agents are being removed`
      : `A journal grew faster than it could be copied, in each of ${BACKUP_ATTEMPTS} attempts; back up to a faster disk, or try again when agents trade less`,
  );
}

async function writeManifest(
  partial: string,
  nowMs: number,
): Promise<Manifest> {
  const journals = await listNames(`${partial}/${JOURNAL_FOLDER}`);
  const paths = [
    STORE_NAME,
    ...journals.map((name) => `${JOURNAL_FOLDER}/${name}`),
    ...await listLatches(partial),
    ...await listModelFiles(partial),
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
