/**
 * What the journal folder holds at one moment. A journal is a row of segments:
 * the newest one has the journal's name and is written to, the others have ended
 * and never change.
 *
 * @module
 */
import { listNames } from "./files.ts";
import { isOpenJournal, parseJournalName } from "./manifest.ts";

/** One journal. */
export interface ListedJournal {
  /** Changes with the newest segment; null where there is none. */
  newestId: string | null;
  /** Segments that have ended, oldest first, up to the newest without a hole. */
  ended: readonly EndedFile[];
}

interface EndedFile {
  name: string;
  number: number;
}

/** Journals by name. */
export type JournalListing = ReadonlyMap<string, ListedJournal>;

/** Lists the journals of a folder; none if there is no such folder. */
export async function listJournals(folder: string): Promise<JournalListing> {
  const found = new Map<string, EndedFile[]>();
  for (const name of await listNames(folder)) {
    const parsed = parseJournalName(name);
    if (parsed === null) continue;
    const { journal, segment } = parsed;
    const files = found.get(journal) ?? [];
    found.set(journal, files);
    if (segment !== null) files.push({ name, number: segment });
  }
  const listing = new Map<string, ListedJournal>();
  for (const [journal, files] of found) {
    files.sort((a, b) => a.number - b.number);
    // deno-lint-ignore no-await-in-loop -- a look or two at each
    listing.set(journal, await lookAt(journal, { folder, files }));
  }
  return listing;
}

/**
 * Tells whether an account was closed between two listings: its journal has
 * another name then.
 */
export function isAnyClosed(
  before: JournalListing,
  now: JournalListing,
): boolean {
  for (const [journal, { newestId }] of before) {
    if (!isOpenJournal(journal) || newestId === null) continue;
    if ((now.get(journal)?.newestId ?? null) === null) return true;
  }
  for (const [journal, { newestId, ended }] of now) {
    if (isOpenJournal(journal)) continue;
    const old = before.get(journal);
    // Its segments are renamed first, the newest one last.
    if (newestId !== null && (old?.newestId ?? null) === null) return true;
    const known = new Set(old?.ended.map(({ name }) => name));
    if (ended.some(({ name }) => !known.has(name))) return true;
  }
  return false;
}

async function lookAt(
  journal: string,
  { folder, files }: { folder: string; files: EndedFile[] },
): Promise<ListedJournal> {
  const newest = await inodeOf(`${folder}/${journal}`);
  let count = files.length;
  // The newest segment gets its later name before it gives its name away, and a
  // crash may come in between: what is the same file has not ended.
  while (
    count > 0 && newest !== null &&
    // deno-lint-ignore no-await-in-loop -- mostly once
    await inodeOf(`${folder}/${files[count - 1]!.name}`) === newest
  ) count--;
  const ended = files.slice(0, count);
  return {
    // A file system may give the inode of a removed segment to the next one.
    newestId: newest === null ? null : `${newest} ${ended.at(-1)?.number ?? 0}`,
    ended: rowOf(ended),
  };
}

/** Segments before a missing one are read by nobody; mostly they are about to be removed. */
function rowOf(ended: readonly EndedFile[]): readonly EndedFile[] {
  const hole = ended.findLastIndex(({ number }, index) =>
    index > 0 && number - ended[index - 1]!.number > 1
  );
  return ended.slice(Math.max(0, hole));
}

/** Null where there is no such file. A system without inodes gives NaN, which equals none. */
async function inodeOf(path: string): Promise<number | null> {
  try {
    return (await Deno.stat(path)).ino ?? NaN;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
