// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task test`: builds what is stale, then runs every test that this
 * machine can run: first the layers in parallel, then whole-platform and
 * browser tests one after another. Ends with one line of totals.
 *
 * @module
 */
import { build } from "./build.ts";

/** Test runs in order. Those that start servers and browsers run alone, so that they do not disturb each other. */
const RUNS = [
  {
    name: "layers",
    args: ["--parallel"],
    paths: [
      "tests/architecture",
      "tests/lib",
      "tests/actors",
      "tests/agents",
      "tests/islands",
      "tests/simulation",
      "tests/venue",
    ],
  },
  { name: "faults", args: ["--parallel"], paths: ["tests/faults"] },
  { name: "platform", args: [], paths: ["tests/integration"] },
  { name: "browser", args: [], paths: ["tests/e2e"] },
] as const;

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

async function runTests(
  run: (typeof RUNS)[number],
  totals: Totals,
): Promise<void> {
  const paths = [];
  for (const path of run.paths) if (await exists(path)) paths.push(path);
  console.log(`\n== ${run.name}: ${paths.join(" ")}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--frozen", "-A", "--quiet", ...run.args, ...paths],
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of child.stdout) {
    const part = decoder.decode(chunk, { stream: true });
    text += part;
    await Deno.stdout.write(chunk);
  }
  const { code } = await child.status;
  const summary =
    /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/
      .exec(text);
  totals.passed += Number(summary?.[1] ?? 0);
  totals.failed += Number(summary?.[2] ?? 0);
  totals.skipped += Number(summary?.[3] ?? 0);
  // A run that broke before it could count is a failure of its own.
  if (code !== 0 && Number(summary?.[2] ?? 0) === 0) totals.failed++;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const only = Deno.args[0];
  await build({ onlyIfStale: true });
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const run of RUNS) {
    if (only === undefined || only === run.name) await runTests(run, totals);
  }
  console.log(
    `\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`,
  );
  Deno.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
}
