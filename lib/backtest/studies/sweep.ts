import type { Objective } from "../../contracts/backtest.ts";
import type { SweepRow } from "../../contracts/backtest_report.ts";
import type { JobRunner } from "../workers/job.ts";
import type { ParameterSet } from "./grid.ts";
import { compareSets } from "./score.ts";

/** A part of the candles. */
export interface CandleRange {
  fromSeq: number;
  /** Candle after the last one. */
  toSeq: number;
}

/**
 * Runs every set over the same candles and puts the best first; equal ones stay
 * in the order of the grid, so that the number of workers changes nothing.
 */
export async function runSweep(
  runner: JobRunner,
  options: {
    sets: readonly ParameterSet[];
    objective: Objective;
    range: CandleRange;
  },
): Promise<readonly (SweepRow & { set: ParameterSet })[]> {
  const { sets, objective, range } = options;
  const rows = await Promise.all(sets.map(async (set) => {
    const { config, values } = set;
    const job = { ...range, config, objective, keeps: "summary" } as const;
    const { summary, score } = await runner.run(job);
    return { values, summary, score, set };
  }));
  return rows.toSorted(compareSets(objective));
}
