// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task sim [--seeds N] [--from N] [--seed N] [--json] [--verbose]`: runs
 * the simulation of the platform (tests/simulation/world.ts says what it is)
 * over many seeds in two processes, then every crash point of one small
 * scenario. A violation is printed with its seed, and `--seed N` repeats
 * exactly that run.
 *
 * @module
 */
import { parseArgs } from "node:util";
import {
  countCrashPoints,
  runCrashPoint,
} from "../tests/simulation/crash_points.ts";
import { type RunResult, runSeed } from "../tests/simulation/run.ts";

const HELP = `Simulates the platform under faults and checks its promises.

Usage: deno task sim [options]

  --seeds N   number of seeds, default 200
  --from N    first seed, default 1
  --seed N    this seed alone
  --json      one object: seeds, crashPoints, steps, violations, seconds
  --verbose   with --seed: every step of the run`;

/** Processes that share the seeds. */
const WORKERS = 2;

/** What one process answers with, as a line of JSON a run. */
interface Line {
  seed: number;
  crashPoint: number | null;
  steps: number;
  trace: string;
  violations: RunResult["violations"];
}

interface Summary {
  seeds: number;
  /** Points of the small scenario at which the host was killed, all that it has. */
  crashPoints: number;
  steps: number;
  violations: {
    seed: number;
    crashPoint: number | null;
    promise: string;
    what: string;
  }[];
  seconds: number;
}

/** The runs of one of several processes: seeds, and crash points, dealt in turn. */
async function runShare(
  options: { from: number; seeds: number; share: number },
): Promise<void> {
  const { from, seeds, share } = options;
  const print = (result: RunResult, crashPoint: number | null) => {
    const { seed, steps, trace, violations } = result;
    const line: Line = { seed, crashPoint, steps, trace, violations };
    console.log(JSON.stringify(line));
  };
  for (let seed = from + share; seed < from + seeds; seed += WORKERS) {
    // deno-lint-ignore no-await-in-loop -- one world at a time
    print(await runSeed(seed), null);
  }
  if (seeds < WORKERS) return;
  const points = await countCrashPoints();
  for (let point = 1 + share; point <= points; point += WORKERS) {
    // deno-lint-ignore no-await-in-loop -- as above
    print(await runCrashPoint(point), point);
  }
}

async function startShare(
  args: readonly string[],
  onLine: (line: Line) => void,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--no-prompt",
      "--allow-env",
      import.meta.filename!,
      ...args,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let rest = "";
  for await (
    const text of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) onLine(JSON.parse(line));
  }
  const { code } = await child.status;
  if (code !== 0) throw new Error(`A simulation ended with code ${code}`);
}

async function runAll(
  options: { from: number; seeds: number; isQuiet: boolean },
): Promise<Summary> {
  const startedMs = performance.now();
  const summary: Summary = {
    seeds: options.seeds,
    crashPoints: 0,
    steps: 0,
    violations: [],
    seconds: 0,
  };
  const onLine = ({ seed, crashPoint, steps, violations }: Line) => {
    summary.steps += steps;
    if (crashPoint !== null) summary.crashPoints++;
    for (const violation of violations) {
      summary.violations.push({ seed, crashPoint, ...violation });
      if (!options.isQuiet) {
        console.error(toText({ seed, crashPoint, ...violation }));
      }
    }
  };
  await Promise.all(
    Array.from({ length: WORKERS }, (_, share) =>
      startShare([
        "--share",
        String(share),
        "--from",
        String(options.from),
        "--seeds",
        String(options.seeds),
      ], onLine)),
  );
  summary.seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  return summary;
}

function toText(violation: Summary["violations"][number]): string {
  const { seed, crashPoint, promise, what } = violation;
  const where = crashPoint === null
    ? `seed ${seed}`
    : `crash point ${crashPoint}`;
  return `${where}: ${promise}: ${what}`;
}

async function runOne(
  seed: number,
  { isVerbose, isJson }: { isVerbose: boolean; isJson: boolean },
): Promise<boolean> {
  const result = await runSeed(
    seed,
    isVerbose ? { onStep: (line) => console.error(line) } : {},
  );
  if (isJson) console.log(JSON.stringify(result));
  else {
    const { steps, boots, trades, trace, violations } = result;
    console.log(
      `seed ${seed}: ${steps} steps, ${boots} processes, ${trades} trades, trace ${trace}`,
    );
    for (const violation of violations) {
      console.log(toText({ seed, crashPoint: null, ...violation }));
    }
  }
  return result.violations.length === 0;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      seeds: { type: "string", default: "200" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      share: { type: "string" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { json: isJson, verbose: isVerbose } = values;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.seed !== undefined) {
    return await runOne(Number(values.seed), { isVerbose, isJson }) ? 0 : 1;
  }
  const range = { from: Number(values.from), seeds: Number(values.seeds) };
  if (values.share !== undefined) {
    await runShare({ ...range, share: Number(values.share) });
    return 0;
  }
  const summary = await runAll({ ...range, isQuiet: isJson });
  if (isJson) console.log(JSON.stringify(summary));
  else {
    const { seeds, crashPoints, steps, violations, seconds } = summary;
    console.log(
      `${seeds} seeds, ${crashPoints} crash points, ${
        steps.toLocaleString("en")
      } steps, ${violations.length} violations, ${seconds} s`,
    );
  }
  return summary.violations.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
