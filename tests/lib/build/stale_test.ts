import assert from "node:assert/strict";
import {
  isBuildStale,
  markBuilt,
  readSources,
} from "../../../lib/build/stale.ts";
import { withTempDir } from "../../support/temp.ts";

const FOLDERS = ["actors", "agents", "islands", "lib", "routes", "static"];
const FILES = [
  "deno.json",
  "deno.lock",
  "dev.ts",
  "main.ts",
  "fresh.config.ts",
];
const EDITED_MS = Date.parse("2026-11-28T12:00:07.345Z");

/** A project whose newest source was edited at a fraction of a second. */
async function withProject(
  run: (root: URL, setTime: (ms: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const root = new URL(`file://${folder}/`);
    for (const name of FOLDERS) Deno.mkdirSync(new URL(name, root));
    for (const name of [...FILES, "lib/a.ts"]) {
      const file = new URL(name, root);
      Deno.writeTextFileSync(file, "");
      Deno.utimeSync(file, new Date(0), new Date(0));
    }
    const setTime = (ms: number) =>
      Deno.utime(new URL("lib/a.ts", root), new Date(ms), new Date(ms));
    await setTime(EDITED_MS);
    await run(root, setTime);
  });
}

Deno.test("isBuildStale() takes a build for good whose sources have lost the fractions of their seconds, as in an image that was pulled", () =>
  withProject(async (root, setTime) => {
    await markBuilt(root, await readSources(root));
    assert.equal(await isBuildStale(root), false);
    for (const ms of [EDITED_MS - 345, EDITED_MS + 655]) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await setTime(ms);
      // deno-lint-ignore no-await-in-loop -- as above
      assert.equal(await isBuildStale(root), false, `${ms}`);
    }
  }));

Deno.test("isBuildStale() sees an edit in the second of the one before, and one that came or went", () =>
  withProject(async (root, setTime) => {
    await markBuilt(root, await readSources(root));
    for (const ms of [EDITED_MS + 1, EDITED_MS + 400, EDITED_MS + 1_655]) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await setTime(ms);
      // deno-lint-ignore no-await-in-loop -- as above
      assert.equal(await isBuildStale(root), true, `${ms}`);
    }
    await setTime(EDITED_MS);
    const added = new URL("lib/b.ts", root);
    await Deno.writeTextFile(added, "");
    await Deno.utime(added, new Date(0), new Date(0));
    assert.equal(await isBuildStale(root), true);
  }));

Deno.test("markBuilt() does not vouch for what was edited while the build ran", () =>
  withProject(async (root, setTime) => {
    const sources = await readSources(root);
    await setTime(EDITED_MS + 2);
    await markBuilt(root, sources);
    assert.equal(await isBuildStale(root), true);
  }));
