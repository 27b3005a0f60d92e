import {
  type DailyCorrelation,
  TELLING_DAYS,
} from "../../contracts/analytics.ts";
import { fromUnits } from "./trade_row.ts";

/** The results of an agent by day, in units. */
export interface DailyResults {
  id: string;
  days: ReadonlyMap<number, bigint>;
}

/**
 * Pearson's correlation of daily net results, two by two, over the days from
 * the later of both first closes to the earlier of both last ones. A day
 * without a close is a result of zero: nothing was won or lost on it.
 *
 * @param agents Days are days since 1970, each the sum of its closes.
 */
export function correlate(
  agents: readonly DailyResults[],
): DailyCorrelation[] {
  return agents.flatMap((one, place) =>
    agents.slice(place + 1).map((other) => correlationOf(one, other))
  );
}

function correlationOf(
  one: DailyResults,
  other: DailyResults,
): DailyCorrelation {
  const from = Math.max(edge(one, "first"), edge(other, "first"));
  const to = Math.min(edge(one, "last"), edge(other, "last"));
  const days = Math.max(0, to - from + 1);
  const pair = { one: one.id, other: other.id };
  if (!Number.isFinite(days) || days < TELLING_DAYS) {
    return {
      ...pair,
      days: Number.isFinite(days) ? days : 0,
      coefficient: null,
    };
  }
  const x: number[] = [];
  const y: number[] = [];
  for (let day = from; day <= to; day++) {
    x.push(Number(fromUnits(one.days.get(day) ?? 0n)));
    y.push(Number(fromUnits(other.days.get(day) ?? 0n)));
  }
  return { ...pair, days, coefficient: pearson(x, y) };
}

function edge({ days }: DailyResults, which: "first" | "last"): number {
  let found = which === "first" ? Infinity : -Infinity;
  for (const day of days.keys()) {
    found = which === "first" ? Math.min(found, day) : Math.max(found, day);
  }
  return found;
}

/** Null where one of both never changes. */
function pearson(x: readonly number[], y: readonly number[]): number | null {
  const meanX = mean(x);
  const meanY = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let index = 0; index < x.length; index++) {
    const dx = x[index]! - meanX;
    const dy = y[index]! - meanY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  if (!(xx > 0) || !(yy > 0)) return null;
  const value = xy / Math.sqrt(xx * yy);
  return Math.round(Math.max(-1, Math.min(1, value)) * 10_000) / 10_000 + 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
