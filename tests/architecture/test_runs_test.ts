import assert from "node:assert/strict";
import { findTestFiles } from "../../tasks/test/files.ts";
import { APART, LONGEST, TOGETHER } from "../../tasks/test/runs.ts";

Deno.test("deno task test runs every file of tests", async () => {
  const run: string[] = [];
  for (const path of [...TOGETHER.paths, ...APART.map(({ path }) => path)]) {
    // deno-lint-ignore no-await-in-loop -- one folder after the other
    run.push(...await findTestFiles(path));
  }
  assert.deepEqual(run.toSorted(), await findTestFiles("tests"));
  assert.deepEqual(LONGEST.filter((file) => !run.includes(file)), []);
});
