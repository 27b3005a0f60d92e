import assert from "node:assert/strict";
import fc from "fast-check";
import { createStore, openStore } from "../../../lib/store/open_store.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import { openFaultKv } from "./fault_kv.ts";
import {
  agentIdOf,
  auditOf,
  ManualTime,
  recordOf,
  systemTime,
  tradeOf,
  viewOf,
} from "./support.ts";

async function withStore(
  test: (store: OpenedStore, time: ManualTime) => Promise<void>,
): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({ path: ":memory:", time });
  try {
    await test(store, time);
  } finally {
    await store.close();
  }
}

const id = agentIdOf(1);

Deno.test("save() stores only over the record that was read", () =>
  withStore(async (store) => {
    const first = recordOf(id);
    const second = recordOf(id, { configVersion: 2, updatedAt: 2 });
    const audit = auditOf("agent.spawn");
    assert.equal(
      await store.agents.save(first, { expected: null, audit }),
      true,
    );
    assert.equal(
      await store.agents.save(second, { expected: null, audit }),
      false,
    );
    assert.equal(
      await store.agents.save(second, { expected: first, audit }),
      true,
    );
    assert.equal(
      await store.agents.save(first, { expected: first, audit }),
      false,
    );
    assert.deepEqual(await store.agents.get(id), second);
    const { items } = await store.auditPage({ limit: 10, cursor: null });
    assert.equal(items.length, 2, "a refused save leaves no entry");
  }));

Deno.test("save() lets one of two concurrent writers win", () =>
  withStore(async (store) => {
    const audit = auditOf("agent.spawn");
    const first = recordOf(id);
    await store.agents.save(first, { expected: null, audit });
    const results = await Promise.all(
      [2, 3, 4].map((updatedAt) =>
        store.agents.save(recordOf(id, { updatedAt }), {
          expected: first,
          audit,
        })
      ),
    );
    assert.deepEqual(results.toSorted(), [false, false, true]);
  }));

Deno.test("list() gives every agent", () =>
  withStore(async (store) => {
    const ids = Array.from({ length: 620 }, (_, n) => agentIdOf(n));
    await Promise.all(ids.map((agentId) =>
      store.agents.save(recordOf(agentId), {
        expected: null,
        audit: auditOf("agent.spawn"),
      })
    ));
    const listed = await store.agents.list();
    assert.deepEqual(listed.map((record) => record.id), ids);
  }));

Deno.test("remove() deletes the agent but not its trades, and late state does not bring it back", () =>
  withStore(async (store) => {
    const audit = auditOf("agent.remove");
    await store.agents.save(recordOf(id), { expected: null, audit });
    await store.agents.saveSnapshot(id, { seq: 1 });
    const state = store.events.append({
      projections: [
        { kind: "view", value: viewOf(id) },
        { kind: "trades", agentId: id, fromIndex: 0, value: [tradeOf(0)] },
      ],
    });
    await store.agents.remove(id, audit);
    await state;
    const late = store.events.append({
      projections: [{ kind: "view", value: viewOf(id) }],
    });
    await store.events.flush();
    await late;
    await store.agents.saveSnapshot(id, { seq: 2 });
    assert.equal(await store.agents.get(id), null);
    assert.equal(await store.agents.view(id), null);
    assert.equal(await store.agents.loadSnapshot(id), null);
    assert.equal(await store.agents.tradeCount(id), 1);
  }));

Deno.test("saveSnapshot() keeps values over 1 MB and leaves only the newest chunks", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  const snapshot = {
    candles: new Float64Array(150_000).map((_, n) => n / 3),
    levels: new Map([["high", 1n]]),
    seen: new Set([1, 2]),
    at: new Date(5),
  };
  await store.agents.saveSnapshot(id, { older: "x".repeat(200_000) });
  await store.agents.saveSnapshot(id, snapshot);
  assert.deepEqual(await store.agents.loadSnapshot(id), snapshot);
  const chunks = await fault.kv.list({ prefix: ["snapshot"] }, { limit: 500 });
  assert.equal(chunks.length, Math.ceil(1_200_100 / 59_840));
  await store.close();
});

