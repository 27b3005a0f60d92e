import assert from "node:assert/strict";
import { findTestFiles } from "../../tasks/test/files.ts";
import { failureOf } from "../../tasks/test/failures.ts";
import { groupsOf } from "../../tasks/test/groups.ts";
import { inLanes } from "../../tasks/test/lanes.ts";
import {
  APART,
  LONG,
  LONGEST,
  LONGEST_GROUPS,
  SHORTENED,
  TOGETHER,
} from "../../tasks/test/runs.ts";

async function filesOf(paths: readonly string[]): Promise<string[]> {
  return (await Promise.all(paths.map(findTestFiles))).flat();
}

Deno.test("deno task test and deno task test:long run every file of tests", async () => {
  const apart = await filesOf(APART.map(({ path }) => path));
  const groups = groupsOf(await filesOf(TOGETHER.paths));
  const run = [...apart, ...groups.flatMap(({ files }) => files)];
  assert.deepEqual(run.toSorted(), await findTestFiles("tests"));
  const names = groups.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const left: readonly string[] = LONG;
  assert.deepEqual(left.filter((file) => !apart.includes(file)), []);
  const inGate = apart.filter((file) => !left.includes(file));
  assert.deepEqual(LONGEST.filter((file) => !inGate.includes(file)), []);
  assert.deepEqual(LONGEST_GROUPS.filter((name) => !names.includes(name)), []);
});

Deno.test("SHORTENED are the files of the gate that look how thorough they shall be", async () => {
  const left: readonly string[] = LONG;
  const files = (await findTestFiles("tests"))
    .filter((file) => !left.includes(file) && !file.includes("architecture"));
  const asking = await Promise.all(files.map(async (file) => {
    const text = await Deno.readTextFile(file);
    return text.includes("/support/thorough.ts") ? [file] : [];
  }));
  assert.deepEqual(asking.flat(), SHORTENED.toSorted());
});

Deno.test("inLanes() works on every item once, in its order, also where a lane's own queue is empty", async () => {
  const begun: string[] = [];
  const isLastBegun = Promise.withResolvers<void>();
  const done = await inLanes([
    { items: ["a"], lanes: 1 },
    { items: ["b", "c", "d", "e"], lanes: 2 },
  ], async (item) => {
    begun.push(item);
    if (item === "e") isLastBegun.resolve();
    // Both lanes of the second queue wait for what only the first lane can begin.
    if (item === "b" || item === "c") await isLastBegun.promise;
    return item;
  });
  assert.deepEqual(begun, ["a", "b", "c", "d", "e"]);
  assert.deepEqual(done.toSorted(), ["a", "b", "c", "d", "e"]);
});

Deno.test("failureOf() tells what failed and why, at most a screen or two of it, and nothing of a run that went well", () => {
  const head = "a ... ok (1ms)\nb ... FAILED (2ms)\n";
  const told = "b => ./b_test.ts:2:6\nerror: Error: because";
  const of = (printed: string, code = 1) => failureOf({ printed, code });
  const names = "\n FAILURES \n\nb => ./b_test.ts:2:6\n\nFAILED | 1 passed";
  assert.equal(of(`${head}\n ERRORS \n\n${told}\n${names}\n`), told);
  assert.equal(of(`${head}\n ERRORS \n\n${told}\n`, 0), undefined);
  assert.equal(of("error: Module not found\n"), "error: Module not found");
  const long = of(`${head}\n ERRORS \n\n${"e".repeat(100_000)}`)!;
  assert.match(long, /^e{4000}\n\.\.\. \(the rest is above\)$/);
  assert.match(of(`${"w".repeat(100_000)}end`)!, /^w{3997}end$/);
});
