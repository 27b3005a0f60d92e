import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { KvCall, KvOutcome } from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { systemDraft } from "./support.ts";

/** Two processes on one store; the reader's watch can be made silent. */
async function createWorld() {
  const clock = createSimulatedClock();
  const database = createMemoryDatabase();
  const link = {
    watch: "ok" as KvOutcome,
    events: "ok" as KvOutcome,
    gets: 0,
    watches: 0,
  };
  const onCall = ({ kind }: KvCall) => {
    if (kind === "get") link.gets++;
    if (kind === "watch") link.watches++;
    if (kind === "watch") return { outcome: link.watch };
    if (kind === "watch_event") return { outcome: link.events };
    return { outcome: "ok" as const };
  };
  const writer = await createStore(database.connect(), { time: clock });
  const reader = await createStore(
    database.connect({ faults: { onCall } }),
    { time: clock },
  );
  await clock.advance(0);
  let wrote = 0;
  return {
    clock,
    link,
    reader,
    async write() {
      await writer.events.append({ events: [systemDraft(`${++wrote}`)] });
      await clock.settle();
    },
    async close() {
      await reader.close();
      await writer.close();
    },
  };
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** Virtual milliseconds until the reader has seen `seq`. */
async function catchUpMs({ clock, reader }: World, seq: number) {
  const start = clock.monotonicMs();
  while (reader.events.headSeq() < seq) {
    assert.ok(clock.monotonicMs() - start < 60_000, "never caught up");
    await clock.advance(50);
  }
  return clock.monotonicMs() - start;
}

Deno.test("a watch that works tells at once, and the poll stays slow", async () => {
  const world = await createWorld();
  for (let n = 1; n <= 20; n++) {
    await world.write();
    assert.equal(world.reader.events.headSeq(), n);
  }
  world.link.gets = 0;
  await world.clock.advance(10_000);
  assert.equal(world.link.gets, 10);
  await world.close();
});

Deno.test("a silent watch is caught up within 2 s, then within 250 ms", async () => {
  const world = await createWorld();
  world.link.events = "hang";
  await world.write();
  assert.ok(await catchUpMs(world, 1) <= 1_000);
  for (let n = 2; n <= 30; n++) {
    await world.write();
    const ms = await catchUpMs(world, n);
    assert.ok(ms <= 250, `${ms} ms`);
  }
  await world.close();
});

Deno.test("the poll is slow again once the watch tells", async () => {
  const world = await createWorld();
  world.link.events = "hang";
  await world.write();
  await catchUpMs(world, 1);
  world.link.events = "ok";
  await world.write();
  assert.equal(world.reader.events.headSeq(), 2);
  await world.clock.advance(250);
  world.link.gets = 0;
  await world.clock.advance(4_000);
  assert.equal(world.link.gets, 4);
  await world.close();
});

Deno.test("a watch that stays silent is replaced, and the new one tells", async () => {
  const world = await createWorld();
  world.link.events = "hang";
  await world.write();
  await catchUpMs(world, 1);
  world.link.watches = 0;
  await world.clock.advance(10_500);
  assert.equal(world.link.watches, 1);
  world.link.events = "ok";
  await world.write();
  assert.equal(world.reader.events.headSeq(), 2);
  await world.close();
});

Deno.test("a watch that broke is opened again by the next poll", async () => {
  const world = await createWorld();
  world.link.events = "fail";
  await world.write();
  await world.clock.settle();
  world.link.events = "ok";
  assert.ok(await catchUpMs(world, 1) <= 1_000);
  await world.write();
  assert.equal(world.reader.events.headSeq(), 2);
  await world.close();
});

Deno.test("the store's own commits do not make the poll fast", async () => {
  const world = await createWorld();
  world.link.events = "hang";
  for (let n = 0; n < 5; n++) {
    await world.reader.events.append({ events: [systemDraft(`own ${n}`)] });
    await world.clock.advance(1_000);
  }
  world.link.gets = 0;
  await world.clock.advance(4_000);
  assert.equal(world.link.gets, 4);
  await world.close();
});
