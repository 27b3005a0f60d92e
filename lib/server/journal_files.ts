/**
 * The order journals in a folder, as the mirror reads and replaces them. The
 * desk's worker appends to them, and renames and removes them, meanwhile.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import type {
  JournalFiles,
  JournalRange,
  LocalJournal,
  LocalSegment,
} from "../fleet/cluster/mirror/mirror_port.ts";
import { JOURNAL_LOOKS } from "../store/backup/limits.ts";
import { parseJournalName } from "../store/backup/manifest.ts";
import type { JournalFile, SegmentName } from "../store/mirror_port.ts";

/** What a replacement is called until it takes its place. */
const INCOMING = ".incoming";
/** What was there before keeps this name, until the next replacement. */
const REPLACED = ".replaced";

/** Says whose the journal is. */
const HELD = ".held";

/** What replacing does to the disk; a test stops between any two of these. */
export interface JournalDisk {
  /** Writes a new file so that it would survive a power cut. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Waits until the names in a folder would survive a power cut. */
  syncFolder(path: string): Promise<void>;
}

const DISK: JournalDisk = {
  async write(path, bytes) {
    await Deno.writeFile(path, bytes, { mode: 0o600 });
    await syncPath(path);
  },
  rename: (from, to) => Deno.rename(from, to),
  remove: (path) => Deno.remove(path),
  syncFolder: syncPath,
};

/** Journals in a folder, which exists. */
export function createJournalFiles(
  folder: string,
  disk: JournalDisk = DISK,
): JournalFiles {
  return {
    newestId: (agentId) => fileId(`${folder}/${agentId}.journal`),
    look: (agentId) => look(folder, `${agentId}.journal`),
    read: (agentId, range) => read(`${folder}/${agentId}.journal`, range),
    async replace(agentId, files) {
      const place = { folder, journal: `${agentId}.journal`, disk };
      await writeIncoming(place, files);
      await setAside(place);
      await putInPlace(place, files);
    },
    setAside: (agentId) =>
      setAside({ folder, journal: `${agentId}.journal`, disk }),
    heldEpoch: async (agentId) => {
      const path = `${folder}/${agentId}.journal${HELD}`;
      const text = await whereThere(() => Deno.readTextFile(path));
      const epoch = Number(text?.trim());
      // One that a power cut has torn says nothing.
      return text === null || !Number.isSafeInteger(epoch) || epoch < 1
        ? null
        : epoch;
    },
    hold: (agentId, epoch) =>
      disk.write(
        `${folder}/${agentId}.journal${HELD}`,
        new TextEncoder().encode(`${epoch}\n`),
      ),
  };
}

async function look(
  folder: string,
  journal: string,
): Promise<LocalJournal | null> {
  const path = `${folder}/${journal}`;
  for (let looks = 0; looks < JOURNAL_LOOKS; looks++) {
    // deno-lint-ignore no-await-in-loop -- a look follows the one that was overtaken
    const newestId = await fileId(path);
    if (newestId === null) return null;
    // deno-lint-ignore no-await-in-loop -- as above
    const ended = await endedOf({ folder, journal, newestId });
    // deno-lint-ignore no-await-in-loop -- as above
    if (ended !== null && await fileId(path) === newestId) {
      return { newestId, ended };
    }
  }
  throw new AppError(
    "JOURNAL_UNAVAILABLE",
    `Journal "${path}" got a new segment during each of ${JOURNAL_LOOKS} looks at it; try again`,
    { status: 503 },
  );
}

/** Null where one was removed meanwhile. */
async function endedOf(
  { folder, journal, newestId }: {
    folder: string;
    journal: string;
    newestId: string;
  },
): Promise<LocalSegment[] | null> {
  const found = await segmentsOf(folder, journal);
  const ended: LocalSegment[] = [];
  for (const name of found) {
    const path = `${folder}/${fileName(journal, name)}`;
    // deno-lint-ignore no-await-in-loop -- a few dozen, and not for every candle
    const info = await whereThere(() => Deno.stat(path));
    if (info === null) return null;
    // The newest segment gets its later name before it gives its own away, and a
    // crash may come in between: what is the same file has not ended.
    if (idOf(info) === newestId && info.ino !== null) continue;
    // Segments before a missing one are read by nobody.
    if ((ended.at(-1)?.number ?? name.number - 1) !== name.number - 1) {
      ended.length = 0;
    }
    ended.push({ ...name, bytes: info.size });
  }
  return ended;
}

