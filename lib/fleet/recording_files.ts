/** Where recordings are kept; given by the composition root, so that tests run without a disk. */
export interface RecordingFiles {
  /** Appends to a file; with `isNew` it is made, in place of one of that name. */
  write(
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
    isNew: boolean,
  ): Promise<void>;
  /** Names of all files, in any order. */
  list(): Promise<readonly string[]>;
  /** Size with the first and the last bytes, at most `length` each; null if there is no such file. */
  edges(name: string, length: number): Promise<FileEdges | null>;
  /** The content; null if there is no such file. */
  open(name: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;
}

/** Both ends of a file. */
export interface FileEdges {
  bytes: number;
  first: Uint8Array;
  last: Uint8Array;
}

const NAME = /^(agt_[0-9A-Z]{26})-(\d{1,15})\.session$/;

/** Name of the recording of one incarnation. */
export function nameOf(agentId: string, epoch: number): string {
  return `${agentId}-${epoch}.session`;
}

/** Whose recording it is; null for any other name, such as a path. */
export function parseName(
  name: string,
): { agentId: string; epoch: number } | null {
  const match = NAME.exec(name);
  return match === null
    ? null
    : { agentId: match[1]!, epoch: Number(match[2]) };
}

/** Files in memory, for hosts without a disk. They end with the process. */
export function createMemoryRecordings(): RecordingFiles {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    write(name, bytes, isNew) {
      const before = isNew ? new Uint8Array() : files.get(name)!;
      const all = new Uint8Array(before.length + bytes.length);
      all.set(before);
      all.set(bytes, before.length);
      files.set(name, all);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...files.keys()]),
    edges: (name, length) => {
      const bytes = files.get(name);
      return Promise.resolve(
        bytes === undefined ? null : {
          bytes: bytes.length,
          first: bytes.subarray(0, length),
          last: bytes.subarray(-length),
        },
      );
    },
    open: (name) => {
      const bytes = files.get(name);
      return Promise.resolve(
        bytes === undefined ? null : ReadableStream.from([bytes]),
      );
    },
    remove: (name) => {
      files.delete(name);
      return Promise.resolve();
    },
  };
}
