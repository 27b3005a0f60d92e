/** A file of the simulated disk. */
export interface DiskFile {
  bytes: Uint8Array;
  length: number;
  /** What a power cut leaves for certain. */
  synced: number;
  /** End of what a failed sync left unsynced for good, unless it is written again; 0 for none. */
  lostUpTo: number;
}

/** An empty file. */
export function newFile(): DiskFile {
  return { bytes: new Uint8Array(4_096), length: 0, synced: 0, lostUpTo: 0 };
}

/** A copy of what was written. */
export function contentOf(file: DiskFile): Uint8Array {
  return file.bytes.slice(0, file.length);
}

/** Syncs, unless a failed sync has made the system forget what is to be written. */
export function keepUpTo(file: DiskFile, length: number): void {
  if (file.lostUpTo > 0) return;
  file.synced = Math.max(file.synced, Math.min(length, file.length));
}

/** Appends. */
export function write(file: DiskFile, bytes: Uint8Array): void {
  const needed = file.length + bytes.length;
  if (needed > file.bytes.length) {
    const grown = new Uint8Array(2 * needed);
    grown.set(file.bytes.subarray(0, file.length));
    file.bytes = grown;
  }
  file.bytes.set(bytes, file.length);
  file.length = needed;
}
