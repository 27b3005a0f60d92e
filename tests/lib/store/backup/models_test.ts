import assert from "node:assert/strict";
import { openDataFolder } from "../../../../lib/server/data_folder.ts";
import {
  readManifest,
  verifyFiles,
} from "../../../../lib/store/backup/manifest.ts";
import { restoreBackup } from "../../../../lib/store/backup/restore_backup.ts";
import { backUp, NOW_MS, tree, withDataFolder } from "./support.ts";

const NAMES = ["model.json", "model.onnx"];

/** Puts a model into a data folder; what is in its files does not matter to a backup. */
async function addModel(
  dataDir: string,
  { name, text }: { name: string; text: string },
): Promise<void> {
  await Deno.mkdir(`${dataDir}/models/${name}`, { recursive: true });
  for (const file of NAMES) {
    // deno-lint-ignore no-await-in-loop -- two files
    await Deno.writeTextFile(`${dataDir}/models/${name}/${file}`, text);
  }
}

function textOf(dataDir: string, name: string): Promise<string> {
  return Deno.readTextFile(`${dataDir}/models/${name}/model.onnx`);
}

function restore(from: string, dataDir: string, isReplacing = false) {
  return restoreBackup({
    from,
    dataDir,
    isReplacing,
    nowMs: NOW_MS,
    lock: () => openDataFolder(dataDir, ["journal"]),
  });
}

Deno.test("createBackup() takes models of one's own along, and nothing else of their folder", async () => {
  await withDataFolder(async (dataDir) => {
    await addModel(dataDir, { name: "mine", text: "1" });
    await addModel(dataDir, { name: ".half.new", text: "1" });
    await Deno.writeTextFile(`${dataDir}/models/mine/notes.md`, "notes");
    await Deno.writeTextFile(`${dataDir}/models/readme`, "text");
    await Deno.mkdir(`${dataDir}/models/lacking`);
    await Deno.writeTextFile(`${dataDir}/models/lacking/model.json`, "{}");
    await addModel(dataDir, { name: "huge", text: "1" });
    await Deno.truncate(`${dataDir}/models/huge/model.onnx`, 17_000_000);
    const from = await backUp(dataDir);
    const found = (await tree(from)).filter((line) => /^models/.test(line));
    assert.deepEqual(found, [
      "models 700",
      "models/mine 700",
      "models/mine/model.json 600",
      "models/mine/model.onnx 600",
    ]);
    const manifest = await readManifest(from);
    await verifyFiles(from, manifest);
    const listed = manifest.files.filter(({ path }) => /^models/.test(path));
    assert.deepEqual(
      listed.map(({ path }) => path),
      NAMES.map((file) => `models/mine/${file}`),
    );
  });
});

Deno.test("restoreBackup() puts models of one's own into a new data folder", async () => {
  await withDataFolder(async (dataDir, parent) => {
    await addModel(dataDir, { name: "mine", text: "1" });
    const from = await backUp(dataDir);
    const target = `${parent}/new`;
    await restore(from, target);
    assert.equal(await textOf(target, "mine"), "1");
  });
});

Deno.test("restoreBackup() moves a model of the same name aside where it moves data aside, and leaves others alone", async () => {
  await withDataFolder(async (dataDir, parent) => {
    await addModel(dataDir, { name: "mine", text: "1" });
    const from = await backUp(dataDir);
    await Deno.remove(`${dataDir}/models`, { recursive: true });
    await addModel(dataDir, { name: "mine", text: "2" });
    await addModel(dataDir, { name: "later", text: "3" });
    const { replaced } = await restore(from, dataDir, true);
    assert.equal(await textOf(dataDir, "mine"), "1");
    assert.equal(await textOf(dataDir, "later"), "3");
    assert.equal(await textOf(replaced!, "mine"), "2");
    const fresh = `${parent}/fresh`;
    await addModel(fresh, { name: "mine", text: "4" });
    await restore(from, fresh);
    assert.equal(await textOf(fresh, "mine"), "4");
  });
});

Deno.test("restoreBackup() leaves models alone when the backup has none, as older ones", async () => {
  await withDataFolder(async (dataDir) => {
    const from = await backUp(dataDir);
    await addModel(dataDir, { name: "mine", text: "1" });
    await restore(from, dataDir, true);
    assert.equal(await textOf(dataDir, "mine"), "1");
  });
});

Deno.test("restoreBackup() refuses a damaged model by name, and names a file that this version does not know", async () => {
  await withDataFolder(async (dataDir, parent) => {
    await addModel(dataDir, { name: "mine", text: "1" });
    const from = await backUp(dataDir);
    await Deno.writeTextFile(`${from}/models/mine/model.onnx`, "2");
    await assert.rejects(restore(from, `${parent}/new`), {
      code: "BACKUP_UNUSABLE",
      message: /models\/mine\/model\.onnx" is damaged/,
    });
    const path = `${from}/manifest.json`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replaceAll("models/", "moods/"));
    await assert.rejects(restore(from, `${parent}/new`), {
      code: "BACKUP_UNUSABLE",
      message:
        /it lists "moods\/mine\/model\.json", which this version does not restore\); restore with the version that made the backup/,
    });
  });
});
