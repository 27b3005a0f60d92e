import type {
  DeskFiles,
  JournalStorage,
} from "../../../lib/desk/journal/storage.ts";
import { ProcessDied } from "./boot.ts";
import type { Isolate } from "./isolate.ts";

/** What the oracle hears of journals. */
export interface DiskWatcher {
  opened(path: string): void;
  appended(path: string, text: string): void;
  retired(path: string): void;
}

/** What a disk is made of. */
export interface DiskOptions {
  random: () => number;
  watcher: DiskWatcher;
  /** Puts something between a desk and its journals, to plant a bug. */
  tamper: ((storage: JournalStorage) => JournalStorage) | null;
}

interface DiskFile {
  bytes: Uint8Array;
  length: number;
  /** What a power cut leaves for certain. */
  synced: number;
  /** End of what a failed sync left unsynced for good, unless it is written again; 0 for none. */
  lostUpTo: number;
}

/** Longest time of one sync. */
const SYNC_MS_MAX = 8;

/**
 * The disk of the journals. What was written survives the death of the process;
 * what was synced survives a power cut. A write that the process does not live
 * to see, or that finds no space, may have been written in part.
 */
export class SimulatedDisk {
  /** Takes nothing more. */
  isFull = false;
  readonly #options: DiskOptions;
  readonly #files = new Map<string, DiskFile>();

  constructor(options: DiskOptions) {
    this.#options = options;
  }

  /** Names of all files, retired ones included. */
  get paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  text(path: string): string {
    const file = this.#files.get(path)!;
    return new TextDecoder().decode(file.bytes.subarray(0, file.length));
  }

  /** The files as one isolate sees them: a dead one can write no more. */
  filesOf(isolate: Isolate): DeskFiles {
    const { watcher, tamper } = this.#options;
    return {
      open: (path) => {
        const file = this.#files.get(path) ??
          { bytes: new Uint8Array(4_096), length: 0, synced: 0, lostUpTo: 0 };
        this.#files.set(path, file);
        watcher.opened(path);
        const storage = this.#storage(file, { path, isolate });
        return tamper === null ? storage : tamper(storage);
      },
      retire: (path) => {
        assertAlive(isolate);
        let name = `${path}.closed`;
        for (let number = 2; this.#files.has(name); number++) {
          name = `${path}.closed.${number}`;
        }
        this.#files.set(name, this.#files.get(path)!);
        this.#files.delete(path);
        watcher.retired(path);
      },
    };
  }

  /** Every file keeps what was synced and any part of what was not. */
  cutPower(): void {
    for (const file of this.#files.values()) {
      const unsynced = file.length - file.synced;
      file.length = file.synced +
        Math.floor(this.#options.random() * (unsynced + 1));
      file.synced = file.length;
      file.lostUpTo = 0;
    }
  }

  #storage(
    file: DiskFile,
    { path, isolate }: { path: string; isolate: Isolate },
  ): JournalStorage {
    const { boot } = isolate;
    return {
      read: () => file.bytes.slice(0, file.length),
      append: (bytes) => {
        assertAlive(isolate);
        if (!boot.passes(`append ${bytes.length}`)) {
          write(file, this.#partOf(bytes));
          throw new ProcessDied();
        }
        if (this.isFull) {
          write(file, this.#partOf(bytes));
          throw noSpace();
        }
        write(file, bytes);
        this.#options.watcher.appended(path, new TextDecoder().decode(bytes));
        if (!boot.passes("appended")) throw new ProcessDied();
      },
      overwrite: (position, bytes) => {
        assertAlive(isolate);
        if (!boot.passes(`overwrite ${bytes.length}`)) throw new ProcessDied();
        if (this.isFull) throw noSpace();
        file.bytes.set(bytes, position);
        if (position <= file.synced) file.lostUpTo = 0;
      },
      truncate: (length) => {
        assertAlive(isolate);
        if (!boot.passes(`truncate ${length}`)) throw new ProcessDied();
        file.length = length;
        file.synced = Math.min(file.synced, length);
        if (length <= file.synced) file.lostUpTo = 0;
      },
      sync: () => this.#sync(file, isolate),
      close: () => {},
    };
  }

  /** A full disk fails every second sync, and what was not synced by then never will be by itself. */
  #sync(file: DiskFile, isolate: Isolate): Promise<void> {
    const { length } = file;
    const delayMs = Math.floor(this.#options.random() * SYNC_MS_MAX);
    const isFailing = this.isFull && this.#options.random() < 0.5;
    return new Promise((resolve, reject) => {
      isolate.boot.later(delayMs, () => {
        if (isFailing) file.lostUpTo = Math.max(file.lostUpTo, length);
        else if (file.lostUpTo === 0) {
          file.synced = Math.max(file.synced, Math.min(length, file.length));
        }
        isolate.enter("synced", () => {
          if (isFailing) reject(noSpace());
          else resolve();
        });
      });
    });
  }

  #partOf(bytes: Uint8Array): Uint8Array {
    const length = Math.floor(this.#options.random() * (bytes.length + 1));
    return bytes.subarray(0, length);
  }
}

function noSpace(): Error {
  return new Error("No space left on device (os error 28)");
}

function assertAlive(isolate: Isolate): void {
  if (isolate.isDead) throw new ProcessDied();
}

function write(file: DiskFile, bytes: Uint8Array): void {
  const needed = file.length + bytes.length;
  if (needed > file.bytes.length) {
    const grown = new Uint8Array(2 * needed);
    grown.set(file.bytes.subarray(0, file.length));
    file.bytes = grown;
  }
  file.bytes.set(bytes, file.length);
  file.length = needed;
}
