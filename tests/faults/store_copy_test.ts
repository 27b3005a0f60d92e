/**
 * The copy of a store that another process writes, or wrote until it was killed.
 *
 * @module
 */
import assert from "node:assert/strict";
import { copyStore } from "../../lib/store/backup/store_copy.ts";
import { withTempDir } from "../support/temp.ts";
import { startChild } from "./child.ts";

const COPIES = 20;

Deno.test("copyStore() copies whole commits and never gets in the way of the process that writes", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const writer = startChild("kv_process.ts", { args: ["commitPairs", path] });
    for (let copy = 0; copy < COPIES; copy++) {
      // A writer that was refused as locked would have ended.
      const acknowledged = Number(await writer.nextLine());
      assert.ok(acknowledged > 0, "The writer was disturbed and has ended");
      await copyStore(path, `${folder}/copy-${copy}.sqlite`);
      const [left, right] = await readPair(`${folder}/copy-${copy}.sqlite`);
      assert.equal(left, right);
      assert.ok(left! >= acknowledged, "An acknowledged commit is missing");
    }
    await writer.kill();
  });
});

Deno.test("copyStore() copies what a killed process has left in the log beside the file", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const writer = startChild("kv_process.ts", { args: ["commitPairs", path] });
    let acknowledged = 0;
    while (acknowledged < 50) {
      acknowledged = Number(await writer.nextLine() ?? NaN);
      assert.ok(acknowledged > 0, "The writer has ended by itself");
    }
    await writer.kill();
    assert.ok((await Deno.stat(`${path}-wal`)).size > 0);
    await copyStore(path, `${folder}/copy.sqlite`);
    const [left] = await readPair(`${folder}/copy.sqlite`);
    assert.ok(left! >= acknowledged);
    assert.deepEqual(
      await readPair(path),
      await readPair(`${folder}/copy.sqlite`),
    );
  });
});

async function readPair(path: string): Promise<(number | null)[]> {
  const kv = await Deno.openKv(path);
  const pair = await kv.getMany<[number, number]>([["left"], ["right"]]);
  kv.close();
  return pair.map(({ value }) => value);
}
