import { crc32 } from "node:zlib";
import { AppError } from "../core/errors.ts";
import type { IdFactory } from "../core/ids.ts";
import type { Commit, CommitOutcome, GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { MIRROR_CHUNK_BYTES, PRUNE_BATCH } from "./limits.ts";
import type {
  JournalFile,
  JournalMirrorStore,
  MirrorChange,
  MirroredEnded,
  MirroredSegment,
  MirrorHead,
  MirrorPiece,
  MirrorSwitch,
} from "./mirror_port.ts";

interface StoredHead {
  v: 1;
  writer: string;
  newest: MirroredSegment;
}

interface StoredRow {
  v: 1;
  ended: readonly MirroredEnded[];
}

/** Chunks of one list: 512 KiB, so that a slow link answers within the deadline. */
const CHUNKS_PER_READ = 128;
/** Reads of a mirror that is changed meanwhile. */
const LOAD_ATTEMPTS = 5;

/**
 * Mirrors of journals, cut in chunks. What changes with every flush, the newest
 * segment, is one small head; the row of those that have ended is an entry of its
 * own, which is written when a segment ends. A segment keeps its chunks when it
 * ends. A commit that crosses a crash leaves the former or the later mirror, and
 * at most some chunks that no head names, which `sweep` deletes.
 */
export class KvJournalMirror implements JournalMirrorStore {
  readonly #kv: GuardedKv;
  readonly #ids: IdFactory;
  #writer: string | null = null;

  constructor({ kv, ids }: { kv: GuardedKv; ids: IdFactory }) {
    this.#kv = kv;
    this.#ids = ids;
  }

  get writer(): string {
    return this.#writer ??= this.#ids("mir");
  }

  createSlot(): string {
    return this.#ids("seg");
  }

  async head(agentId: string): Promise<MirrorHead | null> {
    // One read is one snapshot: a row belongs to its head.
    const [head, row] = await this.#kv.getMany<unknown>([
      keys.journalHead(agentId),
      keys.journalRow(agentId),
    ]) as [
      Deno.KvEntryMaybe<StoredHead>,
      Deno.KvEntryMaybe<StoredRow>,
    ];
    if (head.value === null) return null;
    const { writer, newest } = head.value;
    return {
      revision: head.versionstamp,
      writer,
      journal: { ended: row.value?.ended ?? [], newest },
    };
  }

  async segment(
    agentId: string,
    { slot, bytes, crc }: MirroredSegment,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const whole = new Uint8Array(bytes);
    const chunks = Math.ceil(bytes / MIRROR_CHUNK_BYTES);
    for (let chunk = 0; chunk < chunks; chunk += CHUNKS_PER_READ) {
      // deno-lint-ignore no-await-in-loop -- a long segment is many bytes
      const entries = await this.#kv.list<{ bytes: Uint8Array }>({
        start: keys.journalChunk(agentId, { slot, chunk }),
        end: keys.journalChunk(agentId, {
          slot,
          chunk: Math.min(chunk + CHUNKS_PER_READ, chunks),
        }),
      }, { limit: CHUNKS_PER_READ });
      for (const { key, value } of entries) {
        const offset = Number(key.at(-1)) * MIRROR_CHUNK_BYTES;
        whole.set(value.bytes.subarray(0, bytes - offset), offset);
      }
    }
    return crc32(whole) === crc ? whole : null;
  }

  async stage(
    agentId: string,
    { revision, pieces }: MirrorChange,
  ): Promise<void> {
    await this.#commit(agentId, revision, { sets: chunkSets(agentId, pieces) });
  }

  async save(agentId: string, change: MirrorSwitch): Promise<string> {
    const { revision, pieces, newest, ended } = change;
    const head: StoredHead = { v: 1, writer: this.writer, newest };
    const sets = chunkSets(agentId, pieces);
    sets.push({ key: keys.journalHead(agentId), value: head });
    if (ended !== null) {
      const row: StoredRow = { v: 1, ended };
      sets.push({ key: keys.journalRow(agentId), value: row });
    }
    return await this.#commit(agentId, revision, { sets });
  }

  async sweep(
    agentId: string,
    { revision, journal }: Parameters<JournalMirrorStore["sweep"]>[1],
  ): Promise<void> {
    const segments = journal === null ? [] : [...journal.ended, journal.newest];
    const named = new Set(segments.map(({ slot }) => slot));
    let after: string | null = null;
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- each step starts where the last ended
      const slot = await this.#slotAfter(agentId, after);
      if (slot === null) return;
      // deno-lint-ignore no-await-in-loop -- as above
      if (!named.has(slot)) await this.#deleteSlot(agentId, { slot, revision });
      after = slot;
    }
  }

  async load(agentId: string): Promise<readonly JournalFile[] | null> {
    for (let attempt = 0; attempt < LOAD_ATTEMPTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const head = await this.head(agentId);
      if (head === null) return null;
      // deno-lint-ignore no-await-in-loop -- as above
      const files = await this.#files(agentId, head);
      if (files !== null) return files;
      // deno-lint-ignore no-await-in-loop -- as above
      const now = await this.head(agentId);
      if (now?.revision === head.revision) break;
    }
    throw new AppError(
      "STORE_MIRROR_DAMAGED",
      `The mirror of the journal of ${agentId} does not add up to what was mirrored; start the host that has the journal on its disk`,
    );
  }

  async remove(agentId: string): Promise<void> {
    if (await this.head(agentId) !== null) {
      await this.#kv.commit({
        deletes: [keys.journalHead(agentId), keys.journalRow(agentId)],
      });
    }
    await this.sweep(agentId, { revision: null, journal: null });
  }

  async #files(
    agentId: string,
    { journal: { ended, newest } }: MirrorHead,
  ): Promise<JournalFile[] | null> {
    const files: JournalFile[] = [];
    for (const mirrored of [...ended, newest]) {
      // deno-lint-ignore no-await-in-loop -- a segment is many bytes
      const bytes = await this.segment(agentId, mirrored);
      if (bytes === null) return null;
      files.push({ segment: nameOf(mirrored), bytes });
    }
    return files;
  }

  /** The first slot with chunks behind `after`; null for none. */
  async #slotAfter(
    agentId: string,
    after: string | null,
  ): Promise<string | null> {
    const prefix = keys.journalChunks(agentId);
    // A zero character behind a slot is the smallest key after all of its own.
    const selector = after === null
      ? { prefix }
      : { prefix, start: keys.journalSlot(agentId, `${after}\0`) };
    const [found] = await this.#kv.list(selector, { limit: 1 });
    return found === undefined ? null : String(found.key.at(-2));
  }

  async #deleteSlot(
    agentId: string,
    { slot, revision }: { slot: string; revision: string | null },
  ): Promise<void> {
    const prefix = keys.journalSlot(agentId, slot);
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
      const page = await this.#kv.list({ prefix }, { limit: PRUNE_BATCH });
      if (page.length === 0) return;
      const deletes = page.map(({ key }) => key);
      // Checked: what another host has just copied is in no head that this one knows.
      // deno-lint-ignore no-await-in-loop -- as above
      await this.#commit(agentId, revision, { deletes });
    }
  }

  async #commit(
    agentId: string,
    revision: string | null,
    commit: Commit,
  ): Promise<string> {
    const outcome: CommitOutcome = await this.#kv.commit({
      ...commit,
      checks: [{ key: keys.journalHead(agentId), versionstamp: revision }],
      isFenced: true,
    });
    if (outcome.ok) return outcome.versionstamp;
    throw new AppError(
      "STORE_CONFLICT",
      `The mirror of the journal of ${agentId} was written by somebody else at the same time; only the agent's owner may`,
      { status: 409 },
    );
  }
}

function nameOf(
  segment: MirroredSegment | MirroredEnded,
): JournalFile["segment"] {
  if (!("number" in segment)) return null;
  const { number, lastSeq } = segment;
  return { number, lastSeq };
}

function chunkSets(
  agentId: string,
  pieces: readonly MirrorPiece[],
): { key: Deno.KvKey; value: unknown }[] {
  return pieces.flatMap(({ slot, offset, bytes }) => {
    const first = offset / MIRROR_CHUNK_BYTES;
    return Array.from(
      { length: Math.ceil(bytes.length / MIRROR_CHUNK_BYTES) },
      (_, index) => {
        const start = index * MIRROR_CHUNK_BYTES;
        const key = keys.journalChunk(agentId, { slot, chunk: first + index });
        // A copy: the part of a buffer is stored with all of the buffer behind it.
        const part = bytes.slice(start, start + MIRROR_CHUNK_BYTES);
        return { key, value: { v: 1, bytes: part } };
      },
    );
  });
}
