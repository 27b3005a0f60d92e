/** The part of a file that a journal needs; a test's stand-in may fail or forget. */
export interface JournalStorage {
  /** The whole content; empty for a new file. */
  read(): Uint8Array;
  /** Appends before it returns. Where it throws, a part may have been written. */
  append(bytes: Uint8Array): void;
  /** Writes over the content from `position` on. */
  overwrite(position: number, bytes: Uint8Array): void;
  /** Cuts the content to `length` bytes. */
  truncate(length: number): void;
  /** Resolves when everything written before the call would survive a power cut. */
  sync(): Promise<void>;
  close(): void;
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
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (folder !== "") Deno.mkdirSync(folder, { recursive: true });
  const file = Deno.openSync(path, { read: true, append: true, create: true });
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
    close: () => file.close(),
  };
}

/** Renames the journal of a closed account to `.closed`, or `.closed.2` and so on, so that its agent may start anew. */
export function retireJournalFile(path: string): void {
  let name = `${path}.closed`;
  for (let number = 2; exists(name); number++) {
    name = `${path}.closed.${number}`;
  }
  if (exists(path)) Deno.renameSync(path, name);
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += file.writeSync(bytes.subarray(written));
  }
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
