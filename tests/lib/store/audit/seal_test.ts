import assert from "node:assert/strict";
import { SEAL_ACTION } from "../../../../lib/store/audit/chain.ts";
import { StreamWalk } from "../../../../lib/store/audit/stream_walk.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../../lib/store/open_store.ts";
import { auditOf, ManualTime } from "../support.ts";

const AT = 1_800_000_000_000;

async function olderStore() {
  const database = createMemoryDatabase();
  const raw = database.connect();
  await raw.write({ checks: [], sets: UNCHAINED, deletes: [] });
  return { database, raw };
}

/** Entries as an older build has stored them, three of them. */
const UNCHAINED = [
  { key: ["audit_head"], value: { v: 1, n: 3 } },
  ...["spawn", "stop", "start"].map((action, place) => ({
    key: ["audit", place + 1],
    value: { v: 1, n: place + 1, entry: auditOf(action) },
  })),
];

async function walkCommands(store: OpenedStore) {
  const walk = new StreamWalk("commands");
  const { auditReader: reader } = store;
  const page = await reader.after("commands", { from: 1, limit: 100 });
  for (const record of page) walk.accept(record);
  return { page, fault: walk.finish(await reader.head("commands")) };
}

Deno.test("the first start of a build with a chain seals what was there, once, and goes on behind it", async () => {
  const { database } = await olderStore();
  const time = new ManualTime(AT);
  // Two starts at once: one of them seals.
  const [first, second] = await Promise.all([
    createStore(database.connect(), { time }),
    createStore(database.connect(), { time }),
  ]);
  await first.audit(auditOf("pause"));
  await second.audit(auditOf("resume"));
  const { page, fault } = await walkCommands(first);
  assert.equal(fault, null);
  assert.deepEqual(
    page.map(({ n, action }) => [n, action]),
    [[1, "spawn"], [2, "stop"], [3, "start"], [4, SEAL_ACTION], [5, "pause"], [
      6,
      "resume",
    ]],
  );
  await first.close();
  await second.close();
});

Deno.test("an entry from before the chain that is changed later is found", async () => {
  const { database, raw } = await olderStore();
  const store = await createStore(database.connect(), {
    time: new ManualTime(AT),
  });
  const changed = { v: 1, n: 2, entry: auditOf("kill") };
  await raw.write({
    checks: [],
    sets: [{ key: ["audit", 2], value: changed }],
    deletes: [],
  });
  const { fault } = await walkCommands(store);
  assert.deepEqual([fault?.kind, fault?.n, fault?.upTo], ["edited", 1, 3]);
  await store.close();
});
