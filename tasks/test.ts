// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task test`: builds what is stale, then checks the types and runs the
 * tests of the gate: those of the layers in groups, and beside them those of the
 * whole platform and the browser's, which often wait. Ends with what failed, told
 * once more, and one line of totals. `long`, which is `deno task test:long`, runs
 * what the gate leaves out or shortens; the name of a run, such as `browser`, all
 * of that run alone.
 *
 * @module
 */
import { runtimeSource } from "../lib/inference/install/ensure_runtime.ts";
import { build } from "./build.ts";
import { findTestFiles } from "./test/files.ts";
import { groupsOf, writeGroup } from "./test/groups.ts";
import { FILE_LANES, GROUP_LANES, inLanes } from "./test/lanes.ts";
import {
  checkTypes,
  type Counts,
  type Outcome,
  runDenoTest,
} from "./test/run_deno_test.ts";
import {
  APART,
  LONG,
  LONGEST,
  LONGEST_GROUPS,
  SHORTENED,
  TOGETHER,
} from "./test/runs.ts";

/** Checked beside the tests: alone it would leave all processors but one idle. */
const TYPES = "types";

/** What the gate leaves out or shortens, in full. */
const LONG_NAME = "long";

/** How many of the longest runs are told at the end. */
const SHOWN_TIMES = 15;

/** Before the tests: those of models ask for it, all at once. */
async function ensureRuntime(): Promise<void> {
  const runtime = runtimeSource({
    root: new URL("../", import.meta.url),
    deno: Deno.execPath(),
    say: (line) => console.error(line),
  });
  await runtime.ensure();
}

/** The modules that import the files of the layers, group by group. */
async function findGroups(): Promise<string[]> {
  const files = await Promise.all(TOGETHER.paths.map(findTestFiles));
  const groups = groupsOf(files.flat());
  const names = longestFirst(groups.map(({ name }) => name), LONGEST_GROUPS);
  return await Promise.all(
    names.map((name) =>
      writeGroup(groups.find((group) => group.name === name)!)
    ),
  );
}

/** Files that have a process of their own. */
async function findApart(only: string | undefined): Promise<string[]> {
  if (only === LONG_NAME) return [...LONG, ...SHORTENED];
  const runs = APART.filter(({ name }) => only === undefined || only === name);
  const found = await Promise.all(runs.map(({ path }) => findTestFiles(path)));
  const left: readonly string[] = only === undefined ? LONG : [];
  const files = found.flat().filter((file) => !left.includes(file));
  return longestFirst(files, LONGEST);
}

function longestFirst(
  names: readonly string[],
  longest: readonly string[],
): string[] {
  const first = longest.filter((name) => names.includes(name));
  return [...new Set([...first, ...names])];
}

/** A run, what came of it, and how long it took. */
interface Run extends Outcome {
  path: string;
  seconds: number;
}

async function runTests(only: string | undefined): Promise<Run[]> {
  const isWithGroups = only === undefined || only === TOGETHER.name;
  const groups = isWithGroups ? [TYPES, ...await findGroups()] : [];
  const apart = await findApart(only);
  console.log(
    `\n== ${groups.length} groups and ${apart.length} files, ${
      GROUP_LANES + FILE_LANES
    } at once`,
  );
  const queues = [
    { items: groups, lanes: GROUP_LANES },
    { items: apart, lanes: FILE_LANES },
  ];
  return await inLanes(queues, async (path) => {
    console.log(`started ${path}`);
    const begun = performance.now();
    const isTypes = path === TYPES;
    const outcome = isTypes ? await checkTypes() : await runDenoTest(path);
    const seconds = (performance.now() - begun) / 1_000;
    return { ...outcome, path, seconds };
  });
}

/** The longest runs, and after them what failed: the end is what is read first, and all that a cut log has. */
function tell(runs: readonly Run[]): void {
  const slowest = runs.toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SHOWN_TIMES);
  console.log("\nLongest, in seconds:");
  for (const { path, seconds } of slowest) {
    console.log(`${seconds.toFixed(0).padStart(5)}  ${path}`);
  }
  for (const { path, failure } of runs) {
    if (failure !== undefined) console.log(`\nFailed: ${path}\n${failure}`);
  }
}

function sum(counts: readonly Counts[]): Counts {
  const total = (key: keyof Counts) =>
    counts.reduce((before, count) => before + count[key], 0);
  return {
    passed: total("passed"),
    failed: total("failed"),
    skipped: total("skipped"),
  };
}

async function runAll(only: string | undefined): Promise<Counts> {
  await build({ onlyIfStale: true });
  await ensureRuntime();
  const runs = await runTests(only);
  tell(runs);
  return sum(runs.map(({ counts }) => counts));
}

if (import.meta.main) {
  const { passed, failed, skipped } = await runAll(Deno.args[0]);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
}
