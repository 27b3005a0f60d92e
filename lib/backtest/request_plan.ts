import type { AgentConfig } from "../contracts/agent_config.ts";
import type { BacktestRequest } from "../contracts/backtest.ts";
import { AppError } from "../core/errors.ts";
import { expandGrid, type ParameterSet } from "./studies/grid.ts";
import { cutsOf } from "./studies/look_ahead.ts";
import type { CandleRange } from "./studies/sweep.ts";
import { cutFolds, type Fold } from "./studies/walk_forward.ts";

/** What will be run, checked before anything is. */
export interface RequestPlan {
  range: CandleRange;
  sets: readonly ParameterSet[];
  folds: readonly Fold[];
  /** Candles of all runs together. */
  candles: number;
}

/**
 * Counts out what a request stands for.
 *
 * @throws {AppError} REQUEST_INVALID for a grid that leads nowhere.
 */
export function planOf(request: BacktestRequest, count: number): RequestPlan {
  const { study, config } = request;
  const range = { fromSeq: 0, toSeq: count };
  const sets = study.kind === "single" ? [] : setsOf(config, study.grid);
  const folds = study.kind === "walk_forward" ? cutFolds(range, study) : [];
  const [fold] = folds;
  const studied = fold === undefined
    ? (sets.length + 1) * count
    : folds.length * (sets.length * (fold.train.toSeq - fold.train.fromSeq) +
      fold.test.toSeq - fold.test.fromSeq);
  const checked = !request.lookAheadCheck
    ? 0
    : cutsOf(count).reduce((sum, cut) => sum + cut, 0) +
      (fold === undefined ? 0 : count);
  const random = request.randomEntryRuns * count;
  return { range, sets, folds, candles: studied + checked + random };
}

function setsOf(
  config: AgentConfig,
  grid: Parameters<typeof expandGrid>[1],
): readonly ParameterSet[] {
  const expanded = expandGrid(config, grid);
  if (expanded.ok) return expanded.sets;
  throw new AppError(
    "REQUEST_INVALID",
    expanded.errors.map(({ detail }) => detail).join("\n"),
    { status: 422, errors: expanded.errors },
  );
}