Deno.test("saveSnapshot() keeps the older one when it fails half-way", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  await store.agents.saveSnapshot(id, { n: 1 });
  let commits = 0;
  fault.fault = (_commit, send) =>
    commits++ < 1 ? send() : Promise.reject(new Error("disk is full"));
  await assert.rejects(
    store.agents.saveSnapshot(id, "x".repeat(900_000)),
    { code: "STORE_UNAVAILABLE" },
  );
  fault.fault = null;
  assert.deepEqual(await store.agents.loadSnapshot(id), { n: 1 });
  await store.agents.saveSnapshot(id, { n: 2 });
  await store.agents.saveSnapshot(id, { n: 3 });
  assert.deepEqual(await store.agents.loadSnapshot(id), { n: 3 });
  const chunks = await fault.kv.list({ prefix: ["snapshot"] }, { limit: 500 });
  assert.equal(chunks.length, 1, "chunks of the failed save are gone");
  await store.close();
});

Deno.test("saveSnapshot() replaces a snapshot of usual size by one commit", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  await store.agents.saveSnapshot(id, { older: "x".repeat(500_000) });
  fault.commits.length = 0;
  await store.agents.saveSnapshot(id, { newer: "x".repeat(130_000) });
  assert.equal(fault.commits.length, 1);
  const chunks = await fault.kv.list({ prefix: ["snapshot"] }, { limit: 500 });
  assert.equal(chunks.length, 3, "and the chunks of the older one are gone");
  await store.close();
});

Deno.test("saveSnapshot() after a restart leaves nothing of what was interrupted before it", async () => {
  const fault = await openFaultKv();
  const before = await createStore(fault.kv, { time: systemTime });
  let commits = 0;
  fault.fault = (_commit, send) =>
    commits++ < 1 ? send() : Promise.reject(new Error("disk is full"));
  await assert.rejects(
    before.agents.saveSnapshot(id, "x".repeat(900_000)),
    { code: "STORE_UNAVAILABLE" },
  );
  fault.fault = null;
  const after = await createStore(fault.kv, { time: systemTime });
  await after.agents.saveSnapshot(id, { n: 1 });
  assert.deepEqual(await after.agents.loadSnapshot(id), { n: 1 });
  const chunks = await fault.kv.list({ prefix: ["snapshot"] }, { limit: 500 });
  assert.equal(chunks.length, 1);
  await after.close();
});

Deno.test("saveSnapshot() and loadSnapshot() may run at once", () =>
  withStore(async (store) => {
    await store.agents.saveSnapshot(id, { n: 0, fill: "x".repeat(150_000) });
    const saves = Array.from(
      { length: 20 },
      (_, n) => store.agents.saveSnapshot(id, { n, fill: "x".repeat(150_000) }),
    );
    for (let n = 0; n < 40; n++) {
      const loaded = await store.agents.loadSnapshot(id) as { fill: string };
      assert.equal(loaded.fill.length, 150_000);
    }
    await Promise.all(saves);
  }));

Deno.test("trades() pages newest first, and a trade that is sent again counts once", () =>
  withStore(async (store) => {
    const trades = Array.from({ length: 25 }, (_, n) => tradeOf(n));
    for (const fromIndex of [0, 10]) {
      const done = store.events.append({
        projections: [{
          kind: "trades",
          agentId: id,
          fromIndex,
          value: trades.slice(fromIndex),
        }],
      });
      await store.events.flush();
      await done;
    }
    assert.equal(await store.agents.tradeCount(id), 25);
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await store.agents.trades(id, { limit: 10, cursor });
      found.push(...page.items.map(({ tradeId }) => tradeId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(found, trades.map(({ tradeId }) => tradeId).reverse());
  }));

Deno.test("equity() gives the newest curve, whether longer or shorter than before", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 2_000 }), {
        minLength: 1,
        maxLength: 4,
      }),
      (lengths) =>
        withStore(async (store) => {
          for (const length of lengths) {
            const value = Array.from({ length }, (_, seq) => ({
              seq,
              at: seq,
              equity: `${length}.25`,
            }));
            const done = store.events.append({
              projections: [{ kind: "equity", agentId: id, value }],
            });
            await store.events.flush();
            await done;
            assert.deepEqual(await store.agents.equity(id), value);
          }
        }),
    ),
    { numRuns: 10 },
  );
});

Deno.test("feedHead() gives the last candle, or null before the first", () =>
  withStore(async (store) => {
    assert.equal(await store.agents.feedHead("s1"), null);
    const done = store.events.append({
      projections: [{ kind: "feedHead", streamId: "s1", value: 41 }],
    });
    await store.events.flush();
    await done;
    assert.equal(await store.agents.feedHead("s1"), 41);
  }));
