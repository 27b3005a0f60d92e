import type {
  AnalyticsResponse,
  TradeFigures,
} from "../contracts/analytics.ts";
import { csvCell } from "./csv.ts";

const FIGURES: readonly (keyof TradeFigures)[] = [
  "trades",
  "wins",
  "winRatePct",
  "winRateLowPct",
  "winRateHighPct",
  "netPnl",
  "fees",
  "profitFactor",
  "expectancyR",
  "averageHoldMs",
  "isTooFew",
];

/** All groups as one table, the total first. What is not known is an empty cell. */
export function analyticsCsv(answer: AnalyticsResponse): string {
  const about = [answer.mode, answer.currency ?? ""];
  const row = (by: string, group: string, figures: TradeFigures) => [
    ...about,
    by,
    group,
    ...FIGURES.map((name) => String(figures[name] ?? "")),
  ];
  return [
    ["mode", "currency", "by", "group", ...FIGURES],
    row("total", "", answer.total),
    ...answer.breakdowns.flatMap(({ by, groups }) =>
      groups.map((group) =>
        row(by, group.name ?? group.key ?? "unknown", group)
      )
    ),
  ].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}
