import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { KEY_FAMILIES, versionOf } from "../../../lib/store/families.ts";
import { keys } from "../../../lib/store/keys.ts";
import { STORE_FORMAT, upcastEntry } from "../../../lib/store/migrate.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { ManualTime } from "./support.ts";
import { AGENT, completed, databaseOf, record } from "./version_1.ts";

Deno.test("createStore() refuses a store of a newer format and leaves it as it is", async () => {
  const stamp = { v: 1, format: STORE_FORMAT + 1 };
  const { database, raw } = await databaseOf([
    { key: keys.format(), value: stamp },
  ]);
  await assert.rejects(
    createStore(database.connect(), { time: new ManualTime() }),
    (error: AppError) =>
      error.code === "STORE_VERSION_NEWER" &&
      /written by a newer build .* restore a backup/.test(error.message),
  );
  assert.deepEqual((await raw.get(keys.format())).value, stamp);
  assert.equal(database.size, 1);
});

Deno.test("createStore() names the version that a newer store needs", async () => {
  const stamp = { v: 1, format: STORE_FORMAT + 1, version: "7.8.9" };
  const { database } = await databaseOf([
    { key: keys.format(), value: stamp },
  ]);
  await assert.rejects(
    createStore(database.connect(), { time: new ManualTime() }),
    /has format \d+, this is version \d\S+, which knows format \d+\); start version 7\.8\.9 or a newer one/,
  );
});

Deno.test("every family refuses a value of a newer version", () => {
  for (const name of Object.keys(KEY_FAMILIES)) {
    const version = versionOf(name as keyof typeof KEY_FAMILIES) + 1;
    assert.throws(
      () =>
        upcastEntry({
          key: [name, 1],
          value: { v: version },
          versionstamp: "0",
        }),
      { code: "STORE_VERSION_NEWER" },
      name,
    );
  }
});

Deno.test("a newer value is refused where it is read, and nothing else", async () => {
  const { database } = await databaseOf([
    { key: keys.agent("agt_new"), value: { v: 9, record } },
    { key: keys.agent(AGENT), value: { v: 1, record } },
  ]);
  const store = await createStore(database.connect(), {
    time: new ManualTime(),
  });
  await assert.rejects(store.agents.get("agt_new"), {
    code: "STORE_VERSION_NEWER",
  });
  await assert.rejects(store.agents.list(), { code: "STORE_VERSION_NEWER" });
  assert.deepEqual(await store.agents.get(AGENT), completed);
  assert.equal(store.health().ok, true);
  await store.close();
});

Deno.test("every key that is built belongs to a family, and every family has a key", () => {
  const built = Object.values(keys).flatMap((build) =>
    ["a", "access"].map((first) =>
      String((build as (...parts: unknown[]) => Deno.KvKey)(first, {})[0])
    )
  );
  assert.deepEqual(
    [...new Set(built)].toSorted(),
    Object.keys(KEY_FAMILIES).toSorted(),
  );
});
