import assert from "node:assert/strict";
import { openDataFolder } from "../../../lib/server/data_folder.ts";
import { withTempDir } from "../../support/temp.ts";

Deno.test("openDataFolder() makes the folder and refuses a second owner by name", async () => {
  await withTempDir(async (parent) => {
    const path = `${parent}/data`;
    const folder = await openDataFolder(path, ["journal", "candles"]);
    assert.ok((await Deno.stat(`${path}/journal`)).isDirectory);
    assert.ok((await Deno.stat(`${path}/candles`)).isDirectory);
    await assert.rejects(openDataFolder(path, []), {
      code: "DATA_DIR_IN_USE",
      message: new RegExp(
        `in use by another server \\(process ${Deno.pid}, version \\d+\\.\\d+\\.\\d+\\); stop it`,
      ),
    });
    folder.release();
    const again = await openDataFolder(path, ["journal"]);
    again.release();
  });
});

Deno.test("openDataFolder() says what is wrong with a folder that it cannot use", async () => {
  await withTempDir(async (parent) => {
    await Deno.writeTextFile(`${parent}/file`, "");
    await assert.rejects(openDataFolder(`${parent}/file`, ["journal"]), {
      code: "DATA_DIR_UNUSABLE",
      message: /cannot be used: .*choose a folder/,
    });
  });
});
