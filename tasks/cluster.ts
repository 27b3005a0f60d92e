// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task cluster`: several hosts over one store, which are killed, stopped
 * and cut off, and checks that no agent ever has two owners. See `--help`.
 *
 * @module
 */
import { runClusterCampaign } from "../tests/cluster/campaign.ts";
import { toFigures } from "../tests/cluster/figures.ts";
import {
  printFigures,
  printFindings,
  readSeed,
  readWhole,
  runBounded,
} from "../tests/support/bounded_task.ts";
import { processorTicks, stolenPct } from "../tests/support/processor_time.ts";

const HELP =
  `Runs several hosts over one store, kills, stops and cuts them off, and checks
that no agent ever has two owners and that its books are those of one.

Usage: deno task cluster [options]

  --rounds N         rounds of faults (default 10)
  --agents N         agents that run meanwhile (default 60)
  --hosts N          processes with FLEET_ROLE=host (default 3)
  --controls N       processes with FLEET_ROLE=control (default 2)
  --pause-seconds N  about how long a process is away (default 15)
  --candles-per-second N
                     one-minute candles of each market (default 2); where the
                     processors are busy with them, takeovers take longer
  --seed N           seed of faults, commands and candles (default: by chance)
  --json             one line of JSON instead of the table
  --keep             keep the folder with journals and what was printed, and say where
  --help             this text

The KV server is denokv where DENOKV names it or it is on the PATH, else the
server of the tests, in memory; kvServer says which. Every process is started as
with deno task start. A fault is SIGKILL to parent and server, SIGSTOP and
SIGCONT, or a cut of its connections to the KV server.

Between each process and the KV server every write that was done is read with
its versionstamp: overlaps counts those of an agent that its owner has not
written, by the order of the store. unownedMs is the time from a fault until the
agent is up with another owner; readMs is how long control processes take to
list all agents meanwhile.

Half of the agents replay files that the task makes and are compared with
backtests. All journals are read by a ledger of its own and compared with the
stored trades and the events.

Ctrl-C ends the processes and removes the folder.
Exit codes: 0 nothing found, 1 otherwise, 2 wrong usage, 130 interrupted.`;

const OPTIONS = {
  rounds: { type: "string", default: "10" },
  agents: { type: "string", default: "60" },
  hosts: { type: "string", default: "3" },
  controls: { type: "string", default: "2" },
  "pause-seconds": { type: "string", default: "15" },
  "candles-per-second": { type: "string", default: "2" },
  seed: { type: "string" },
  json: { type: "boolean", default: false },
  keep: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** What the options take. */
const BOUNDS = {
  rounds: { min: 1, max: 10_000 },
  agents: { min: 8, max: 190 },
  hosts: { min: 2, max: 20 },
  controls: { min: 1, max: 10 },
  "pause-seconds": { min: 1, max: 600 },
  "candles-per-second": { min: 1, max: 100 },
} as const;

Deno.exit(
  await runBounded({ help: HELP, options: OPTIONS }, async (values, run) => {
    const whole = (name: keyof typeof BOUNDS) =>
      readWhole(values, name, BOUNDS[name]);
    const rounds = whole("rounds");
    const seed = readSeed(values);
    const startedAtMs = performance.now();
    const ticksBefore = await processorTicks();
    const result = await runClusterCampaign({
      ...run,
      rounds,
      agents: whole("agents"),
      hosts: whole("hosts"),
      controls: whole("controls"),
      pauseMs: whole("pause-seconds") * 1_000,
      candlesPerSecond: whole("candles-per-second"),
      seed,
      onProgress: (line) => console.error(line),
    });
    printFigures({
      rounds,
      ...toFigures(result),
      seed,
      stolenPct: stolenPct(ticksBefore, await processorTicks()),
      seconds: Math.round((performance.now() - startedAtMs) / 1_000),
    }, { json: values["json"] === true });
    const { overlaps, lost, duplicated } = result;
    return printFindings({ overlaps, lost, duplicated }, seed);
  }),
);
