import {
  parseSegmentPath,
  type SegmentName,
  segmentPath,
  sortSegments,
} from "../../../lib/desk/journal/segments.ts";
import type {
  DeskFiles,
  EndedSegment,
  JournalStorage,
} from "../../../lib/desk/journal/storage.ts";
import { type Boot, ProcessDied } from "./boot.ts";
import {
  contentOf,
  type DiskFile,
  keepUpTo,
  newFile,
  write,
} from "./disk_file.ts";
import type { Isolate } from "./isolate.ts";

/** What the oracle hears of journals. */
export interface DiskWatcher {
  opened(path: string): void;
  appended(path: string, text: string): void;
  retired(path: string): void;
  /** A desk did what storage.ts forbids. */
  misused(what: string): void;
}

/** What a disk is made of. */
export interface DiskOptions {
  random: () => number;
  watcher: DiskWatcher;
  /** Puts something between a desk and its journals, to plant a bug. */
  tamper: ((storage: JournalStorage) => JournalStorage) | null;
}

/** A journal as one isolate has it open. */
interface OpenJournal {
  path: string;
  isolate: Isolate;
  /** The newest segment. */
  file: DiskFile;
  syncsUnderWay: number;
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
  /** Told once, by the process that is about to start the next segment. */
  onNextSegment: ((boot: Boot) => void) | null = null;
  /** Segments that were started so far, besides the first ones. */
  segmentsStarted = 0;
  #powerCuts = 0;
  readonly #options: DiskOptions;
  readonly #files = new Map<string, DiskFile>();
  /** Segments that a desk has let go of, which the oracle still reads. */
  readonly #removed = new Map<string, DiskFile>();

  constructor(options: DiskOptions) {
    this.#options = options;
  }

