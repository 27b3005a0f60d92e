import type { MonthReturn } from "../../contracts/backtest_report.ts";
import type { DecimalText } from "../../core/decimal.ts";
import { DAY_MS, type DayEquity } from "./returns.ts";

/**
 * Return of each calendar month (UTC) from the first to the last day, the first
 * one against the initial capital: compounded they are the total return. A month
 * without candles inside the run has 0. The list ends with the month in which the
 * equity is gone, because no later return can be computed.
 */
export function monthlyReturns(
  days: readonly DayEquity[],
  initialCapital: DecimalText | number,
): MonthReturn[] {
  const months: MonthReturn[] = [];
  let before = Number(initialCapital);
  let index = 0;
  const [first] = days;
  if (first === undefined) return months;
  for (let month = monthOf(first.day); index < days.length; month++) {
    if (!(before > 0)) break;
    let after = before;
    while (index < days.length && monthOf(days[index]!.day) === month) {
      after = days[index]!.equity;
      index++;
    }
    months.push({
      year: Math.floor(month / 12),
      month: month % 12 + 1,
      returnPct: 100 * (after / before - 1),
    });
    before = after;
  }
  return months;
}

/** Compounded return of months, in percent. */
export function compoundPct(months: readonly MonthReturn[]): number {
  const growth = months.reduce(
    (all, { returnPct }) => all * (1 + returnPct / 100),
    1,
  );
  return 100 * (growth - 1);
}

/** Months since the year 0. */
function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
