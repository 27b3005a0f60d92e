import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import { MIRROR_CHUNK_BYTES } from "../../../lib/store/limits.ts";
import { auditOf, recordOf } from "./support.ts";

const AGENT = "agt_1";
const REMOVED_MS = 60_000;

async function createWorld() {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const database = createMemoryDatabase();
  const store = await createStore(database.connect(), {
    time: clock,
    agentRetention: { removedMs: REMOVED_MS },
  });
  const raw = database.connect();
  const left = async () => {
    const found = await raw.list({ prefix: [] }, { limit: 1_000 });
    return found.filter(({ key }) => String(key[0]).startsWith("journal"))
      .length;
  };
  return { clock, store, raw, left };
}

/** Mirrors a segment of that many chunks. */
async function mirror({ journals }: OpenedStore, chunks: number) {
  const bytes = new Uint8Array(chunks * MIRROR_CHUNK_BYTES - 1).fill(chunks);
  const slot = journals.createSlot();
  const head = await journals.head(AGENT);
  const revision = head?.revision ?? null;
  await journals.save(AGENT, {
    revision,
    pieces: [{ slot, offset: 0, bytes }],
    newest: { slot, bytes: bytes.length, crc: crc32(bytes) },
    ended: [],
  });
  return bytes;
}

Deno.test("JournalMirrorStore.load() gives what was saved, and refuses what does not add up", async () => {
  const { store, raw } = await createWorld();
  assert.equal(await store.journals.load(AGENT), null);
  const bytes = await mirror(store, 3);
  assert.deepEqual(await store.journals.load(AGENT), [{
    segment: null,
    bytes,
  }]);
  const [first] = await raw.list({ prefix: ["journal_chunk"] }, { limit: 1 });
  await raw.write({ checks: [], sets: [], deletes: [first!.key] });
  await assert.rejects(store.journals.load(AGENT), {
    code: "STORE_MIRROR_DAMAGED",
  });
  await store.close();
});

Deno.test("JournalMirrorStore.save() and stage() from an older revision change nothing", async () => {
  const { store, left } = await createWorld();
  await mirror(store, 2);
  const { revision, journal } = (await store.journals.head(AGENT))!;
  const bytes = await mirror(store, 3);
  const before = await left();
  const piece = { slot: "other", offset: 0, bytes: new Uint8Array(5) };
  for (const old of [null, revision]) {
    const change = { revision: old, pieces: [piece] };
    const code = { code: "STORE_CONFLICT" };
    await assert.rejects(store.journals.stage(AGENT, change), code);
    const { newest } = journal;
    const save = store.journals.save(AGENT, { ...change, newest, ended: null });
    await assert.rejects(save, code);
  }
  assert.equal(await left(), before);
  assert.deepEqual(await store.journals.load(AGENT), [{
    segment: null,
    bytes,
  }]);
  await store.close();
});

Deno.test("AgentStore.remove() removes the mirror with its chunks", async () => {
  const { store, left } = await createWorld();
  await store.agents.save(recordOf(AGENT), {
    expected: null,
    audit: auditOf("spawn"),
  });
  await mirror(store, 120);
  await mirror(store, 2);
  assert.ok(await left() > 120);
  await store.agents.remove(AGENT, auditOf("remove"));
  assert.equal(await left(), 0);
  await store.close();
});

Deno.test("Store.prune() removes the mirror of an agent that a host wrote after its removal", async () => {
  const { clock, store, left } = await createWorld();
  await mirror(store, 3);
  await store.prune();
  assert.ok(await left() > 0);
  await clock.advance(REMOVED_MS);
  await store.prune();
  assert.equal(await left(), 0);
  await store.close();
});