  /** Names of all files that there were, retired and removed ones included. */
  get paths(): string[] {
    return [...this.#files.keys(), ...this.#removed.keys()].sort();
  }

  text(path: string): string {
    const file = this.#files.get(path) ?? this.#removed.get(path)!;
    return new TextDecoder().decode(contentOf(file));
  }

  /** The files as one isolate sees them: a dead one can write no more. */
  filesOf(isolate: Isolate): DeskFiles {
    const { watcher, tamper } = this.#options;
    return {
      open: (path) => {
        const file = this.#files.get(path) ?? newFile();
        this.#files.set(path, file);
        watcher.opened(path);
        const journal = { path, isolate, file, syncsUnderWay: 0 };
        const storage = this.#storage(journal);
        return tamper === null ? storage : tamper(storage);
      },
      retire: (path) => this.#retire(path, isolate),
    };
  }

  /** Every file keeps what was synced and any part of what was not. */
  cutPower(): void {
    this.#powerCuts++;
    // A file may have two names.
    for (const file of new Set(this.#files.values())) {
      const unsynced = file.length - file.synced;
      file.length = file.synced +
        Math.floor(this.#options.random() * (unsynced + 1));
      file.synced = file.length;
      file.lostUpTo = 0;
    }
  }

  #storage(journal: OpenJournal): JournalStorage {
    const { path, isolate } = journal;
    const { boot } = isolate;
    return {
      read: () => contentOf(journal.file),
      append: (bytes) => {
        assertAlive(isolate);
        const cuts = this.#powerCuts;
        if (!boot.passes(`append ${bytes.length}`)) {
          // Without power nothing more is written behind what was lost.
          if (cuts === this.#powerCuts) {
            write(journal.file, this.#partOf(bytes));
          }
          throw new ProcessDied();
        }
        if (this.isFull) {
          write(journal.file, this.#partOf(bytes));
          throw noSpace();
        }
        write(journal.file, bytes);
        this.#options.watcher.appended(path, new TextDecoder().decode(bytes));
        if (!boot.passes("appended")) throw new ProcessDied();
      },
      overwrite: (position, bytes) => {
        const { file } = journal;
        effect(isolate, `overwrite ${bytes.length}`);
        if (this.isFull) throw noSpace();
        file.bytes.set(bytes, position);
        if (position <= file.synced) file.lostUpTo = 0;
      },
      truncate: (length) => {
        const { file } = journal;
        effect(isolate, `truncate ${length}`);
        file.length = length;
        file.synced = Math.min(file.synced, length);
        if (length <= file.synced) file.lostUpTo = 0;
      },
      sync: () => this.#sync(journal),
      syncNow: () => this.#syncNow(journal),
      startSegment: (bytes, ended) =>
        this.#startSegment(journal, { bytes, ended }),
      endedSegments: () => this.#endedSegments(path, isolate),
      close: () => {},
    };
  }

  /** A full disk fails every second sync, and what was not synced by then never will be by itself. */
  #sync(journal: OpenJournal): Promise<void> {
    const { file, isolate } = journal;
    const { length } = file;
    const delayMs = Math.floor(this.#options.random() * SYNC_MS_MAX);
    const isFailing = this.isFull && this.#options.random() < 0.5;
    journal.syncsUnderWay++;
    return new Promise((resolve, reject) => {
      isolate.boot.later(delayMs, () => {
        if (isFailing) file.lostUpTo = Math.max(file.lostUpTo, length);
        else keepUpTo(file, length);
        isolate.enter("synced", () => {
          journal.syncsUnderWay--;
          if (isFailing) reject(noSpace());
          else resolve();
        });
      });
    });
  }

  #syncNow({ path, file, isolate, syncsUnderWay }: OpenJournal): void {
    if (syncsUnderWay > 0) {
      this.#options.watcher.misused(`${path} was synced during a sync`);
    }
    effect(isolate, "sync now");
    if (this.isFull && this.#options.random() < 0.5) {
      file.lostUpTo = Math.max(file.lostUpTo, file.length);
      throw noSpace();
    }
    keepUpTo(file, file.length);
    effect(isolate, "synced now");
  }

  /** A crash leaves the name of the ended segment alone, or everything done. */
  #startSegment(
    journal: OpenJournal,
    { bytes, ended }: { bytes: Uint8Array; ended: SegmentName },
  ): void {
    const { path, isolate, file, syncsUnderWay } = journal;
    const { watcher } = this.#options;
    assertAlive(isolate);
    if (syncsUnderWay > 0) {
      watcher.misused(`A segment of ${path} was started during a sync`);
    }
    this.onNextSegment?.(isolate.boot);
    this.onNextSegment = null;
    effect(isolate, `segment ${bytes.length}`);
    // Second names that a crash has left to the file that is ended only now.
    for (const name of this.#endedNames(path)) {
      if (name.number < ended.number) continue;
      this.#files.delete(segmentPath(path, name));
    }
    if (this.isFull) throw noSpace();
    if (file.synced < file.length || file.lostUpTo > 0) {
      watcher.misused(`A segment of ${path} ended before it was synced`);
    }
    // A second name: what is still written before the switch is written to both.
    this.#files.set(segmentPath(path, ended), file);
    effect(isolate, "segment linked");
    const next = newFile();
    write(next, bytes);
    keepUpTo(next, next.length);
    journal.file = next;
    this.#files.set(path, next);
    this.segmentsStarted++;
    watcher.appended(path, new TextDecoder().decode(bytes));
    effect(isolate, "segment started");
  }

  #endedSegments(path: string, isolate: Isolate): EndedSegment[] {
    return this.#endedNames(path).map((name) => {
      const segment = segmentPath(path, name);
      const file = this.#files.get(segment)!;
      return {
        ...name,
        bytes: file.length,
        read: () => contentOf(file),
        remove: () => {
          effect(isolate, "remove segment");
          this.#files.delete(segment);
          this.#removed.set(segment, file);
        },
      };
    });
  }

  #endedNames(path: string): SegmentName[] {
    return sortSegments(
      [...this.#files.keys()].flatMap((candidate) =>
        parseSegmentPath(path, candidate) ?? []
      ),
    );
  }

  /** Name by name, so that a crash leaves some under the old name; the newest segment goes last. */
  #retire(path: string, isolate: Isolate): void {
    assertAlive(isolate);
    let closed = `${path}.closed`;
    for (let number = 2; this.#isTaken(closed); number++) {
      closed = `${path}.closed.${number}`;
    }
    for (const name of this.#endedNames(path)) {
      effect(isolate, "retire segment");
      this.#rename(segmentPath(path, name), segmentPath(closed, name));
    }
    effect(isolate, "retire journal");
    if (this.#files.has(path)) this.#rename(path, closed);
    this.#options.watcher.retired(path);
    effect(isolate, "retired");
  }

  #isTaken(closed: string): boolean {
    return this.#files.has(closed) || this.#endedNames(closed).length > 0;
  }

  #rename(from: string, to: string): void {
    this.#files.set(to, this.#files.get(from)!);
    this.#files.delete(from);
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

/** Passes the point before or after an effect on the disk. */
function effect(isolate: Isolate, what: string): void {
  assertAlive(isolate);
  if (!isolate.boot.passes(what)) throw new ProcessDied();
}
