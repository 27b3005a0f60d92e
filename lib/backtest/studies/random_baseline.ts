import type { AgentConfig } from "../../contracts/agent_config.ts";
import type {
  BacktestSummary,
  Baselines,
} from "../../contracts/backtest_report.ts";
import { distributionOf } from "../metrics/mod.ts";
import type { JobRunner } from "../workers/job.ts";
import type { EntryPlan } from "./entry_plans.ts";
import type { CandleRange } from "./sweep.ts";

/** Runs with random entries, and where the strategy stands among them; null without entries to draw from. */
export async function runRandomEntries(
  runner: JobRunner,
  options: {
    config: AgentConfig;
    range: CandleRange;
    plans: readonly EntryPlan[];
    runs: number;
    strategy: BacktestSummary;
  },
): Promise<Baselines["randomEntry"]> {
  const { config, range, plans, runs, strategy } = options;
  if (runs === 0 || plans.length === 0) return null;
  const { seed } = config;
  const results = await Promise.all(
    Array.from({ length: runs }, (_, index) =>
      runner.run({
        ...range,
        config,
        random: { seed: seed + index, plans },
        keeps: "summary",
      })),
  );
  const returns = known(results.map(({ summary }) => summary.returnPct));
  if (returns.length === 0) return null;
  const sharpes = known(results.map(({ summary }) => summary.sharpe));
  const own = strategy.returnPct;
  const beaten = own === null
    ? 0
    : returns.filter((value) => value <= own).length;
  return {
    runs,
    seed,
    returnPct: distributionOf(returns),
    sharpe: sharpes.length === 0 ? null : distributionOf(sharpes),
    beatenSharePct: 100 * beaten / returns.length,
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
