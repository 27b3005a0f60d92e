import assert from "node:assert/strict";
import { serialize } from "node:v8";
import fc from "fast-check";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import { createStore, openStore } from "../../../lib/store/open_store.ts";
import type { EventDraft, Store } from "../../../lib/store/port.ts";
import { openFaultKv } from "./fault_kv.ts";
import {
  agentIdOf,
  logDraft,
  systemDraft,
  systemTime,
  tradeOf,
  viewDraft,
  viewOf,
} from "./support.ts";

async function withStore(
  test: (store: Store) => Promise<void>,
  options: { retention?: Record<string, number> } = {},
): Promise<void> {
  const store = await openStore({
    path: ":memory:",
    time: systemTime,
    ...options,
  });
  try {
    await test(store);
  } finally {
    await store.close();
  }
}

async function readAll(store: Store, from = 0): Promise<StreamEnvelope[]> {
  const all: StreamEnvelope[] = [];
  let cursor = from;
  for (;;) {
    const { events } = await store.events.after(cursor, 97);
    if (events.length === 0) return all;
    all.push(...events);
    cursor = events.at(-1)!.seq!;
  }
}

const draftOf = fc.oneof(
  fc.string().map((text) => logDraft(text, { agentId: agentIdOf(1) })),
  fc.string().map((text) => systemDraft(text)),
  fc.nat(5).map((n) => viewDraft(agentIdOf(n))),
) as fc.Arbitrary<EventDraft>;

Deno.test("append() gives concurrent events numbers without holes or doubles", async () => {
  const batches = fc.array(fc.array(draftOf, { maxLength: 40 }), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(batches, (drafts) =>
      withStore(async (store) => {
        const done = drafts.map((events) => store.events.append({ events }));
        await store.events.flush();
        await Promise.all(done);
        const events = await readAll(store);
        assert.equal(events.length, drafts.flat().length);
        assert.deepEqual(
          events.map((event) => event.seq),
          events.map((_, index) => index + 1),
        );
        assert.equal(store.events.headSeq(), events.length);
      })),
    { numRuns: 15 },
  );
});

Deno.test("append() keeps the order of events of one kind", () =>
  withStore(async (store) => {
    const texts = Array.from({ length: 300 }, (_, n) => `event ${n}`);
    await Promise.all(
      texts.map((text) => store.events.append({ events: [systemDraft(text)] })),
    );
    const events = await readAll(store);
    assert.deepEqual(
      events.map((event) => (event.data as { message: string }).message),
      texts,
    );
  }));

Deno.test("append() stays within 500 mutations and 700 KB a commit", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  const big = "x".repeat(40_000);
  const small = Array.from({ length: 1_200 }, () =>
    logDraft("small", {
      agentId: agentIdOf(1),
    }));
  const large = Array.from({ length: 60 }, () => systemDraft(big));
  const done = store.events.append({ events: [...small, ...large] });
  await store.events.flush();
  await done;
  for (const commit of fault.commits) {
    const bytes = commit.sets.reduce(
      (sum, { value }) => sum + serialize(value).byteLength,
      0,
    );
    assert.ok(commit.sets.length + commit.deletes.length <= 500);
    assert.ok(commit.checks.length <= 10);
    assert.ok(bytes <= 700_000, `${bytes} bytes`);
  }
  assert.equal((await readAll(store)).length, 1_260);
  await store.close();
});

Deno.test("append() commits order state before logs and never with them", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  await store.events.append({
    events: [
      logDraft("a log line", { agentId: agentIdOf(1) }),
      systemDraft("something happened"),
    ],
    projections: [{ kind: "view", value: viewOf(agentIdOf(1)) }],
  });
  const kinds = fault.commits.map((commit) =>
    commit.sets.map(({ key }) => key[0] === "event" ? key[1] : key[0])
  );
  const state = kinds.findIndex((kind) => kind.includes("view"));
  const logs = kinds.findIndex((kind) => kind.includes("logs"));
  assert.ok(kinds[state]!.includes("system"), "event and state are one commit");
  assert.ok(state < logs);
  assert.ok(!kinds[logs]!.includes("system"));
  await store.close();
});