/** Oldest first. */
async function segmentsOf(
  folder: string,
  journal: string,
): Promise<SegmentName[]> {
  const names: SegmentName[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith(`${journal}.`)) continue;
    const parsed = parseJournalName(name);
    if (parsed?.journal !== journal || parsed.segment === null) continue;
    names.push({ number: parsed.segment, lastSeq: parsed.lastSeq! });
  }
  return names.sort((a, b) => a.number - b.number);
}

function read(
  journalPath: string,
  { segment, newestId, offset, length }: JournalRange,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const path = fileName(journalPath, segment);
  return whereThere(async () => {
    using file = await Deno.open(path, { read: true });
    const info = await file.stat();
    // What is open stays the same file, whatever its name becomes.
    if (segment === null && idOf(info) !== newestId) return null;
    await file.seek(offset, Deno.SeekMode.Start);
    const size = Math.max(0, Math.min(length, info.size - offset));
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      // deno-lint-ignore no-await-in-loop -- a file may be read in pieces
      const count = await file.read(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  });
}

interface Place {
  folder: string;
  /** Name of the journal. */
  journal: string;
  disk: JournalDisk;
}

/**
 * Renames a journal, the newest segment first: without it there is no journal, so
 * that a crash leaves none and not a part of one. What an earlier replacement has
 * kept goes only while there is a newer one to keep.
 */
async function setAside({ folder, journal, disk }: Place): Promise<void> {
  const path = `${folder}/${journal}`;
  const aside = path + REPLACED;
  if (await fileId(path) !== null) {
    const older = await namesWith(folder, journal + REPLACED);
    for (const name of older) {
      // deno-lint-ignore no-await-in-loop -- one after another is fine for a few files
      await disk.remove(`${folder}/${name}`);
    }
    await disk.rename(path, aside);
  }
  for (const segment of await segmentsOf(folder, journal)) {
    const from = `${folder}/${fileName(journal, segment)}`;
    const to = fileName(aside, segment);
    // Of a replacement that a crash has cut short, after it had kept the old one.
    // deno-lint-ignore no-await-in-loop -- as above
    if (await fileId(to) !== null) await disk.remove(from);
    // deno-lint-ignore no-await-in-loop -- as above
    else await disk.rename(from, to);
  }
  await disk.syncFolder(folder);
}

/** Writes files beside their names, so that a full disk is known while the old ones have them. */
async function writeIncoming(
  { folder, journal, disk }: Place,
  files: readonly JournalFile[],
): Promise<void> {
  for (const name of await namesWith(folder, journal)) {
    if (!name.endsWith(INCOMING)) continue;
    // deno-lint-ignore no-await-in-loop -- one after another is fine for a few files
    await disk.remove(`${folder}/${name}`);
  }
  for (const { segment, bytes } of files) {
    const path = `${folder}/${fileName(journal, segment)}`;
    // deno-lint-ignore no-await-in-loop -- as above
    await disk.write(path + INCOMING, bytes);
  }
}

/** Gives them their names, the newest segment last. */
async function putInPlace(
  { folder, journal, disk }: Place,
  files: readonly JournalFile[],
): Promise<void> {
  for (const { segment } of files) {
    if (segment === null) continue;
    const path = `${folder}/${fileName(journal, segment)}`;
    // deno-lint-ignore no-await-in-loop -- one after another is fine for a few files
    await disk.rename(path + INCOMING, path);
  }
  await disk.syncFolder(folder);
  await disk.rename(`${folder}/${journal}${INCOMING}`, `${folder}/${journal}`);
  await disk.syncFolder(folder);
}

async function namesWith(folder: string, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name === prefix || name.startsWith(`${prefix}.`)) names.push(name);
  }
  return names;
}

/** Name or path of a segment of the journal with that name or path. */
function fileName(journal: string, segment: SegmentName | null): string {
  return segment === null
    ? journal
    : `${journal}.${segment.number}-${segment.lastSeq}`;
}

/** Null where there is no such file. */
async function fileId(path: string): Promise<string | null> {
  const info = await whereThere(() => Deno.stat(path));
  return info === null ? null : idOf(info);
}

/** Equal for every file on a system without inodes: whoever reads compares the content, too. */
function idOf({ ino, dev }: Deno.FileInfo): string {
  return `${dev} ${ino}`;
}

async function syncPath(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true });
  await file.sync();
}

/** Null where the file is not there. */
async function whereThere<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
