// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task bench [--json] [--only NAME]`: runs every benchmark in a process of
 * its own, one after the other, and prints its figures. Compare figures of one
 * run only: machines are noisy. Beside each benchmark stands how much of a
 * virtual machine's processors its host gave to others meanwhile.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { processorTicks, stolenPct } from "../tests/support/processor_time.ts";

/** Benchmarks and the names of the figures that each one prints. */
const BENCHES = [
  {
    file: "tests/bench/smc_bench.ts",
    names: ["smc", "agent"],
    flags: ["--allow-read"],
  },
  {
    file: "tests/bench/features_bench.ts",
    names: ["ml"],
    flags: ["--allow-read"],
  },
  // It reads the runtime, which it fetches where it is missing, and the shipped models.
  {
    file: "tests/bench/ml_decision_bench.ts",
    names: ["ml"],
    flags: ["--allow-read", "--allow-write=.build/onnx", "--allow-run"],
  },
  {
    file: "tests/bench/smc_reference_bench.ts",
    names: ["smc"],
    flags: [],
  },
  {
    file: "tests/bench/risk_bench.ts",
    names: ["risk", "budget"],
    flags: [],
  },
  {
    file: "tests/bench/risk_assessment_bench.ts",
    names: ["risk"],
    flags: [],
  },
  {
    file: "tests/bench/guard_bench.ts",
    names: ["risk"],
    flags: [],
  },
  {
    file: "tests/bench/backtest_bench.ts",
    names: ["backtest", "simulated", "csv", "candles"],
    // It writes a file of candles into the folder for temporary files.
    flags: ["--allow-read", "--allow-write"],
  },
  // It opens a store in the folder for temporary files.
  {
    file: "tests/bench/analytics_bench.ts",
    names: ["analytics"],
    flags: ["--allow-read", "--allow-write", "--unstable-kv"],
  },
  {
    file: "tests/bench/redaction_bench.ts",
    names: ["redaction"],
    flags: [],
  },
  {
    file: "tests/bench/runtime_bench.ts",
    names: ["actors"],
    flags: ["--allow-read"],
  },
  {
    file: "tests/bench/flood_bench.ts",
    names: ["actors"],
    flags: ["--allow-read"],
  },
  {
    file: "tests/bench/hang_bench.ts",
    names: ["actors"],
    flags: ["--allow-read"],
  },
  {
    file: "tests/bench/gateway_bench.ts",
    names: ["gateway"],
    // A part of the exchange library reads these two.
    flags: [
      "--allow-net=127.0.0.1",
      "--allow-env=WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE",
    ],
  },
  // It starts the fake venue in a process of its own.
  {
    file: "tests/bench/intent_to_wire_bench.ts",
    names: ["desk"],
    flags: ["-A"],
  },
  {
    file: "tests/bench/executor_bench.ts",
    names: ["executor"],
    flags: ["-A"],
  },
  // It starts a real server.
  { file: "tests/bench/fleet_bench.ts", names: ["agent"], flags: ["-A"] },
  // It writes journals into the folder for temporary files.
  {
    file: "tests/bench/emergency_bench.ts",
    names: ["emergency"],
    flags: ["--allow-read", "--allow-write"],
  },
  // It serves a venue on this machine and writes journals.
  {
    file: "tests/bench/emergency_venue_bench.ts",
    names: ["emergency"],
    flags: ["--allow-read", "--allow-write", "--allow-net=127.0.0.1"],
  },
  // It runs platforms with agents in their workers.
  {
    file: "tests/bench/resources_bench.ts",
    names: ["resources"],
    flags: ["-A", "--v8-flags=--expose-gc"],
  },
  {
    file: "tests/bench/resources_team_bench.ts",
    names: ["resources"],
    flags: ["-A"],
  },
  // It kills a real server under its parent again and again.
  { file: "tests/bench/recovery_bench.ts", names: ["host"], flags: ["-A"] },
  // It starts a server in its process, and a browser.
  {
    file: "tests/bench/fleet_page_bench.ts",
    names: ["fleet_page"],
    flags: ["-A"],
  },
  // It starts a server in its process, and a browser.
  { file: "tests/bench/chart_bench.ts", names: ["chart"], flags: ["-A"] },
  // It starts a real server and a browser.
  {
    file: "tests/bench/page_load_bench.ts",
    names: ["page_load"],
    flags: ["-A"],
  },
  // It opens a store on disk, a server and a process of a thousand listeners.
  { file: "tests/bench/stream_bench.ts", names: ["stream"], flags: ["-A"] },
  // It starts a real server with agents.
  { file: "tests/bench/api_bench.ts", names: ["api"], flags: ["-A"] },
  // It starts a real server and a browser, where there is one.
  { file: "tests/bench/logs_page_bench.ts", names: ["logs"], flags: ["-A"] },
] as const;

/** One line of a benchmark: latencies have percentiles, throughputs a value. */
interface Figure {
  name: string;
  unit: string;
  n: number;
  p50?: number;
  p99?: number;
  p999?: number;
  max?: number;
  value?: number;
}

/** Name of the figure that says how much of the machine was given to others. */
const STOLEN = "machine.stolen";

const HELP = `Runs the benchmarks.

Usage: deno task bench [--json] [--only NAME]

  --json       one line of JSON a figure
  --only NAME  only figures whose name starts with NAME, for instance smc.candle`;

async function runBench(
  file: string,
  flags: readonly string[],
): Promise<Figure[]> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--frozen", ...flags, file],
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`${file} ended with code ${code}`);
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => JSON.parse(line) as Figure);
}

/** Runs a benchmark; its last figure is of the machine, where the system tells it. */
async function measure(
  file: string,
  flags: readonly string[],
): Promise<Figure[]> {
  const before = await processorTicks();
  const figures = await runBench(file, flags);
  const value = stolenPct(before, await processorTicks());
  if (value === null) return figures;
  return [...figures, { name: STOLEN, unit: "%", n: figures.length, value }];
}

function toLine(figure: Figure): string {
  const name = figure.name.padEnd(36);
  if (figure.value !== undefined) {
    return `${name} ${
      figure.value.toLocaleString("en")
    } ${figure.unit} (n ${figure.n})`;
  }
  const { p50, p99, max, unit, n } = figure;
  return `${name} p50 ${p50} ${unit}, p99 ${p99} ${unit}, max ${max} ${unit} (n ${n})`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      json: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    Deno.exit(0);
  }
  const family = values.only.split(".")[0]!;
  for (const { file, names, flags } of BENCHES) {
    if (family !== "" && !(names as readonly string[]).includes(family)) {
      continue;
    }
    // deno-lint-ignore no-await-in-loop -- benchmarks must not disturb each other
    const figures = await measure(file, flags);
    for (const figure of figures) {
      const isWanted = figure.name.startsWith(values.only) ||
        figure.name === STOLEN;
      if (!isWanted) continue;
      console.log(values.json ? JSON.stringify(figure) : toLine(figure));
    }
  }
}
