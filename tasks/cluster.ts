// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task cluster`: several hosts over one store, which are killed, stopped
 * and cut off, and checks that no agent ever has two owners. See `--help`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { FINDINGS_SHOWN } from "../tests/chaos/limits.ts";
import {
  type ClusterResult,
  runClusterCampaign,
} from "../tests/cluster/campaign.ts";
import { toFigures } from "../tests/cluster/figures.ts";
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

const NUMBERS = {
  rounds: { preset: "10", min: 1, max: 10_000 },
  agents: { preset: "60", min: 8, max: 190 },
  hosts: { preset: "3", min: 2, max: 20 },
  controls: { preset: "2", min: 1, max: 10 },
  "pause-seconds": { preset: "15", min: 1, max: 600 },
  seed: { preset: null, min: 0, max: 2_147_483_647 },
} as const;

type NumberName = keyof typeof NUMBERS;
type Arguments = Record<NumberName, number> & { json: boolean; keep: boolean };

/** What ends a campaign early; its processes and its folder end with it. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const INTERRUPTED = new Error("Interrupted");
/** As shells have it. */
const INTERRUPTED_CODE = 130;

/** Reads the command line: the arguments, null for help, or a sentence. */
function readArguments(args: readonly string[]): Arguments | null | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(
          Object.keys(NUMBERS).map((name) => [name, { type: "string" }]),
        ) as Record<NumberName, { type: "string" }>,
        json: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    return `${(error as Error).message.split(/\. |\n/)[0]}; see --help`;
  }
  if (values.help) return null;
  const chance = crypto.getRandomValues(new Uint16Array(1))[0]!;
  const numbers = {} as Record<NumberName, number>;
  for (const name of Object.keys(NUMBERS) as NumberName[]) {
    const { preset, min, max } = NUMBERS[name];
    const text = values[name] ?? preset ?? String(chance);
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      return `--${name} must be a whole number from ${min} to ${max}, was "${text}"`;
    }
    numbers[name] = value;
  }
  return { ...numbers, json: values.json!, keep: values.keep! };
}

async function cluster(args: Arguments): Promise<number> {
  const { json, keep, seed, ...numbers } = args;
  const folder = await Deno.makeTempDir({ prefix: "smc-fleet-cluster-" });
  const startedAtMs = performance.now();
  const ticksBefore = await processorTicks();
  const abort = new AbortController();
  const interrupt = () => abort.abort(INTERRUPTED);
  for (const signal of SIGNALS) Deno.addSignalListener(signal, interrupt);
  try {
    const result = await runClusterCampaign({
      ...numbers,
      pauseMs: numbers["pause-seconds"] * 1_000,
      seed,
      folder,
      signal: abort.signal,
      onProgress: (line) => console.error(line),
    });
    const figures = {
      rounds: numbers.rounds,
      ...toFigures(result),
      seed,
      stolenPct: stolenPct(ticksBefore, await processorTicks()),
      seconds: Math.round((performance.now() - startedAtMs) / 1_000),
    };
    if (json) console.log(JSON.stringify(figures));
    else {
      for (const [name, value] of Object.entries(figures)) {
        console.log(`${name.padEnd(26)} ${value}`);
      }
    }
    return explain(result, seed);
  } catch (error) {
    if (error !== INTERRUPTED) throw error;
    console.error("Interrupted; the processes have ended");
    return INTERRUPTED_CODE;
  } finally {
    if (keep) console.error(`Kept ${folder}`);
    else await Deno.remove(folder, { recursive: true });
  }
}

function explain(result: ClusterResult, seed: number): number {
  const { overlaps, lost, duplicated } = result;
  if (overlaps.length + lost.length + duplicated.length === 0) return 0;
  for (const [word, list] of Object.entries({ overlaps, lost, duplicated })) {
    for (const what of list.slice(0, FINDINGS_SHOWN)) {
      console.error(`${word}: ${what}`);
    }
    if (list.length > FINDINGS_SHOWN) {
      console.error(`${word}: and ${list.length - FINDINGS_SHOWN} more`);
    }
  }
  console.error(
    `Repeat it with --seed ${seed}; --keep leaves the folder to look at`,
  );
  return 1;
}

const parsed = readArguments(Deno.args);
if (parsed === null) console.log(HELP);
else if (typeof parsed === "string") {
  console.error(parsed);
  Deno.exit(2);
} else Deno.exit(await cluster(parsed));
