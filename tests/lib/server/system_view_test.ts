import assert from "node:assert/strict";
import { createSystemView } from "../../../lib/server/system_view.ts";
import { systemClock } from "../../../actors/mod.ts";
import { withTempDir } from "../../support/temp.ts";

Deno.test("createSystemView counts the data folder and tells no value of a setting", async () => {
  await withTempDir(async (dataDir) => {
    await Deno.mkdir(`${dataDir}/journal`);
    await Deno.writeFile(`${dataDir}/journal/a`, new Uint8Array(700));
    await Deno.writeFile(`${dataDir}/b`, new Uint8Array(300));
    const read = createSystemView({
      env: { DATA_DIR: dataDir, TRADING_MODE: "paper" },
      clock: systemClock,
      fleet: { list: () => [] },
      store: {
        health: () => ({
          ok: true,
          detail: "answers",
          failingSince: null,
          kind: null,
        }),
      },
    });
    const { storage, settings, uptimeMs } = await read();
    assert.equal(storage.bytes, 1_000);
    assert.ok(storage.freeBytes === null || storage.freeBytes > 0);
    assert.ok(uptimeMs >= 0);
    for (const setting of settings) {
      assert.deepEqual(Object.keys(setting), ["name", "isSet"]);
    }
  });
});

Deno.test("createSystemView does not know the size of a folder that is not there", async () => {
  const read = createSystemView({
    env: { DATA_DIR: "/no/such/folder", TRADING_MODE: "paper" },
    clock: systemClock,
    fleet: { list: () => [] },
    store: {
      health: () => ({
        ok: false,
        detail: "gone",
        failingSince: 1,
        kind: null,
      }),
    },
  });
  const { storage } = await read();
  assert.equal(storage.bytes, null);
  assert.equal(storage.freeBytes, null);
  assert.equal(storage.ok, false);
});
