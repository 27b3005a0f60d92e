import assert from "node:assert/strict";
import { createStore, openStore } from "../../../lib/store/open_store.ts";
import { openDenoKv } from "../../../lib/store/kv/deno_kv.ts";
import type { Store } from "../../../lib/store/port.ts";
import { createFaultKv, openFaultKv } from "./fault_kv.ts";
import {
  auditOf,
  ManualTime,
  recordOf,
  systemDraft,
  systemTime,
} from "./support.ts";

/** Resolves when the head has reached `seq`. */
function headReached(store: Store, seq: number): Promise<void> {
  return new Promise((resolve) => {
    const watch = store.events.watch((head) => {
      if (head < seq) return;
      watch.close();
      resolve();
    });
  });
}

/** Lets promises and KV calls that are under way finish their next steps. */
async function settle(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

Deno.test("append() stores an event once when the acknowledgement is lost", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  let lost = 0;
  fault.fault = async (_commit, send) => {
    await send();
    if (lost++ < 3) throw new Error("connection reset");
    return send();
  };
  await store.events.append({ events: [systemDraft("once")] });
  fault.fault = null;
  await store.events.append({ events: [systemDraft("twice")] });
  const { events } = await store.events.after(0, 10);
  assert.deepEqual(events.map(({ seq }) => seq), [1, 2]);
  await store.close();
});

Deno.test("append() stores an event once when a resent commit answers that its check failed", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  fault.fault = async (_commit, send) => {
    await send();
    return { ok: false };
  };
  await store.events.append({ events: [systemDraft("once")] });
  assert.equal((await store.events.after(0, 10)).events.length, 1);
  fault.fault = null;
  await store.close();
});

Deno.test("append() tries again after a hang and stores the event once", async () => {
  const fault = await openFaultKv();
  const time = new ManualTime();
  const store = await createStore(fault.kv, { time });
  let sent = 0;
  let sendLate: (() => Promise<unknown>) | null = null;
  fault.fault = (_commit, send) => {
    if (sent++ > 0) return send();
    sendLate = send;
    return new Promise(() => {});
  };
  const done = store.events.append({ events: [systemDraft("once")] });
  await settle(() => sent === 1);
  time.advance(2_000);
  await done;
  await sendLate!();
  const { events } = await store.events.after(0, 10);
  assert.equal(events.length, 1);
  assert.equal(store.health().ok, true);
  await store.close();
});

Deno.test("append() waits out a store that is down and tells health of it", async () => {
  const fault = await openFaultKv();
  const time = new ManualTime();
  const store = await createStore(fault.kv, { time });
  let failures = 0;
  fault.fault = () => {
    failures++;
    return Promise.reject(new Error("database or disk is full"));
  };
  const done = store.events.append({ events: [systemDraft("late")] });
  // The writer has tried, and waits before it tries again.
  await settle(() => failures === 3 && time.hasTimer(250));
  assert.match(store.health().detail, /failed since .*disk is full/);
  fault.fault = null;
  time.advance(250);
  await done;
  assert.equal(store.health().ok, true);
  assert.equal(store.events.headSeq(), 1);
  await store.close();
});

Deno.test("close() fails what cannot be stored instead of waiting for ever", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: new ManualTime() });
  fault.fault = () => Promise.reject(new Error("database or disk is full"));
  const done = assert.rejects(
    store.events.append({ events: [systemDraft("lost")] }),
    { code: "STORE_UNAVAILABLE" },
  );
  await store.close();
  await done;
});

Deno.test("watch() tells of another process's events by the KV watch", async () => {
  await withTwoStores({ isWatchSilent: false }, async ({ own, other }) => {
    const reached = headReached(own, 1);
    await other.events.append({ events: [systemDraft("from elsewhere")] });
    await reached;
    assert.equal((await own.events.after(0, 10)).events.length, 1);
  });
});

Deno.test("watch() tells of another process's events by the poll when the KV watch is silent", async () => {
  await withTwoStores({ isWatchSilent: true }, async ({ own, other, time }) => {
    const reached = headReached(own, 1);
    await other.events.append({ events: [systemDraft("from elsewhere")] });
    assert.equal(own.events.headSeq(), 0);
    time.advance(1_000);
    await reached;
    assert.equal(own.events.headSeq(), 1);
  });
});

Deno.test("append() of two processes on one KV shares one order", async () => {
  await withTwoStores({ isWatchSilent: false }, async ({ own, other }) => {
    for (let n = 0; n < 20; n++) {
      await other.events.append({ events: [systemDraft(`other ${n}`)] });
      await own.events.append({ events: [systemDraft(`own ${n}`)] });
    }
    const { events } = await own.events.after(0, 100);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      Array.from({ length: 40 }, (_, n) => n + 1),
    );
  });
});

Deno.test("save() tells that it was stored when the acknowledgement is lost", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  let isLost = false;
  fault.fault = async (_commit, send) => {
    const result = await send();
    if (isLost) return result;
    isLost = true;
    throw new Error("connection reset");
  };
  const record = recordOf("agt_1");
  const options = { expected: null, audit: auditOf("spawn") };
  assert.equal(await store.agents.save(record, options), true);
  assert.equal(
    (await store.auditPage({ limit: 9, cursor: null })).items.length,
    1,
  );
  await store.close();
});

async function withTwoStores(
  options: { isWatchSilent: boolean },
  test: (
    stores: { own: Store; other: Store; time: ManualTime },
  ) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/kv.sqlite`;
  const fault = createFaultKv(await openDenoKv(path));
  fault.isWatchSilent = options.isWatchSilent;
  const time = new ManualTime();
  const own = await createStore(fault.kv, { time });
  const other = await openStore({ path, time: systemTime });
  try {
    await test({ own, other, time });
  } finally {
    await own.close();
    await other.close();
    await Deno.remove(dir, { recursive: true });
  }
}
