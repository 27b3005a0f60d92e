import assert from "node:assert/strict";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import { createStore, openStore } from "../../../lib/store/open_store.ts";
import type { Store } from "../../../lib/store/port.ts";
import { openFaultKv } from "./fault_kv.ts";
import {
  agentIdOf,
  logDraft,
  ManualTime,
  systemDraft,
  viewDraft,
} from "./support.ts";

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

Deno.test("append() drops the oldest debug and info lines on overflow, and says how many", async () => {
  const time = new ManualTime();
  const store = await openStore({ path: ":memory:", time });
  const events = Array.from(
    { length: 7_000 },
    (_, n) =>
      logDraft(`line ${n}`, { level: n % 10 === 0 ? "error" : "debug" }),
  );
  const done = store.events.append({
    events: [...events, systemDraft("kept")],
  });
  await store.events.flush();
  await done;
  const messages = (await readAll(store)).flatMap((event) =>
    event.type === "log.added" ? [event.data] : []
  );
  assert.equal(messages.filter(({ level }) => level === "error").length, 700);
  assert.equal(messages.filter(({ level }) => level === "debug").length, 4_300);
  assert.equal(messages.at(-1)!.message, "line 6999");
  const warnings = messages.filter(({ level }) => level === "warning");
  assert.match(warnings[0]!.message, /^2000 log lines were dropped/);
  assert.equal(store.stats().droppedLogs, 2_000);
  await store.close();
});

Deno.test("append() refuses order state when the queue is full, and drops none", async () => {
  const fault = await openFaultKv();
  const time = new ManualTime();
  const store = await createStore(fault.kv, { time });
  const events = Array.from({ length: 10_000 }, () => viewDraft(agentIdOf(1)));
  const done = [
    store.events.append({ events }),
    store.events.append({ events }),
  ];
  await assert.rejects(
    store.events.append({ events: [viewDraft(agentIdOf(1))] }),
    {
      code: "STORE_UNAVAILABLE",
    },
  );
  assert.equal(store.health().ok, false);
  await store.events.flush();
  await Promise.all(done);
  assert.equal(store.events.headSeq(), 20_000);
  await store.close();
});
