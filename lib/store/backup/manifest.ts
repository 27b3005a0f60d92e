/**
 * The manifest of a backup: what it holds and how to know it again. It is
 * written last, so that a folder with one is whole.
 *
 * @module
 */
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { digestFile } from "./files.ts";
import { BACKUP_FORMAT, MAX_MANIFEST_BYTES } from "./limits.ts";

/** Name of the manifest in a backup folder. */
export const MANIFEST_NAME = "manifest.json";
/** Name of the store, in a backup as in a data folder. */
export const STORE_NAME = "store.sqlite";
/** Folder of the order journals, in a backup as in a data folder. */
export const JOURNAL_FOLDER = "journal";

/**
 * The only files that a backup is restored from. A name that leads elsewhere is
 * refused; any other that an older build has put into a backup is not.
 */
const FILE_PATH =
  /^(store\.sqlite|journal\/[\w-]+\.journal(\.[\w.-]+)?|emergency\/([\w-]+\.[\w-]+\/)?latches\.json|models\/[a-z][a-z0-9-]{1,39}\/model\.(json|onnx))$/;

const MANIFEST = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  createdAt: z.iso.datetime(),
  files: z.array(z.strictObject({
    path: z.string().regex(FILE_PATH, {
      error: ({ input }) =>
        `it lists ${
          JSON.stringify(input)
        }, which this version does not restore`,
    }),
    bytes: z.int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  })).min(1),
});

/** What a backup holds. */
export type Manifest = z.infer<typeof MANIFEST>;

/**
 * A file of the journal folder: the newest segment of a journal, under its name,
 * or one that has ended, with its number and the last candle in it. The journal
 * of a closed account is a `.closed`, or `.closed.2` and so on.
 */
const JOURNAL_NAME =
  /^([\w-]+\.journal(?:\.closed(?:\.\d{1,9})?)?)(?:\.(\d{1,9})-(\d{1,15}))?$/;

/** What the name of a file of the journal folder tells. */
export interface JournalName {
  /** Name of the journal, which its newest segment has. */
  journal: string;
  /** Number of a segment that has ended; null for the newest one. */
  segment: number | null;
  /** Last candle in it; null for the newest one. */
  lastSeq: number | null;
}

/** Reads the name of a file of the journal folder; null for one that belongs to no journal, such as what a crash has left half-written. */
export function parseJournalName(name: string): JournalName | null {
  const match = JOURNAL_NAME.exec(name);
  if (match === null) return null;
  const [, journal, segment, lastSeq] = match;
  return {
    journal: journal!,
    segment: segment === undefined ? null : Number(segment),
    lastSeq: lastSeq === undefined ? null : Number(lastSeq),
  };
}

/** Tells whether a journal is that of an open account. */
export function isOpenJournal(journal: string): boolean {
  return journal.endsWith(".journal");
}

/**
 * Reads the manifest of a backup.
 *
 * @throws {AppError} `BACKUP_UNUSABLE` if the folder is no backup, or one of another format.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = `${folder}/${MANIFEST_NAME}`;
  const parsed = MANIFEST.safeParse(await readJson(folder, path));
  if (parsed.success) {
    const paths = new Set(parsed.data.files.map((file) => file.path));
    if (paths.has(STORE_NAME)) return parsed.data;
    throw unusable(`"${folder}" lists no ${STORE_NAME}; use another backup`);
  }
  const [fault] = parsed.error.issues;
  throw unusable(
    `"${path}" is no manifest of format ${BACKUP_FORMAT}: ${
      fault?.path.join("/") || "it"
    } is wrong (${fault?.message}); restore with the version that made the backup, or use another one`,
  );
}

async function readJson(folder: string, path: string): Promise<unknown> {
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_MANIFEST_BYTES) return null;
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw unusable(
      `"${folder}" is no finished backup: it has no ${MANIFEST_NAME}; give a folder that "deno task backup" has made`,
    );
  }
}

/**
 * Compares every file with its size and hash in the manifest.
 *
 * @throws {AppError} `BACKUP_UNUSABLE` that names the first damaged or missing file.
 */
export async function verifyFiles(
  folder: string,
  manifest: Manifest,
): Promise<void> {
  for (const { path, bytes, sha256 } of manifest.files) {
    const file = `${folder}/${path}`;
    // deno-lint-ignore no-await-in-loop -- one file at a time keeps memory small
    const found = await digestFile(file).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    });
    if (found === null) {
      throw unusable(`"${file}" is missing; use another backup`);
    }
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw unusable(
        `"${file}" is damaged: it has ${found.bytes} bytes with hash ${
          found.sha256.slice(0, 12)
        }, the manifest says ${bytes} with ${
          sha256.slice(0, 12)
        }; use another backup`,
      );
    }
  }
}

function unusable(message: string): AppError {
  return new AppError("BACKUP_UNUSABLE", `Cannot restore: ${message}`);
}
