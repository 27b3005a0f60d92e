import assert from "node:assert/strict";
import { createRecordingFiles } from "../../../lib/server/recording_files.ts";
import { withTempDir } from "../../support/temp.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("createRecordingFiles() makes its folder for its owner alone, appends, reads and removes", async () => {
  await withTempDir(async (dir) => {
    const folder = `${dir}/recordings`;
    const files = createRecordingFiles(folder);
    assert.deepEqual(await files.list(), []);
    await files.write("a.session", bytesOf("head"), true);
    await files.write("a.session", bytesOf(" body"), false);
    await files.write("b.session", bytesOf("b"), true);
    assert.equal((await Deno.stat(folder)).mode! & 0o777, 0o700);
    const { mode } = await Deno.stat(`${folder}/a.session`);
    assert.equal(mode! & 0o777, 0o600);
    assert.deepEqual((await files.list()).toSorted(), [
      "a.session",
      "b.session",
    ]);
    const edges = (await files.edges("a.session", 4))!;
    assert.equal(edges.bytes, 9);
    assert.deepEqual(edges.first, bytesOf("head"));
    assert.deepEqual(edges.last, bytesOf("body"));
    const content = (await files.open("a.session"))!;
    assert.equal(await new Response(content).text(), "head body");
    await files.write("a.session", bytesOf("new"), true);
    assert.equal(await Deno.readTextFile(`${folder}/a.session`), "new");
    await files.remove("a.session");
    await files.remove("a.session");
    assert.equal(await files.open("a.session"), null);
    assert.equal(await files.edges("a.session", 4), null);
  });
});

Deno.test("createRecordingFiles() does not go on with a file that was removed", async () => {
  await withTempDir(async (dir) => {
    const files = createRecordingFiles(dir);
    await files.write("a.session", bytesOf("head"), true);
    await files.remove("a.session");
    await assert.rejects(files.write("a.session", bytesOf("body"), false));
    assert.deepEqual(await files.list(), []);
  });
});
