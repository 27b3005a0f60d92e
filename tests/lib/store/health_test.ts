import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { KvCall, KvOutcome } from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { auditOf, recordOf, systemDraft } from "./support.ts";

const START_MS = 1_800_000_000_000;

async function createWorld() {
  const clock = createSimulatedClock({ startMs: START_MS });
  const database = createMemoryDatabase();
  const fate: { write: KvOutcome; read: KvOutcome } = {
    write: "ok",
    read: "ok",
  };
  const onCall = ({ kind }: KvCall) => {
    if (kind === "write") return { outcome: fate.write };
    const isRead = kind !== "watch" && kind !== "watch_event";
    return { outcome: isRead ? fate.read : "ok" as const };
  };
  const connection = database.connect({ faults: { onCall } });
  const store = await createStore(connection, { time: clock });
  const save = (n: number) =>
    store.agents.save(recordOf(`agt_${n}`), {
      expected: null,
      audit: auditOf("spawn"),
    });
  return { clock, fate, store, save };
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** Virtual milliseconds until a promise settles, and how it does. */
async function timeOf(
  { clock }: World,
  promise: Promise<unknown>,
): Promise<{ ms: number; error: unknown }> {
  const start = clock.monotonicMs();
  let ended: { ms: number; error: unknown } | null = null;
  const end = (error: unknown) => {
    ended = { ms: clock.monotonicMs() - start, error };
  };
  promise.then(() => end(null), end);
  for (let n = 0; ended === null && n < 600; n++) {
    await clock.advance(n === 0 ? 0 : 100);
  }
  assert.ok(ended !== null, "still unanswered after a minute");
  return ended;
}

Deno.test("a command on a full disk is refused at once", async () => {
  const world = await createWorld();
  world.fate.write = "fail";
  const { ms, error } = await timeOf(world, world.save(1));
  assert.equal((error as { code: string }).code, "STORE_UNAVAILABLE");
  assert.equal(ms, 0);
  await world.store.close();
});

for (
  const [what, fate] of [
    ["writes hang", { write: "hang" }],
    ["answers of writes hang", { write: "hang_done" }],
    ["everything hangs", { write: "hang", read: "hang" }],
  ] as const
) {
  Deno.test(`commands are refused within 3 s when ${what}, however many wait`, async () => {
    const world = await createWorld();
    Object.assign(world.fate, fate);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, n) => timeOf(world, world.save(n))),
    );
    for (const { ms, error } of all) {
      assert.equal(
        (error as { code?: string } | null)?.code,
        error === null ? undefined : "STORE_UNAVAILABLE",
      );
      assert.ok(ms <= 3_000, `${ms} ms`);
    }
    Object.assign(world.fate, { write: "ok", read: "ok" });
    await world.store.close();
  });
}

Deno.test("a command that did not get its turn in time is never carried out", async () => {
  const world = await createWorld();
  world.fate.write = "hang";
  const first = assert.rejects(world.save(1), { code: "STORE_UNAVAILABLE" });
  const second = assert.rejects(world.save(2), /nothing of it was stored/);
  await world.clock.advance(3_000);
  await Promise.all([first, second]);
  world.fate.write = "ok";
  await world.save(3);
  assert.deepEqual(
    (await world.store.agents.list()).map(({ id }) => id),
    ["agt_3"],
  );
  await world.store.close();
});

Deno.test("health() tells what fails and since when, until it works again", async () => {
  const world = await createWorld();
  const { store, clock, fate } = world;
  assert.deepEqual(
    [store.health().ok, store.health().failingSince, store.health().kind],
    [true, null, null],
  );
  fate.write = "fail";
  void store.events.append({ events: [systemDraft("late")] });
  await clock.advance(7_000);
  const health = store.health();
  assert.deepEqual(
    [health.ok, health.kind, health.failingSince],
    [false, "commit", START_MS],
  );
  assert.match(health.detail, /disk is full/);
  assert.deepEqual(await store.agents.list(), [], "reads go on");
  fate.write = "ok";
  await clock.advance(5_000);
  assert.equal(store.health().ok, true);
  fate.read = "fail";
  await assert.rejects(store.agents.get("agt_1"));
  assert.equal(store.health().kind, "read");
  fate.read = "ok";
  await store.close();
});

Deno.test("probe() tells whether the disk takes writes, and lifts the failure", async () => {
  const world = await createWorld();
  const { store, fate } = world;
  assert.equal(await store.probe(), true);
  fate.write = "fail";
  assert.equal(await store.probe(), false);
  assert.equal(store.health().kind, "commit");
  fate.write = "ok";
  assert.equal(await store.probe(), true);
  assert.equal(store.health().ok, true);
  fate.write = "hang";
  assert.ok((await timeOf(world, store.probe())).ms <= 3_000);
  fate.write = "ok";
  await store.close();
});

Deno.test("health() stays well when a call is given up after a later one was done", async () => {
  const world = await createWorld();
  const { store, clock, fate } = world;
  fate.read = "hang";
  const stuck = assert.rejects(store.agents.get("agt_1"));
  await clock.advance(1_900);
  fate.read = "ok";
  await store.agents.list();
  fate.read = "hang";
  await clock.advance(200);
  assert.equal(store.health().ok, true);
  await clock.advance(3_000);
  await stuck;
  assert.equal(store.health().kind, "read", "its repetition hangs as well");
  fate.read = "ok";
  await store.close();
});

Deno.test("stats() tells how long calls took in the last minutes alone, and how many there were since the start", async () => {
  const { store, clock, save } = await createWorld();
  await save(1);
  const { calls } = store.stats();
  assert.ok(calls.commit.n > 0 && calls.commit.recent !== null);
  clock.jumpWall(10 * 60_000);
  assert.deepEqual(store.stats().calls.commit, {
    n: calls.commit.n,
    recent: null,
  });
  await store.close();
});
