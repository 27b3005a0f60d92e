import { deserialize } from "node:v8";
import { AppError } from "../core/errors.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { MAX_SNAPSHOT_BYTES, MAX_VALUE_BYTES } from "./limits.ts";
import { toChunks } from "./events/projections.ts";
import { Turns } from "./turns.ts";

interface SnapshotHead {
  v: 1;
  generation: number;
  chunks: number;
  bytes: number;
}

// Ten full chunks stay below the byte limit of one commit.
const CHUNKS_PER_COMMIT = 10;
const MAX_CHUNKS = Math.ceil(MAX_SNAPSHOT_BYTES / MAX_VALUE_BYTES) + 2;

/**
 * Snapshots of agents, cut in chunks. A new generation is written beside the
 * old one, and the commit of its last chunks switches over and deletes the old
 * one; nearly every snapshot is that one commit. A crash before it leaves the
 * old one in force and some chunks, which the next save deletes.
 */
export class SnapshotStore {
  readonly #kv: GuardedKv;
  /** Saves of one agent take turns: two would write the same generation. */
  readonly #turns = new Turns();
  /** Agents of whom nothing but the newest generation is stored. */
  readonly #tidy = new Set<string>();

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  /** Saves a snapshot; the newest replaces the older one. */
  save(id: string, snapshot: unknown): Promise<void> {
    // Serialized at once: the caller may change its state afterwards.
    const chunks = this.#chunksOf(id, snapshot);
    return this.#turns.take(id, () => this.#write(id, chunks));
  }

  /** The newest snapshot, or null. */
  async load(id: string): Promise<unknown | null> {
    const head = await this.#kv.get<SnapshotHead>(keys.snapshotHead(id));
    if (head.value === null) return null;
    const { generation, chunks, bytes } = head.value;
    const entries = await this.#kv.list<{ bytes: Uint8Array }>(
      { prefix: keys.snapshotGeneration(id, generation) },
      { limit: chunks },
    );
    const whole = new Uint8Array(bytes);
    let offset = 0;
    for (const { value } of entries) {
      whole.set(value.bytes.subarray(0, bytes - offset), offset);
      offset += value.bytes.byteLength;
    }
    if (offset >= bytes) return deserialize(whole);
    // A save that finished meanwhile has deleted what we were reading.
    const now = await this.#kv.get<SnapshotHead>(keys.snapshotHead(id));
    if (now.value === null) return null;
    if (now.value.generation !== generation) return this.load(id);
    throw new AppError(
      "STORE_SNAPSHOT_DAMAGED",
      `The snapshot of ${id} has ${offset} of ${bytes} bytes; remove the agent's snapshot, it then replays from its start`,
    );
  }

  /** Deletes every generation. */
  remove(id: string): Promise<void> {
    return this.#turns.take(id, async () => {
      await this.#kv.commit({ deletes: [keys.snapshotHead(id)] });
      await this.#deleteChunks(keys.snapshots(id));
      this.#tidy.delete(id);
    });
  }

  #chunksOf(id: string, snapshot: unknown): Uint8Array[] {
    const chunks = toChunks(snapshot, MAX_VALUE_BYTES);
    const bytes = byteLength(chunks);
    if (bytes <= MAX_SNAPSHOT_BYTES) return chunks;
    throw new AppError(
      "STORE_VALUE_TOO_LARGE",
      `The snapshot of ${id} takes ${bytes} bytes, more than ${MAX_SNAPSHOT_BYTES}; bound the state that the agent keeps`,
    );
  }

  async #write(id: string, chunks: readonly Uint8Array[]): Promise<void> {
    const old = await this.#kv.get<SnapshotHead>(keys.snapshotHead(id));
    const generation = (old.value?.generation ?? 0) + 1;
    // What an interrupted save left would be taken for a part of this one.
    if (!this.#tidy.delete(id)) {
      await this.#deleteChunks(keys.snapshotGeneration(id, generation));
    }
    const sets = chunks.map((bytes, chunk) => ({
      key: keys.snapshotChunk(id, { generation, chunk }),
      value: { v: 1, bytes },
    }));
    while (sets.length > CHUNKS_PER_COMMIT) {
      // deno-lint-ignore no-await-in-loop -- chunks are many bytes, one commit at a time
      await this.#kv.commit({
        sets: sets.splice(0, CHUNKS_PER_COMMIT),
        isFenced: true,
      });
    }
    const head: SnapshotHead = {
      v: 1,
      generation,
      chunks: chunks.length,
      bytes: byteLength(chunks),
    };
    await this.#switchTo(id, { head, lastChunks: sets, old });
    this.#tidy.add(id);
  }

  async #switchTo(
    id: string,
    { head, lastChunks, old }: {
      head: SnapshotHead;
      lastChunks: NonNullable<Commit["sets"]>;
      old: Deno.KvEntryMaybe<SnapshotHead>;
    },
  ): Promise<void> {
    const { versionstamp, value } = old;
    const switched = await this.#kv.commit({
      checks: [{ key: keys.snapshotHead(id), versionstamp }],
      sets: [...lastChunks, { key: keys.snapshotHead(id), value: head }],
      deletes: value === null ? [] : chunkKeys(id, value),
      isFenced: true,
    });
    if (switched.ok) return;
    throw new AppError(
      "STORE_CONFLICT",
      `Another process saved a snapshot of ${id} at the same time; only its owner may save`,
      { status: 409 },
    );
  }

  async #deleteChunks(prefix: Deno.KvKey): Promise<void> {
    const found = await this.#kv.list({ prefix }, { limit: 2 * MAX_CHUNKS });
    if (found.length === 0) return;
    // Fenced as the chunks are: to the next owner the same generation may be the one in force.
    await this.#kv.commit({
      deletes: found.map(({ key }) => key),
      isFenced: true,
    });
  }
}

function chunkKeys(
  id: string,
  { generation, chunks }: SnapshotHead,
): Deno.KvKey[] {
  return Array.from(
    { length: chunks },
    (_, chunk) => keys.snapshotChunk(id, { generation, chunk }),
  );
}

function byteLength(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
