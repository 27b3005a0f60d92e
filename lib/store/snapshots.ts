import { deserialize } from "node:v8";
import { AppError } from "../core/errors.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { MAX_SNAPSHOT_BYTES, MAX_VALUE_BYTES } from "./limits.ts";
import { toChunks } from "./events/projections.ts";

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
 * old one, and one commit of the head entry switches over; a crash before that
 * leaves the old one in force and some chunks that the next save overwrites.
 */
export class SnapshotStore {
  readonly #kv: GuardedKv;
  /** Saves of one agent take turns: two would write the same generation. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  /** Saves a snapshot; the newest replaces the older one. */
  save(id: string, snapshot: unknown): Promise<void> {
    // Serialized at once: the caller may change its state afterwards.
    const chunks = this.#chunksOf(id, snapshot);
    return this.#inTurn(id, () => this.#write(id, chunks));
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
    return this.#inTurn(id, async () => {
      await this.#kv.commit({ deletes: [keys.snapshotHead(id)] });
      await this.#deleteChunks(keys.snapshots(id));
    });
  }

  #inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    this.#turns.set(id, settled);
    void settled.then(() => {
      if (this.#turns.get(id) === settled) this.#turns.delete(id);
    });
    return turn;
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
    for (let start = 0; start < chunks.length; start += CHUNKS_PER_COMMIT) {
      const part = chunks.slice(start, start + CHUNKS_PER_COMMIT);
      const sets = part.map((bytes, offset) => ({
        key: keys.snapshotChunk(id, { generation, chunk: start + offset }),
        value: { v: 1, bytes },
      }));
      // deno-lint-ignore no-await-in-loop -- chunks are many bytes, one commit at a time
      await this.#kv.commit({ sets });
    }
    const head: SnapshotHead = {
      v: 1,
      generation,
      chunks: chunks.length,
      bytes: byteLength(chunks),
    };
    const { versionstamp } = old;
    const switched = await this.#kv.commit({
      checks: [{ key: keys.snapshotHead(id), versionstamp }],
      sets: [{ key: keys.snapshotHead(id), value: head }],
    });
    if (!switched.ok) {
      throw new AppError(
        "STORE_CONFLICT",
        `Another process saved a snapshot of ${id} at the same time; only its owner may save`,
        { status: 409 },
      );
    }
    if (old.value !== null) {
      await this.#deleteChunks(
        keys.snapshotGeneration(id, old.value.generation),
      );
    }
  }

  async #deleteChunks(prefix: Deno.KvKey): Promise<void> {
    const found = await this.#kv.list({ prefix }, { limit: 2 * MAX_CHUNKS });
    if (found.length > 0) {
      await this.#kv.commit({ deletes: found.map(({ key }) => key) });
    }
  }
}

function byteLength(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
