import { endedSegments, type SegmentName, segmentPath } from "./segments.ts";

/** The part of a file that a journal needs; a test's stand-in may fail or forget. */
export interface JournalStorage {
  /** The whole content of the newest segment; empty for a new file. */
  read(): Uint8Array;
  /** Appends before it returns. Where it throws, a part may have been written. */
  append(bytes: Uint8Array): void;
  /** Writes over the content from `position` on. */
  overwrite(position: number, bytes: Uint8Array): void;
  /** Cuts the content to `length` bytes. */
  truncate(length: number): void;
  /** Resolves when everything written before the call would survive a power cut. */
  sync(): Promise<void>;
  /** The same, before it returns; the isolate waits for the disk. */
  syncNow(): void;
  /**
   * Ends the newest segment, which must be synced, under a name of its own and
   * goes on with one that holds `bytes`, which would survive a power cut when it
   * returns. Where it throws, everything is as it was. A crash may leave the ended
   * name beside a newest segment that has not changed. Not to be called during a
   * sync.
   */
  startSegment(bytes: Uint8Array, ended: SegmentName): void;
  /** Segments that have ended, oldest first. */
  endedSegments(): EndedSegment[];
  close(): void;
}

/** A segment that has ended: it never changes any more. */
export interface EndedSegment extends SegmentName {
  /** Size in bytes. */
  bytes: number;
  read(): Uint8Array;
  remove(): void;
}

/** What a desk needs of the machine; a test brings its own. */
export interface DeskFiles {
  open(path: string): JournalStorage;
  /** Keeps a closed journal out of the way. */
  retire(path: string): void;
}

/** The journals of a real desk. */
export const DISK: DeskFiles = {
  open: openJournalFile,
  retire: retireJournalFile,
};

/** Opens a journal file for reading and appending; creates it and its folder. */
export function openJournalFile(path: string): JournalStorage {
  const folder = folderOf(path);
  Deno.mkdirSync(folder, { recursive: true });
  removeIfThere(nextPath(path));
  let file = Deno.openSync(path, { read: true, append: true, create: true });
  return {
    read: () => Deno.readFileSync(path),
    append: (bytes) => writeAll(file, bytes),
    overwrite(position, bytes) {
      // A file that is open for appending writes at its end, wherever it stands.
      using second = Deno.openSync(path, { write: true });
      second.seekSync(position, Deno.SeekMode.Start);
      writeAll(second, bytes);
    },
    truncate(length) {
      Deno.truncateSync(path, length);
    },
    sync: () => file.syncData(),
    syncNow: () => file.syncDataSync(),
    startSegment(bytes, ended) {
      const next = startFile(path, { bytes, ended });
      file.close();
      file = next;
      syncFolder(folder);
    },
    endedSegments: () =>
      endedSegments(path).map((name) => {
        const segment = segmentPath(path, name);
        return {
          ...name,
          bytes: Deno.statSync(segment).size,
          read: () => Deno.readFileSync(segment),
          remove: () => Deno.removeSync(segment),
        };
      }),
    close: () => file.close(),
  };
}

/** Renames the journal of a closed account to `.closed`, or `.closed.2` and so on, so that its agent may start anew. */
export function retireJournalFile(path: string): void {
  let closed = `${path}.closed`;
  for (let number = 2; isTaken(closed); number++) {
    closed = `${path}.closed.${number}`;
  }
  // The newest one last: as long as it is there, the account is not closed.
  for (const name of endedSegments(path)) {
    Deno.renameSync(segmentPath(path, name), segmentPath(closed, name));
  }
  if (exists(path)) Deno.renameSync(path, closed);
}

/** Writes the next segment beside the journal, then lets it take the journal's name at once. */
function startFile(
  path: string,
  { bytes, ended }: { bytes: Uint8Array; ended: SegmentName },
): Deno.FsFile {
  const next = nextPath(path);
  const segment = segmentPath(path, ended);
  removeIfThere(next);
  // Second names that a crash has left to the file that is ended only now.
  for (const name of endedSegments(path)) {
    if (name.number >= ended.number) Deno.removeSync(segmentPath(path, name));
  }
  const options = { read: true, append: true, createNew: true };
  const file = Deno.openSync(next, options);
  try {
    writeAll(file, bytes);
    file.syncDataSync();
    // A second name first, so that the journal is never without its own.
    Deno.linkSync(path, segment);
    Deno.renameSync(next, path);
    return file;
  } catch (error) {
    file.close();
    removeIfThere(next);
    removeIfThere(segment);
    throw error;
  }
}

/** The name of a segment that is not the newest one yet: what stands there after a crash is of no use. */
function nextPath(path: string): string {
  return `${path}.next`;
}

/** Makes names survive a power cut, where the system can. A disk that cannot will say so at the next sync of the file. */
function syncFolder(folder: string): void {
  try {
    using handle = Deno.openSync(folder, { read: true });
    handle.syncSync();
  } catch {
    // Everything is as it should be but for a power cut.
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += file.writeSync(bytes.subarray(written));
  }
}

function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}

/** Whether a closed journal of that name is there, or a segment of one. */
function isTaken(closed: string): boolean {
  return exists(closed) || endedSegments(closed).length > 0;
}

function removeIfThere(path: string): void {
  if (exists(path)) Deno.removeSync(path);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
