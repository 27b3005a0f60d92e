import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { KvCall, KvOutcome } from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../lib/store/open_store.ts";

async function createWorld() {
  const clock = createSimulatedClock();
  const fate: Partial<Record<KvCall["kind"], KvOutcome>> = {};
  const connection = createMemoryDatabase().connect({
    faults: { onCall: ({ kind }) => ({ outcome: fate[kind] ?? "ok" }) },
  });
  const store = await createStore(connection, { time: clock });
  const { idempotency } = store;
  return {
    store,
    idempotency,
    /** Lets reservations be stored, but neither their answer nor the proof of it arrive. */
    cutAnswers: () =>
      Object.assign(fate, { write: "hang_done", getMany: "hang" }),
    fillDisk: () => Object.assign(fate, { write: "fail" }),
    mend: () => Object.assign(fate, { write: "ok", getMany: "ok" }),
    /** Waits until a call has been given up. */
    async givenUp(call: Promise<unknown>) {
      const refused = assert.rejects(call, { code: "STORE_UNAVAILABLE" });
      await clock.advance(3_000);
      await refused;
    },
  };
}

Deno.test("begin() that failed leaves its key free for the repetition, although it is stored", async () => {
  const world = await createWorld();
  world.cutAnswers();
  await world.givenUp(world.idempotency.begin("k", "hash"));
  world.mend();
  assert.equal(await world.idempotency.begin("k", "hash"), null);
  const known = await world.idempotency.begin("k", "hash");
  assert.equal(known!.response, null, "now it is under way");
  await world.store.close();
});

Deno.test("begin() that failed frees nothing that another request has reserved since", async () => {
  const world = await createWorld();
  world.fillDisk();
  const failing = world.idempotency.begin("k", "hash");
  await world.givenUp(failing);
  world.mend();
  assert.equal(await world.idempotency.begin("k", "hash"), null);
  world.cutAnswers();
  // Reads are well: what is known is told, and nothing is reserved again.
  const known = await world.idempotency.begin("k", "hash");
  assert.deepEqual([known!.response, known!.isAbandoned], [null, false]);
  world.mend();
  await world.store.close();
});

Deno.test("abandon() that failed leaves its key free", async () => {
  const world = await createWorld();
  assert.equal(await world.idempotency.begin("k", "hash"), null);
  world.fillDisk();
  await world.givenUp(world.idempotency.abandon("k"));
  world.mend();
  assert.equal(await world.idempotency.begin("k", "hash"), null);
  await world.store.close();
});

Deno.test("finish() that failed leaves its key taken: the request had an effect", async () => {
  const world = await createWorld();
  assert.equal(await world.idempotency.begin("k", "hash"), null);
  world.fillDisk();
  const response = { status: 201, headers: {}, body: "{}" };
  await world.givenUp(world.idempotency.finish("k", response));
  world.mend();
  assert.equal((await world.idempotency.begin("k", "hash"))!.response, null);
  await world.store.close();
});
