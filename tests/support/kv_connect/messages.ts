/**
 * The messages of the data path of KV Connect, as denokv's public
 * `datapath.proto` numbers them; only the fields that a client of Deno sends or
 * reads.
 *
 * @module
 */
import {
  bytesOf,
  type Field,
  messagesOf,
  MessageWriter,
  numberOf,
  readFields,
} from "./protobuf.ts";

/** An entry of the database. */
export interface Entry {
  key: Uint8Array;
  value: Uint8Array;
  encoding: number;
  versionstamp: Uint8Array;
}

/** A range of keys to read, its end excluded. */
export interface ReadRange {
  start: Uint8Array;
  end: Uint8Array;
  limit: number;
  reverse: boolean;
}

/** One atomic write. A check without a versionstamp wants the key absent. */
export interface AtomicWrite {
  checks: readonly { key: Uint8Array; versionstamp: Uint8Array }[];
  mutations: readonly Mutation[];
}

/** One change of an atomic write. */
export interface Mutation {
  key: Uint8Array;
  kind: "set" | "delete";
  value: Uint8Array;
  encoding: number;
}

const READ_SUCCESS = 1;
const WRITE_SUCCESS = 1;
const WRITE_CHECK_FAILURE = 2;
const MUTATION_SET = 1;
const MUTATION_DELETE = 2;

/** Reads a `SnapshotRead`. */
export function decodeSnapshotRead(body: Uint8Array): ReadRange[] {
  return messagesOf(readFields(body), 1).map((range) => ({
    start: bytesOf(range, 1),
    end: bytesOf(range, 2),
    limit: numberOf(range, 3),
    reverse: numberOf(range, 4) === 1,
  }));
}

/** Writes a `SnapshotReadOutput`: one list of entries per range. */
export function encodeSnapshotRead(
  ranges: readonly (readonly Entry[])[],
): Uint8Array<ArrayBuffer> {
  const output = new MessageWriter();
  for (const entries of ranges) {
    const range = new MessageWriter();
    for (const entry of entries) range.bytes(1, encodeEntry(entry));
    output.bytes(1, range.finish());
  }
  return output.number(4, true).number(8, READ_SUCCESS).finish();
}

/** Reads an `AtomicWrite`. */
export function decodeAtomicWrite(body: Uint8Array): AtomicWrite {
  const fields = readFields(body);
  return {
    checks: messagesOf(fields, 1).map((check) => ({
      key: bytesOf(check, 1),
      versionstamp: bytesOf(check, 2),
    })),
    mutations: messagesOf(fields, 2).map(decodeMutation),
  };
}

function decodeMutation(mutation: readonly Field[]): Mutation {
  const value = readFields(bytesOf(mutation, 2));
  const type = numberOf(mutation, 3);
  if (type !== MUTATION_SET && type !== MUTATION_DELETE) {
    // The store promises to use no other: on SQLite they can tear a commit.
    throw new RangeError(`Mutation type ${type} is not served`);
  }
  return {
    key: bytesOf(mutation, 1),
    kind: type === MUTATION_SET ? "set" : "delete",
    value: bytesOf(value, 1),
    encoding: numberOf(value, 2),
  };
}

/** Writes an `AtomicWriteOutput`: the versionstamp of the commit, or null for a failed check. */
export function encodeAtomicWrite(
  versionstamp: Uint8Array | null,
): Uint8Array<ArrayBuffer> {
  const output = new MessageWriter();
  if (versionstamp === null) output.number(1, WRITE_CHECK_FAILURE);
  else output.number(1, WRITE_SUCCESS).bytes(2, versionstamp);
  return output.finish();
}

/** Reads a `Watch`: the watched keys. */
export function decodeWatch(body: Uint8Array): Uint8Array[] {
  return messagesOf(readFields(body), 1).map((key) => bytesOf(key, 1));
}

/** Writes a frame of a watch: its length as 4 bytes, then a `WatchOutput` with all keys. */
export function encodeWatchFrame(
  entries: readonly (Entry | null)[],
): Uint8Array<ArrayBuffer> {
  const output = new MessageWriter().number(1, READ_SUCCESS);
  for (const entry of entries) {
    const key = new MessageWriter().number(1, true);
    if (entry !== null) key.bytes(2, encodeEntry(entry));
    output.bytes(2, key.finish());
  }
  const message = output.finish();
  const frame = new Uint8Array(4 + message.length);
  new DataView(frame.buffer).setUint32(0, message.length, true);
  frame.set(message, 4);
  return frame;
}

function encodeEntry(entry: Entry): Uint8Array {
  return new MessageWriter().bytes(1, entry.key).bytes(2, entry.value)
    .number(3, entry.encoding).bytes(4, entry.versionstamp).finish();
}
