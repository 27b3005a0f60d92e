/** Several processes that write events to one store at once. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { createRng } from "../../../lib/core/rng.ts";
import type { KvCall, KvFault } from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import { runs } from "../../support/thorough.ts";
import { systemDraft } from "./support.ts";

/** Longest that an append may take beside two processes that write without a pause. */
const APPEND_MAX_MS = 6_000;

/** Processes over one database, to which each has a way of its own length. */
function createWorld(seed: number) {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const rng = createRng(seed);
  const database = createMemoryDatabase();
  const stores: OpenedStore[] = [];
  const world = {
    clock,
    async process(
      { wayMs, fate }: { wayMs: number; fate?: (call: KvCall) => KvFault },
    ): Promise<OpenedStore> {
      const onCall = (call: KvCall): KvFault => ({
        outcome: "ok",
        delay: new Promise<void>((resolve) =>
          void clock.after(wayMs * (0.5 + rng.next()), resolve)
        ),
        ...fate?.(call),
      });
      const connection = database.connect({ faults: { onCall } });
      const store = await world.settled(
        createStore(connection, { time: clock, random: () => rng.next() }),
      );
      stores.push(store);
      return store;
    },
    /** Lets time pass until the work has ended. */
    async settled<T>(work: Promise<T>): Promise<T> {
      let isOver = false;
      const watched = work.finally(() => isOver = true);
      watched.catch(() => {});
      for (let step = 0; step < 20_000 && !isOver; step++) {
        // deno-lint-ignore no-await-in-loop -- time passes step by step
        await clock.advance(5);
      }
      return await watched;
    },
    async close() {
      for (const store of stores) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        await world.settled(store.close());
      }
    },
  };
  return world;
}

/** Appends without a pause until it is ended; answers with the number. */
function keepWriting(store: OpenedStore, name: string) {
  let isOver = false;
  let count = 0;
  const run = async () => {
    while (!isOver) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await store.events.append({ events: [systemDraft(`${name} ${count}`)] });
      count++;
    }
    return count;
  };
  const done = run();
  return () => {
    isOver = true;
    return done;
  };
}

async function readAll(
  world: ReturnType<typeof createWorld>,
  store: OpenedStore,
): Promise<string[]> {
  const messages: string[] = [];
  for (let cursor = 0;;) {
    // deno-lint-ignore no-await-in-loop -- page after page
    const page = await world.settled(store.events.after(cursor, 500));
    if (page.events.length === 0) return messages;
    for (const event of page.events) {
      assert.equal(event.seq, ++cursor, "numbers have no holes");
      if (event.type === "system.event") messages.push(event.data.message);
    }
  }
}

Deno.test("append() of a process with a long way to the store is done in time beside others that write without a pause, and every event is there once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), async (seed) => {
      const world = createWorld(seed);
      const fast = [
        await world.process({ wayMs: 6 }),
        await world.process({ wayMs: 10 }),
      ];
      const slow = await world.process({ wayMs: 120 });
      const ends = fast.map((store, n) => keepWriting(store, `fast ${n}`));
      for (let n = 0; n < 8; n++) {
        const beganMs = world.clock.monotonicMs();
        const draft = systemDraft(`slow ${n}`);
        // deno-lint-ignore no-await-in-loop -- one after the other
        await world.settled(slow.events.append({ events: [draft] }));
        const tookMs = world.clock.monotonicMs() - beganMs;
        assert.ok(tookMs <= APPEND_MAX_MS, `it took ${tookMs} ms`);
      }
      const counts = await world.settled(Promise.all(ends.map((end) => end())));
      const messages = await readAll(world, slow);
      const sum = counts.reduce((total, count) => total + count, 8);
      assert.equal(messages.length, sum);
      assert.equal(new Set(messages).size, sum);
      await world.close();
    }),
    { numRuns: runs({ gate: 4, whole: 10 }) },
  );
});

Deno.test("append() goes on where a process has taken the turn and does not reach the store any more", async () => {
  const world = createWorld(5);
  const link = { isCut: false, wasCut: false };
  const fast = await world.process({ wayMs: 6 });
  const slow = await world.process({
    wayMs: 120,
    fate: ({ kind, keys }) => {
      const takes = !link.wasCut && kind === "write" &&
        keys.some(([family]) => family === "head_turn") &&
        !keys.some(([family]) => family === "event");
      if (link.isCut) return { outcome: "fail" };
      if (takes) link.isCut = link.wasCut = true;
      return { outcome: "ok" };
    },
  });
  const end = keepWriting(fast, "fast");
  const late = slow.events.append({ events: [systemDraft("slow")] });
  for (let step = 0; step < 4_000 && !link.isCut; step++) {
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await world.clock.advance(5);
  }
  assert.ok(link.isCut, "it takes the turn");
  await world.clock.advance(10_000);
  const before = fast.events.headSeq();
  await world.clock.advance(1_000);
  assert.ok(fast.events.headSeq() > before, "the other one writes on");
  link.isCut = false;
  await world.settled(late);
  await world.settled(end());
  const messages = await readAll(world, fast);
  assert.equal(messages.filter((message) => message === "slow").length, 1);
  await world.close();
});
