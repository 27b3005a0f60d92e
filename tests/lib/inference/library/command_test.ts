import assert from "node:assert/strict";
import {
  listModels,
  modelFolders,
} from "../../../../lib/inference/library/model_library.ts";
import { writeTestPackage } from "../../../support/onnx/write_package.ts";
import { withTempDir } from "../../../support/temp.ts";
import { runMl } from "../dataset_run.ts";

const ROOT = new URL("../../../../", import.meta.url);

Deno.test("deno task ml check says that a model is usable, and what it is", async () => {
  await withTempDir(async (dir) => {
    await writeTestPackage(dir, { name: "mine", kind: "ppo" });
    const { code, out, err } = await runMl(["check", "mine"], { cwd: dir });
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    const lines = out.split("\n");
    assert.equal(lines[0], "Usable: mine (Test network mine)");
    assert.equal(lines[2], "  Input      32 candles of 45 features");
    assert.match(
      lines.at(-2)!,
      /^ {2}A run {6}\d+\.\d{3} ms on average of 200$/,
    );
  });
});

Deno.test("deno task ml check names everything that is wrong", async () => {
  await withTempDir(async (dir) => {
    await writeTestPackage(dir, {
      name: "broken",
      manifest: {
        featuresVersion: 9,
        onnxSha256: "0".repeat(64),
        kind: "oracle",
      },
    });
    const broken = await runMl(["check", "broken"], { cwd: dir });
    assert.equal(broken.code, 1);
    assert.equal(broken.out, "");
    assert.match(broken.err, /kind: Invalid option/);
    const missing = await runMl(["check", "nowhere"], { cwd: dir });
    assert.equal(missing.code, 1);
    assert.match(
      missing.err,
      /model\.json is missing; a model is a folder with model\.json and model\.onnx\n/,
    );
    for (
      const args of [["check"], ["check", "a", "b"], ["check", "a", "--fast"]]
    ) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      const { code, err } = await runMl(args, { cwd: dir });
      assert.equal(code, 2);
      assert.match(err, /; see --help\n$/);
    }
  });
});

Deno.test("deno task ml add gives a model to the server, and replaces one only when told to", async () => {
  await withTempDir(async (dataDir) => {
    const options = { cwd: dataDir, dataDir };
    const listed = () => listModels(modelFolders({ root: ROOT, dataDir }));
    const own = async () =>
      (await listed()).filter(({ origin }) => origin === "own");
    await writeTestPackage(dataDir, { name: "mine" });
    assert.equal((await runMl(["add", "mine"], options)).code, 0);
    assert.deepEqual(
      (await own()).map(({ name, problems }) => ({ name, problems })),
      [{ name: "mine", problems: [] }],
    );
    const again = await runMl(["add", "mine"], options);
    assert.equal(again.code, 1);
    assert.match(
      again.err,
      /^There is a model mine in .*; add --replace to take its place\n$/,
    );
    await writeTestPackage(dataDir, {
      name: "mine",
      seed: 2,
      manifest: { title: "The second one" },
    });
    assert.equal((await runMl(["add", "mine", "--replace"], options)).code, 0);
    assert.equal((await own())[0]!.description!.title, "The second one");
    await writeTestPackage(dataDir, { name: "lstm-1h" });
    const taken = await runMl(["add", "lstm-1h"], options);
    assert.equal(taken.code, 1);
    assert.match(taken.err, /^A model named lstm-1h comes with the product; /);
  });
});

Deno.test("listModels() lists shipped models first, and what cannot be read with the reason", async () => {
  await withTempDir(async (dataDir) => {
    await Deno.mkdir(`${dataDir}/models/empty`, { recursive: true });
    await Deno.mkdir(`${dataDir}/models/Not a name`);
    await writeTestPackage(`${dataDir}/models`, {
      name: "renamed",
      manifest: { name: "other" },
    });
    const models = await listModels(modelFolders({ root: ROOT, dataDir }));
    const names = models.map(({ name, origin }) => `${origin} ${name}`);
    assert.deepEqual(names, [
      "shipped lstm-1h",
      "shipped ppo-1h",
      "shipped transformer-1h",
      "own empty",
      "own renamed",
    ]);
    assert(models.slice(0, 3).every(({ problems }) => problems.length === 0));
    assert.match(models[3]!.problems[0]!, /model\.json is missing/);
    assert.deepEqual(models[4]!.problems, [
      'it calls itself "other"; name it like its folder',
    ]);
  });
});
