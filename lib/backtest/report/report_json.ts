import type { BacktestReport } from "../../contracts/backtest_report.ts";

/** The report as JSON text with the keys of every object in order of their names, so that two reports can be compared line by line. */
export function toReportJson(report: BacktestReport): string {
  return `${JSON.stringify(report, withSortedKeys, 2)}\n`;
}

function withSortedKeys(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
      Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0),
    )
    : value;
}
