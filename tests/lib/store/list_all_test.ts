import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { versionOf } from "../../../lib/store/families.ts";
import { keys } from "../../../lib/store/keys.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { LIST_BATCH } from "../../../lib/store/limits.ts";
import { createStore } from "../../../lib/store/open_store.ts";

/** More than two calls can read, and not a multiple. */
const IDS = Array.from(
  { length: 2 * LIST_BATCH + 1 },
  (_, n) => `id_${String(n).padStart(6, "0")}`,
);

async function withEntries(
  entryOf: (id: string) => { key: Deno.KvKey; value: unknown },
) {
  const database = createMemoryDatabase();
  const store = await createStore(database.connect(), {
    time: createSimulatedClock({ startMs: 1_800_000_000_000 }),
  });
  const raw = database.connect();
  for (let from = 0; from < IDS.length; from += LIST_BATCH) {
    const sets = IDS.slice(from, from + LIST_BATCH).map(entryOf);
    // deno-lint-ignore no-await-in-loop -- batch by batch
    await raw.write({ checks: [], sets, deletes: [] });
  }
  return store;
}

Deno.test("exchangeKeys.list() answers with all keys, however many calls that takes", async () => {
  const store = await withEntries((id) => ({
    key: keys.exchangeKey(id),
    value: { v: versionOf("exchange_key"), key: { view: { id } } },
  }));
  const found = await store.exchangeKeys.list();
  assert.deepEqual(found.map(({ view }) => view.id), IDS);
  await store.close();
});

Deno.test("hosts.owners() answers with the owners of all agents, however many calls that takes", async () => {
  const store = await withEntries((agentId) => ({
    key: keys.owner(agentId),
    value: {
      v: 1,
      owner: {
        agentId,
        hostId: "a",
        session: "s",
        epoch: 1,
        from: null,
        at: 0,
      },
    },
  }));
  const found = await store.hosts.owners();
  assert.deepEqual(found.map(({ owner }) => owner.agentId), IDS);
  await store.close();
});
