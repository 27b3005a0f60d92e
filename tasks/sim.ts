// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task sim [--venue] [--seeds N] [--from N] [--heavy] [--crash-points
 * all|some|none] [--seed N] [--crash-point STORY:N] [--json] [--verbose]`: runs
 * the simulation of the platform (tests/simulation/world.ts says what it is)
 * over many seeds in two processes, then small stories with a kill at their
 * crash points; with `--venue` that of a desk at an exchange
 * (tests/simulation/venue/world.ts). A violation is printed with its seed or
 * point, which repeats exactly that run.
 *
 * @module
 */
import { parseArgs } from "node:util";
import {
  CRASH_STORIES,
  type CrashStory,
} from "../tests/simulation/crash_points.ts";
import { type RunResult, runSeed } from "../tests/simulation/run.ts";
import { createScenario } from "../tests/simulation/scenario.ts";
import type { VenueRunResult } from "../tests/simulation/venue/run.ts";
import { oneVenueRun, venueRuns } from "../tests/simulation/venue/runs.ts";

const HELP = `Simulates the platform under faults and checks its promises.

Usage: deno task sim [options]

  --seeds N           number of seeds, default 200
  --from N            first seed, default 1
  --venue             a desk at a simulated exchange instead of the platform
  --heavy             three times the faults in each seed
  --crash-points all|some|none
                      points at which the small stories are killed: each,
                      each third (default; which third depends on --from), none
  --seed N            this seed alone
  --crash-point S:N   this point of this story alone, as in life:12
  --json              one object: seeds, crashPoints, steps, violations, seconds
  --verbose           with --seed or --crash-point: every step of the run`;

/** Processes that share the work. */
const WORKERS = 2;

/** Every so many crash points are tried unless all are asked for. */
const SOME_POINTS_STEP = 3;

type Points = "all" | "some" | "none";

interface Range {
  isVenue: boolean;
  from: number;
  seeds: number;
  isHeavy: boolean;
  points: Points;
}

/** What one process answers with, as a line of JSON a run. */
interface Line {
  /** The options that repeat it. */
  run: string;
  isCrashPoint: boolean;
  steps: number;
  violations: readonly { promise: string; what: string }[];
}

interface Summary {
  seeds: number;
  /** Runs in which the host was killed at a chosen point of a small story. */
  crashPoints: number;
  steps: number;
  violations: { run: string; promise: string; what: string }[];
  seconds: number;
}

/** The runs of one of several processes: seeds, and crash points, dealt in turn. */
async function runShare(range: Range, share: number): Promise<void> {
  const { from, seeds, isHeavy, isVenue } = range;
  const print = (
    line: Pick<Line, "run" | "isCrashPoint">,
    { steps, violations }: Pick<Line, "steps" | "violations">,
  ) => console.log(JSON.stringify({ ...line, steps, violations }));
  if (isVenue) {
    const options = { share, shares: WORKERS, ...range };
    for await (const { run, isCrashPoint, result } of venueRuns(options)) {
      print({ run, isCrashPoint }, result);
    }
    return;
  }
  for (let seed = from + share; seed < from + seeds; seed += WORKERS) {
    // deno-lint-ignore no-await-in-loop -- one world at a time
    const result = await runOneSeed(seed, { isHeavy });
    const run = `--seed ${seed}${isHeavy ? " --heavy" : ""}`;
    print({ run, isCrashPoint: false }, result);
  }
  for (const story of CRASH_STORIES) {
    // deno-lint-ignore no-await-in-loop -- as above
    const points = await pointsOf(story, range);
    for (let index = share; index < points.length; index += WORKERS) {
      const point = points[index]!;
      // deno-lint-ignore no-await-in-loop -- as above
      const result = await story.run(point);
      const run = `--crash-point ${story.name}:${point}`;
      print({ run, isCrashPoint: true }, result);
    }
  }
}

async function pointsOf(
  story: CrashStory,
  { from, points }: Range,
): Promise<number[]> {
  if (points === "none") return [];
  const count = await story.countPoints();
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return points === "all"
    ? all
    : all.filter((point) => (point + from) % SOME_POINTS_STEP === 0);
}

function runOneSeed(
  seed: number,
  options: { isHeavy: boolean; onStep?: (line: string) => void },
): Promise<RunResult> {
  const { isHeavy, ...rest } = options;
  return runSeed(seed, {
    ...rest,
    scenario: createScenario(seed, { isHeavy }),
  });
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
  range: Range,
  { isQuiet }: { isQuiet: boolean },
): Promise<Summary> {
  const startedMs = performance.now();
  const summary: Summary = {
    seeds: range.seeds,
    crashPoints: 0,
    steps: 0,
    violations: [],
    seconds: 0,
  };
  const onLine = ({ run, isCrashPoint, steps, violations }: Line) => {
    summary.steps += steps;
    if (isCrashPoint) summary.crashPoints++;
    for (const violation of violations) {
      summary.violations.push({ run, ...violation });
      if (!isQuiet) console.error(toText({ run, ...violation }));
    }
  };
  const args = [
    `--from=${range.from}`,
    `--seeds=${range.seeds}`,
    `--crash-points=${range.points}`,
    ...range.isHeavy ? ["--heavy"] : [],
    ...range.isVenue ? ["--venue"] : [],
  ];
  await Promise.all(
    Array.from(
      { length: WORKERS },
      (_, share) => startShare([`--share=${share}`, ...args], onLine),
    ),
  );
  summary.seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  return summary;
}

function toText({ run, promise, what }: Summary["violations"][number]): string {
  return `deno task sim ${run}: ${promise}: ${what}`;
}

/** Prints what became of one run; true if every promise was kept. */
function show(
  result: RunResult | VenueRunResult,
  { run, isJson }: { run: string; isJson: boolean },
): boolean {
  if (isJson) console.log(JSON.stringify(result));
  else {
    const { steps, boots, trades, trace, violations } = result;
    console.log(
      `${run}: ${steps} steps, ${boots} processes, ${trades} trades, trace ${trace}`,
    );
    for (const violation of violations) {
      console.log(toText({ run, ...violation }));
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
      heavy: { type: "boolean", default: false },
      venue: { type: "boolean", default: false },
      "crash-points": { type: "string", default: "some" },
      seed: { type: "string" },
      "crash-point": { type: "string" },
      share: { type: "string" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { json: isJson, verbose: isVerbose, heavy: isHeavy } = values;
  const { venue: isVenue, seed, "crash-point": crashPoint } = values;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const onStep = isVerbose ? (line: string) => console.error(line) : undefined;
  const isOne = seed !== undefined || crashPoint !== undefined;
  if (isVenue && values.share === undefined && isOne) {
    const { run, result } = await oneVenueRun({ seed, crashPoint, onStep });
    return show(result, { run, isJson }) ? 0 : 1;
  }
  if (values.seed !== undefined) {
    const options = onStep === undefined ? { isHeavy } : { isHeavy, onStep };
    const result = await runOneSeed(Number(values.seed), options);
    return show(result, { run: `--seed ${values.seed}`, isJson }) ? 0 : 1;
  }
  if (values["crash-point"] !== undefined) {
    const run = `--crash-point ${values["crash-point"]}`;
    const [name, point] = values["crash-point"].split(":");
    const story = CRASH_STORIES.find((known) => known.name === name);
    if (story === undefined) throw new Error(`There is no story "${name}"`);
    return show(await story.run(Number(point), onStep), { run, isJson })
      ? 0
      : 1;
  }
  const range: Range = {
    isVenue,
    from: Number(values.from),
    seeds: Number(values.seeds),
    isHeavy,
    points: values["crash-points"] as Points,
  };
  if (values.share !== undefined) {
    await runShare(range, Number(values.share));
    return 0;
  }
  return await summarize(range, { isJson });
}

async function summarize(
  range: Range,
  { isJson }: { isJson: boolean },
): Promise<number> {
  const summary = await runAll(range, { isQuiet: isJson });
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
