import assert from "node:assert/strict";
import { listCandleFiles } from "../../../lib/server/candle_files.ts";
import { withTempDir } from "../../support/temp.ts";

Deno.test("listCandleFiles() lists candle files by name and nothing else", async () => {
  await withTempDir(async (folder) => {
    for (
      const name of [
        "b.csv",
        "a.csv.gz",
        "c.candles",
        "d.candles.part",
        "notes.txt",
        ".hidden.csv",
      ]
    ) {
      // deno-lint-ignore no-await-in-loop -- a handful of files
      await Deno.writeTextFile(`${folder}/${name}`, "12345");
    }
    await Deno.mkdir(`${folder}/folder.csv`);
    assert.deepEqual(await listCandleFiles(folder), [
      { file: "a.csv.gz", bytes: 5 },
      { file: "b.csv", bytes: 5 },
      { file: "c.candles", bytes: 5 },
    ]);
  });
});

Deno.test("listCandleFiles() finds nothing in a folder that is not there", async () => {
  await withTempDir(async (folder) => {
    assert.deepEqual(await listCandleFiles(`${folder}/none`), []);
  });
});
