// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task load`: how much a server on this machine carries. See `--help`.
 *
 * @module
 */
import { toMarkdown, withMeasured } from "../tests/load/load_report.ts";
import { MAXIMA } from "../tests/load/limits.ts";
import { runLoad } from "../tests/load/run_load.ts";
import { readWhole, runBounded } from "../tests/support/bounded_task.ts";
import { processorTicks, stolenPct } from "../tests/support/processor_time.ts";

const HELP =
  `Drives a server of its own with rising load and prints what it carries.

Usage: deno task load [options]

  --agents N    agents at most; steps 10, 50, 100, 150 (default 150)
  --clients N   clients of streams at most; steps 100, 500, 1000 (default 1000)
  --seconds N   how long each step is measured (default 10)
  --json        the steps as JSON instead of the table
  --write-docs  put the table into docs/operations.md, too
  --help        this text

Server and clients share this machine and talk over loopback, in a temporary
folder that is removed. A step counts when its 99th percentile stays within its
limit and 95 % of what was asked for happened. A kind of requests ends with its
first step that does not count. Close what else takes the processors.
Exit codes: 0 measured, 1 the server failed, 2 wrong usage, 130 interrupted.`;

const OPTIONS = {
  agents: { type: "string", default: "150" },
  clients: { type: "string", default: "1000" },
  seconds: { type: "string", default: "10" },
  json: { type: "boolean", default: false },
  "write-docs": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const DOCS = new URL("../docs/operations.md", import.meta.url);

Deno.exit(
  await runBounded({ help: HELP, options: OPTIONS }, async (values, run) => {
    const wanted = {
      agents: readWhole(values, "agents", { min: 1, max: MAXIMA.agents }),
      clients: readWhole(values, "clients", { min: 1, max: MAXIMA.clients }),
      seconds: readWhole(values, "seconds", { min: 1, max: MAXIMA.seconds }),
    };
    const before = await processorTicks();
    const steps = await runLoad({
      ...run,
      ...wanted,
      onStep: ({ what, step, p99Ms, isWithin }) =>
        console.error(
          `${what} ${step}: p99 ${p99Ms?.toFixed(1) ?? "unknown"} ms${
            isWithin ? "" : ", not within its limit"
          }`,
        ),
    });
    const facts = {
      date: new Date().toISOString().slice(0, 10),
      processors: navigator.hardwareConcurrency,
      seconds: wanted.seconds,
      stolenPct: stolenPct(before, await processorTicks()),
    };
    const table = toMarkdown(steps, facts);
    console.log(values["json"] ? JSON.stringify({ facts, steps }) : table);
    if (values["write-docs"]) {
      const page = await Deno.readTextFile(DOCS);
      await Deno.writeTextFile(DOCS, withMeasured(page, table));
      // As the gate wants it.
      await new Deno.Command(Deno.execPath(), {
        args: ["fmt", "--quiet", DOCS.pathname],
      }).output();
    }
    return 0;
  }),
);
