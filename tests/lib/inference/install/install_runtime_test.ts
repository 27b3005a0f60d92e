import assert from "node:assert/strict";
import { installRuntime } from "../../../../lib/inference/install/install_runtime.ts";
import {
  RUNTIME_CONFIG_DIR,
  RUNTIME_VERSION,
  runtimeFiles,
} from "../../../../lib/inference/install/runtime_place.ts";
import {
  readState,
  readStatus,
  STATE_FILE,
  writeState,
} from "../../../../lib/inference/install/runtime_state.ts";
// The packages are in Deno's cache then, so that these tests need no network.
import "../../../support/model_runtime.ts";
import { pretendInstalled, withRuntimeProject } from "./runtime_folder.ts";

const DENO = Deno.execPath();

Deno.test("installRuntime() installs what the code works with, and repairs what was interrupted or lost a file", async () => {
  await withRuntimeProject(async ({ root, place: { folder } }) => {
    assert.equal(await readState(folder), null);
    const wanted = { state: "installed", version: RUNTIME_VERSION };
    assert.deepEqual(await installRuntime({ root, deno: DENO }), { ok: true });
    assert.deepEqual(await readState(folder), wanted);

    // Ended before it was noted.
    await writeState(folder, { state: "fetching", requestId: "1" });
    assert.deepEqual(await installRuntime({ root, deno: DENO }), { ok: true });
    assert.deepEqual(await readState(folder), wanted);

    await Deno.remove(runtimeFiles(folder).wasmPath);
    assert.equal(await readState(folder), null);
    assert.deepEqual(await installRuntime({ root, deno: DENO }), { ok: true });
    assert.deepEqual(await readState(folder), wanted);
  });
});

Deno.test("installRuntime() says in one sentence why it failed, and notes nothing", async () => {
  await withRuntimeProject(async ({ root, place: { folder } }) => {
    const lock = new URL(`${RUNTIME_CONFIG_DIR}/deno.lock`, root);
    await Deno.writeTextFile(lock, '{ "version": "5" }');
    const frozen = await installRuntime({ root, deno: DENO });
    assert(!frozen.ok);
    assert.match(frozen.reason, /^The lockfile is out of date\.[^\n]*[^.]$/);
    assert.equal(await readState(folder), null);

    await Deno.remove(lock);
    const missing = await installRuntime({ root, deno: DENO });
    assert(!missing.ok);
    assert.match(missing.reason, /deno\.lock/);

    await Deno.writeTextFile(lock, '{ "version": "5" }');
    assert.deepEqual(await installRuntime({ root, deno: "no-such-program" }), {
      ok: false,
      reason: 'there is no program "no-such-program" on the PATH',
    });
    const ended = await installRuntime({
      root,
      deno: DENO,
      signal: AbortSignal.abort(),
    });
    assert.equal(ended.ok, false);
    assert.equal(await readState(folder), null);
  });
});

Deno.test("readState() counts a runtime of another version, or with half a note, as not installed", async () => {
  await withRuntimeProject(async ({ place }) => {
    const { folder } = place;
    await pretendInstalled(place);
    assert.equal((await readStatus(folder, null)).state, "installed");
    await writeState(folder, { state: "installed", version: "1.0.0" });
    assert.equal(await readState(folder), null);
    for (const text of ["", '{"state":"insta', '{"state":"melted"}']) {
      // deno-lint-ignore no-await-in-loop -- one file
      await Deno.writeTextFile(`${folder}/${STATE_FILE}`, text);
      // deno-lint-ignore no-await-in-loop -- one file
      assert.equal(await readState(folder), null);
    }
    await writeState(folder, { state: "fetching", requestId: "1" });
    assert.equal((await readStatus(folder, "1")).state, "fetching");
    assert.deepEqual(await readStatus(folder, "2"), {
      state: "absent",
      detail:
        "The ONNX runtime is not installed; the first decision engine fetches it, 33 MB, once",
    });
  });
});
