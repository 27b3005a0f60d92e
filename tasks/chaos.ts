// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task chaos`: kills the real server again and again and checks that
 * nothing was lost and nothing happened twice. See `--help`.
 *
 * @module
 */
import { runCampaign } from "../tests/chaos/campaign.ts";
import {
  printFigures,
  printFindings,
  readSeed,
  readWhole,
  runBounded,
} from "../tests/support/bounded_task.ts";
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

/** Greatest values that the options take. */
const MAXIMA = { kills: 10_000, agents: 200 } as const;

Deno.exit(
  await runBounded({ help: HELP, options: OPTIONS }, async (values, run) => {
    const seed = readSeed(values);
    const agents = readWhole(values, "agents", { min: 1, max: MAXIMA.agents });
    const startedAtMs = performance.now();
    const ticksBefore = await processorTicks();
    const result = await runCampaign({
      ...run,
      kills: readWhole(values, "kills", { min: 1, max: MAXIMA.kills }),
      agents,
      seed,
      onProgress: (line) => console.error(line),
    });
    printFigures({
      ...toFigures(result),
      agents,
      seed,
      stolenPct: stolenPct(ticksBefore, await processorTicks()),
      seconds: Math.round((performance.now() - startedAtMs) / 1_000),
    }, { json: values["json"] === true });
    const { lost, duplicated } = result;
    return printFindings({ lost, duplicated }, seed);
  }),
);
