/** What is worked out where runs stand side by side. Pure. */
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { flatten } from "../spawn/config_values.ts";
import { CURVE } from "./curve.ts";

/** A setting that is not the same in all runs, with its value in each. */
export interface SettingDifference {
  /** Dotted path, such as `risk.leverage`. */
  path: string;
  values: readonly string[];
}

/** Settings that say nothing of how a run trades. */
const NEVER_COMPARED = /^\/(name|mode|feed|record|exchangeKeyId)(\/|$)/;

/** In what the configurations of runs differ. A setting that a run does not have is empty. */
export function differencesOf(
  reports: readonly Pick<BacktestReport, "config">[],
): readonly SettingDifference[] {
  const all = reports.map(({ config }) => flatten(config));
  const pointers = new Set(all.flatMap((values) => Object.keys(values)));
  return [...pointers].filter((pointer) => !NEVER_COMPARED.test(pointer))
    .map((pointer) => ({
      path: pointer.slice(1).replaceAll("/", "."),
      values: all.map((values) => String(values[pointer] ?? "")),
    }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Curves of several runs on one scale. */
export interface ComparedCurves {
  /** Points of each line; null for a run without a curve. */
  lines: readonly (string | null)[];
  /** Return in percent at the bottom and the top of the picture. */
  lowPct: number;
  highPct: number;
  /** Height of the line of no gain. */
  zeroY: number;
  firstAt: EpochMs;
  lastAt: EpochMs;
}

/** Places the returns of runs, each over its own capital, by time. Null where no run has a curve. */
export function comparedCurves(
  reports: readonly Pick<BacktestReport, "equity" | "config">[],
): ComparedCurves | null {
  const curves = reports.map(({ equity, config }) => {
    const capital = Number(config.risk.initialCapital);
    return equity.map(({ at, equity }) => ({
      at,
      pct: (Number(equity) / capital - 1) * 100,
    }));
  });
  const points = curves.flat();
  if (points.length < 2) return null;
  let [low, high, firstAt, lastAt] = [0, 0, Infinity, -Infinity];
  for (const { at, pct } of points) {
    low = Math.min(low, pct);
    high = Math.max(high, pct);
    firstAt = Math.min(firstAt, at);
    lastAt = Math.max(lastAt, at);
  }
  const room = (high - low || 1) * 0.06;
  low -= room;
  high += room;
  const xOf = (at: number) =>
    round((at - firstAt) / (lastAt - firstAt || 1) * CURVE.width);
  const yOf = (pct: number) =>
    round(CURVE.height * (1 - (pct - low) / (high - low)));
  return {
    lines: curves.map((curve) =>
      curve.length < 2
        ? null
        : curve.map(({ at, pct }) => `${xOf(at)},${yOf(pct)}`).join(" ")
    ),
    lowPct: low,
    highPct: high,
    zeroY: yOf(0),
    firstAt,
    lastAt,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
