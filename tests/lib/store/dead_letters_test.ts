import assert from "node:assert/strict";
import type { DeadLetter } from "../../../lib/contracts/dead_letter.ts";
import type { KvOutcome } from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";

function letterOf(detail: string): Omit<DeadLetter, "n"> {
  return {
    at: 1,
    actorId: "agt_1",
    agentId: "agt_1",
    agentName: "btc-ob",
    epoch: 3,
    reason: "late_message",
    link: null,
    detail,
  };
}

async function createWorld() {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const fate = { outcome: "ok" as KvOutcome, writes: 0 };
  const connection = createMemoryDatabase().connect({
    faults: {
      onCall: ({ kind }) => {
        if (kind !== "write") return { outcome: "ok" };
        fate.writes++;
        return fate;
      },
    },
  });
  const store = await createStore(connection, { time: clock });
  fate.writes = 0;
  return { clock, fate, store };
}

/** Appends letters a batch at a time, as fast as they are stored. */
async function fill(
  { store, clock }: Awaited<ReturnType<typeof createWorld>>,
  count: number,
): Promise<void> {
  for (let start = 0; start < count; start += 200) {
    const size = Math.min(200, count - start);
    const done = Array.from(
      { length: size },
      (_, n) => store.deadLetters.append(letterOf(`letter ${start + n}`)),
    );
    await clock.advance(250);
    await Promise.all(done);
  }
}

async function readAll(store: OpenedStore): Promise<DeadLetter[]> {
  const all: DeadLetter[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.deadLetters.page({ limit: 37, cursor });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

Deno.test("append() numbers letters without holes and page() gives the newest first", async () => {
  const world = await createWorld();
  await fill(world, 90);
  const letters = await readAll(world.store);
  assert.deepEqual(
    letters.map(({ n, detail }) => `${n} ${detail}`),
    Array.from({ length: 90 }, (_, n) => `${90 - n} letter ${89 - n}`),
  );
  assert.equal(world.fate.writes, 1, "what comes at once is one write");
  await world.store.close();
});

Deno.test("append() keeps 10,000 letters and no more", async () => {
  const world = await createWorld();
  await fill(world, 10_450);
  assert.equal(await world.store.deadLetters.count(), 10_000);
  const { items } = await world.store.deadLetters.page({
    limit: 10,
    cursor: "452",
  });
  assert.deepEqual(items.map(({ n }) => n), [451]);
  await world.store.close();
});

Deno.test("append() counts what a flood has too much, and one letter says how many", async () => {
  const world = await createWorld();
  const { store, clock, fate } = world;
  const flood = Array.from(
    { length: 20_000 },
    (_, n) => store.deadLetters.append(letterOf(`letter ${n}`)),
  );
  await clock.advance(1_000);
  await Promise.all(flood);
  assert.equal(fate.writes, 3, "a flood costs a bounded number of writes");
  assert.equal(await store.deadLetters.count(), 501);
  const summary = (await readAll(store)).filter(({ reason }) =>
    reason === "not_kept"
  );
  assert.match(summary[0]!.detail, /^19500 more dead letters/);
  await store.close();
});

Deno.test("append() waits out a full disk", async () => {
  const { store, clock, fate } = await createWorld();
  fate.outcome = "fail";
  const done = store.deadLetters.append(letterOf("kept"));
  await clock.advance(1_000);
  assert.equal(await store.deadLetters.count(), 0);
  fate.outcome = "ok";
  await clock.advance(5_000);
  await done;
  assert.equal(await store.deadLetters.count(), 1);
  await store.close();
});

Deno.test("close() stores the letters that wait, and refuses them on a full disk", async () => {
  const { store } = await createWorld();
  const done = store.deadLetters.append(letterOf("kept"));
  await store.close();
  await done;
  const full = await createWorld();
  full.fate.outcome = "fail";
  const lost = assert.rejects(
    full.store.deadLetters.append(letterOf("lost")),
    { code: "STORE_UNAVAILABLE" },
  );
  await full.store.close();
  await lost;
});

Deno.test("append() cuts long texts", async () => {
  const world = await createWorld();
  const done = world.store.deadLetters.append(letterOf("x".repeat(5_000)));
  await world.clock.advance(250);
  await done;
  assert.equal((await readAll(world.store))[0]!.detail.length, 500);
  await world.store.close();
});
