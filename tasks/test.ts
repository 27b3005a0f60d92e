// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task test`: checks the types, builds what is stale, then runs every test
 * that this machine can run: first the layers, then those of the whole platform
 * and the browser's. Ends with one line of totals. The name of a run, such as
 * `browser`, runs that alone.
 *
 * @module
 */
import { runtimeSource } from "../lib/inference/install/ensure_runtime.ts";
import { build } from "./build.ts";
import { inLanes, LANES } from "./test/lanes.ts";
import { findTestFiles } from "./test/files.ts";
import { type Counts, runDenoTest } from "./test/run_deno_test.ts";
import { APART, LONGEST, TOGETHER } from "./test/runs.ts";

/** The types of everything; at once where `deno task check` has just been. */
async function checkTypes(): Promise<boolean> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "check"],
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code === 0;
}

/** Before the tests: those of models ask for it, all at once. */
async function ensureRuntime(): Promise<void> {
  const runtime = runtimeSource({
    root: new URL("../", import.meta.url),
    deno: Deno.execPath(),
    say: (line) => console.error(line),
  });
  await runtime.ensure();
}

async function runTogether(): Promise<Counts> {
  console.log(`\n== ${TOGETHER.name}: ${TOGETHER.paths.join(" ")}`);
  return await runDenoTest({ paths: TOGETHER.paths, isParallel: true });
}

async function runApart(only: string | undefined): Promise<Counts[]> {
  const files: string[] = [];
  for (const { name, path } of APART) {
    // deno-lint-ignore no-await-in-loop -- in the order of the runs
    const found = await findTestFiles(path);
    if (only === undefined || only === name) files.push(...found);
  }
  const first = LONGEST.filter((file) => files.includes(file));
  const order = [...new Set([...first, ...files])];
  console.log(`\n== ${order.length} files, ${LANES} at once`);
  return await inLanes(order, async (file) => {
    console.log(`started ${file}`);
    return await runDenoTest({ paths: [file], isParallel: false });
  });
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
  if (!await checkTypes()) return { passed: 0, failed: 1, skipped: 0 };
  await build({ onlyIfStale: true });
  await ensureRuntime();
  const counts: Counts[] = [];
  if (only === undefined || only === TOGETHER.name) {
    counts.push(await runTogether());
  }
  if (only !== TOGETHER.name) counts.push(...await runApart(only));
  return sum(counts);
}

if (import.meta.main) {
  const { passed, failed, skipped } = await runAll(Deno.args[0]);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  Deno.exit(failed === 0 && passed > 0 ? 0 : 1);
}
