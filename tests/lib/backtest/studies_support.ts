/** What tests of studies share. */
import assert from "node:assert/strict";
import { expandGrid } from "../../../lib/backtest/studies/grid.ts";
import { simulated, testConfig } from "./setup.ts";

export const config = testConfig();

export const candles = simulated(3, 6_000);

export const range = { fromSeq: 0, toSeq: candles.length };

export const GRID = {
  "strategies.fvg.minGapAtr": [0.3, 0.6],
  "strategies.orderBlock.targetR": [1.5, 2.5],
};

export function setsOf(grid: Record<string, (number | string | boolean)[]>) {
  const expanded = expandGrid(config, grid);
  assert(expanded.ok, JSON.stringify(expanded));
  return expanded.sets;
}
