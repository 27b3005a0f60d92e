// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task chaos`: kills the real server again and again and checks that
 * nothing was lost and nothing happened twice. See `--help`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { runCampaign } from "../tests/chaos/campaign.ts";
import type { CampaignResult } from "../tests/chaos/campaign_result.ts";
import { FINDINGS_SHOWN } from "../tests/chaos/limits.ts";
import { processorTicks, stolenPct } from "../tests/support/processor_time.ts";
import { toFigures } from "../tests/chaos/figures.ts";

const HELP =
  `Kills the server with SIGKILL at random points and checks its books.

Usage: deno task chaos [options]

  --kills N    how often the server process is killed (default 10)
  --agents N   agents that run meanwhile (default 12)
  --seed N     seed of the kill points, commands and candles (default: by chance)
  --json       one line of JSON instead of the table
  --keep       keep the folder with store, journals and candles, and say where
  --help       this text

The server runs as with deno task start, on a temporary folder. The larger part
of the agents, eight at most, trades live at a fake venue in a process of its
own, which is faulty by chance and has minutes of 200 ms. Of the others some
trade on paper with its prices, some on the simulated market, some replay files
that the task makes. All but the replays get commands.

At the end live agents close and stop. The journals are read by a ledger of its
own and compared with the stored trades, the events, the backtests, and what the
venue says of orders, trades, positions and money.

recoveryMs is the time from a kill until every agent is where it is wanted.
Ctrl-C ends the server and removes the folder.
Exit codes: 0 nothing lost or duplicated, 1 otherwise, 2 wrong usage, 130 interrupted.`;

const OPTIONS = {
  kills: { type: "string", default: "10" },
  agents: { type: "string", default: "12" },
  seed: { type: "string" },
  json: { type: "boolean", default: false },
  keep: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** What ends a campaign early; its server and its folder end with it. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const INTERRUPTED = new Error("Interrupted");
/** As shells have it. */
const INTERRUPTED_CODE = 130;

/** Greatest values that the options take. */
const MAXIMA = { kills: 10_000, agents: 200, seed: 2_147_483_647 } as const;

interface Arguments {
  kills: number;
  agents: number;
  seed: number;
  json: boolean;
  keep: boolean;
}

/** Reads the command line: the arguments, null for help, or a sentence. */
function readArguments(args: readonly string[]): Arguments | null | string {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS }));
  } catch (error) {
    return `${(error as Error).message.split(/\. |\n/)[0]}; see --help`;
  }
  if (values.help) return null;
  const chance = crypto.getRandomValues(new Uint16Array(1))[0]!;
  const seed = values.seed ?? String(chance);
  const numbers = { kills: values.kills, agents: values.agents, seed };
  for (const name of ["kills", "agents", "seed"] as const) {
    const value = Number(numbers[name]);
    const min = name === "seed" ? 0 : 1;
    if (
      !/^\d+$/.test(numbers[name]) || value < min || value > MAXIMA[name]
    ) {
      return `--${name} must be a whole number from ${min} to ${
        MAXIMA[name]
      }, was "${numbers[name]}"`;
    }
  }
  return {
    kills: Number(numbers.kills),
    agents: Number(numbers.agents),
    seed: Number(seed),
    json: values.json,
    keep: values.keep,
  };
}

async function chaos(args: Arguments): Promise<number> {
  const { kills, agents, seed, json, keep } = args;
  const folder = await Deno.makeTempDir({ prefix: "smc-fleet-chaos-" });
  const startedAtMs = performance.now();
  const ticksBefore = await processorTicks();
  const abort = new AbortController();
  const interrupt = () => abort.abort(INTERRUPTED);
  for (const signal of SIGNALS) Deno.addSignalListener(signal, interrupt);
  try {
    const result = await runCampaign({
      signal: abort.signal,
      kills,
      agents,
      seed,
      folder,
      onProgress: (line) => console.error(line),
    });
    const figures = {
      ...toFigures(result),
      agents,
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
    console.error("Interrupted; the server has ended");
    return INTERRUPTED_CODE;
  } finally {
    if (keep) console.error(`Kept ${folder}`);
    else await Deno.remove(folder, { recursive: true });
  }
}

function explain(result: CampaignResult, seed: number): number {
  const { lost, duplicated } = result;
  if (lost.length + duplicated.length === 0) return 0;
  for (const [word, list] of Object.entries({ lost, duplicated })) {
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
} else Deno.exit(await chaos(parsed));
