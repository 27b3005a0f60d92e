// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task soak`: whether a server stays as it is. See `--help`.
 *
 * @module
 */
import { MAXIMA, MESSAGES_PER_SECOND } from "../tests/load/limits.ts";
import { runSoak, warmUpMinutes } from "../tests/load/run_soak.ts";
import { soakText } from "../tests/load/soak_report.ts";
import { readWhole, runBounded } from "../tests/support/bounded_task.ts";

const HELP = `Lets a server of its own run with agents, and watches what grows.

Usage: deno task soak [options]

  --minutes N             how long (default 20)
  --warm-up-minutes N     how much of the begin is not judged (default a quarter
                          of it, 20 at most)
  --agents N              agents of several types on the simulated market
                          (default 50)
  --candles-per-second N  of each market (default ${MESSAGES_PER_SECOND})
  --json                  the verdict as JSON, with every look
  --help                  this text

Slopes are by least squares with a 95 % interval that takes off what
neighbouring looks repeat. A bound is broken when the lower end of a slope's
interval is above it: RSS 1 MiB/h; what is live of the main isolate's heap, and
of desk and feeds together, 1 MiB/h, of the agents' 1 MiB/h each; open files and
threads 1 per h; disk 45 MiB/h for each agent (those of each agent at ten candles
a second). Or when an actor is stuck at two looks. At that rate an agent's lists
fill for an hour and a half, and a short soak cannot prove a flat line: see the
interval.
Exit codes: 0 sound, 1 a bound is broken or the server failed, 2 wrong usage,
130 interrupted.`;

const OPTIONS = {
  minutes: { type: "string", default: "20" },
  "warm-up-minutes": { type: "string" },
  agents: { type: "string", default: "50" },
  "candles-per-second": {
    type: "string",
    default: String(MESSAGES_PER_SECOND),
  },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** A line of progress comes with every so many looks. */
const TOLD_EVERY = 12;

let looksTold = 0;

Deno.exit(
  await runBounded({ help: HELP, options: OPTIONS }, async (values, run) => {
    const looks: unknown[] = [];
    const minutes = readWhole(values, "minutes", {
      min: 1,
      max: MAXIMA.minutes,
    });
    const verdict = await runSoak({
      ...run,
      minutes,
      warmUpMinutes: values["warm-up-minutes"] === undefined
        ? warmUpMinutes(minutes)
        : readWhole(values, "warm-up-minutes", { min: 0, max: minutes - 1 }),
      agents: readWhole(values, "agents", { min: 2, max: MAXIMA.agents }),
      candlesPerSecond: readWhole(values, "candles-per-second", {
        min: 1,
        max: MAXIMA.candlesPerSecond,
      }),
      onSample({ buckets: _, agents, ...figures }) {
        if (values["json"] === true) looks.push(figures);
        if (looksTold++ % TOLD_EVERY > 0) return;
        const running = agents.filter(({ isRunning }) => isRunning).length;
        console.error(
          `${(figures.atMs / 60_000).toFixed(1)} min: RSS ${
            figures.rssMiB?.toFixed(0) ?? "—"
          } MiB, ${figures.handles ?? "—"} open files, disk ${
            figures.diskMiB?.toFixed(1) ?? "—"
          } MiB, ${running} agents run`,
        );
      },
    });
    console.log(
      values["json"]
        ? JSON.stringify({ ...verdict, looks })
        : soakText(verdict),
    );
    return verdict.isSound ? 0 : 1;
  }),
);