Deno.test("append() writes an op id with every commit and keeps only the last", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  const opIds = () => fault.kv.list({ prefix: ["op"] }, { limit: 500 });
  const before = (await opIds()).length;
  for (let n = 0; n < 5; n++) {
    await store.events.append({ events: [systemDraft(`${n}`)] });
  }
  assert.ok(
    fault.commits.every(({ sets }) => sets.some(({ key }) => key[0] === "op")),
  );
  assert.equal((await opIds()).length, before + 1);
  await store.close();
});

Deno.test("append() refuses an event that is too large and stores the others", () =>
  withStore(async (store) => {
    await assert.rejects(
      store.events.append({ events: [systemDraft("x".repeat(70_000))] }),
      { code: "STORE_VALUE_TOO_LARGE" },
    );
    await store.events.append({ events: [systemDraft("fits")] });
    assert.equal(store.events.headSeq(), 1);
  }));

Deno.test("append() cuts a log line that is too large", () =>
  withStore(async (store) => {
    const line = logDraft("m".repeat(9_000), {
      data: { big: "x".repeat(80_000) },
    });
    const done = store.events.append({ events: [line] });
    await store.events.flush();
    await done;
    const { items } = await store.events.logs({
      limit: 1,
      level: undefined,
      category: undefined,
    });
    assert.ok(items[0]!.message.endsWith("… (cut)"));
    assert.deepEqual(Object.keys(items[0]!.data!), ["cut", "bytes"]);
  }));

Deno.test("append() replaces queued projections of the same key", () =>
  withStore(async (store) => {
    const id = agentIdOf(1);
    const done = [1, 2, 3].map((updatedAt) =>
      store.events.append({
        projections: [{ kind: "view", value: viewOf(id, { updatedAt }) }],
      })
    );
    await store.events.flush();
    await Promise.all(done);
    assert.equal((await store.agents.view(id))!.updatedAt, 3);
  }));

Deno.test("after() reports a gap once events were pruned", () =>
  withStore(async (store) => {
    for (let n = 0; n < 30; n++) {
      await store.events.append({ events: [systemDraft(`${n}`)] });
    }
    await store.prune();
    assert.equal((await store.events.after(19, 100)).gap, true);
    const kept = await store.events.after(20, 100);
    assert.equal(kept.gap, false);
    assert.equal(kept.events.length, 10);
  }, { retention: { system: 10 } }));

Deno.test("after() never shows an event before its predecessors while commits go on", () =>
  withStore(async (store) => {
    let isDone = false;
    const writing = (async () => {
      for (let n = 0; n < 200; n++) {
        await store.events.append({
          events: n % 2 === 0 ? [systemDraft("s")] : [{
            type: "agent.removed",
            agentId: agentIdOf(1),
            at: 1,
            data: { id: agentIdOf(1) },
          }],
        });
      }
      isDone = true;
    })();
    let cursor = 0;
    while (!isDone || cursor < store.events.headSeq()) {
      const { events } = await store.events.after(cursor, 7);
      for (const event of events) assert.equal(event.seq, ++cursor);
      if (events.length === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await writing;
    assert.equal(cursor, 200);
  }));

Deno.test("openStore() goes on counting after a restart", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const path = `${dir}/kv.sqlite`;
    for (let n = 1; n <= 3; n++) {
      const store = await openStore({ path, time: systemTime });
      assert.equal(store.events.headSeq(), n - 1);
      await store.events.append({
        events: [systemDraft(`start ${n}`)],
        projections: [{
          kind: "trades",
          agentId: agentIdOf(1),
          fromIndex: n - 1,
          value: [tradeOf(n - 1)],
        }],
      });
      await store.close();
    }
    const store = await openStore({ path, time: systemTime });
    assert.equal((await readAll(store)).length, 3);
    assert.equal(await store.agents.tradeCount(agentIdOf(1)), 3);
    await store.close();
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("openStore() refuses a path that cannot be opened, with a mend", () =>
  assert.rejects(
    openStore({ path: "/nowhere/at/all/kv.sqlite", time: systemTime }),
    /Cannot open the store at "\/nowhere.*check that the folder/,
  ));
