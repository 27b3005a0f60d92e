// deno-lint-ignore-file no-console -- prints for people
/**
 * `deno task soak`: whether a server stays as it is. See `--help`.
 *
 * @module
 */
import { MAXIMA } from "../tests/load/limits.ts";
import { runSoak } from "../tests/load/run_soak.ts";
import { soakText } from "../tests/load/soak_report.ts";
import { readWhole, runBounded } from "../tests/support/bounded_task.ts";

const HELP = `Lets a server of its own run with agents, and watches what grows.

Usage: deno task soak [options]

  --minutes N  how long (default 20)
  --agents N   agents of several types on the simulated market (default 50)
  --json       the verdict as JSON, with every look
  --help       this text

The first quarter, 20 minutes at most, is warm-up and not judged. Slopes are by
least squares with a 95 % interval that takes off what neighbouring looks
repeat. A bound is broken when the lower end of a slope's interval is above it:
RSS 1 MiB/h, open files and threads 1 per h, disk 45 MiB/h for each agent; or when an actor
is stuck at two looks. A short soak cannot prove a flat line: see the interval.
Exit codes: 0 sound, 1 a bound is broken or the server failed, 2 wrong usage,
130 interrupted.`;

const OPTIONS = {
  minutes: { type: "string", default: "20" },
  agents: { type: "string", default: "50" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** A line of progress comes with every so many looks. */
const TOLD_EVERY = 12;

let looksTold = 0;

Deno.exit(
  await runBounded({ help: HELP, options: OPTIONS }, async (values, run) => {
    const looks: unknown[] = [];
    const verdict = await runSoak({
      ...run,
      minutes: readWhole(values, "minutes", { min: 1, max: MAXIMA.minutes }),
      agents: readWhole(values, "agents", { min: 2, max: MAXIMA.agents }),
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
