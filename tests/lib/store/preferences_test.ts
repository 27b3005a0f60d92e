import assert from "node:assert/strict";
import { DEFAULT_PREFERENCES } from "../../../lib/contracts/preference_values.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { ManualTime } from "./support.ts";

Deno.test("preferences are kept over a restart, and the last who writes is right", async () => {
  const database = createMemoryDatabase();
  const open = () =>
    createStore(database.connect(), { time: new ManualTime() });
  const first = await open();
  assert.equal(await first.preferences.get("usr_1"), null);
  await first.preferences.put("usr_1", DEFAULT_PREFERENCES);
  const wanted = { ...DEFAULT_PREFERENCES, theme: "light" as const };
  await first.preferences.put("usr_1", wanted);
  await first.close();
  const second = await open();
  assert.deepEqual(await second.preferences.get("usr_1"), wanted);
  assert.equal(await second.preferences.get("usr_2"), null);
  await second.close();
});
