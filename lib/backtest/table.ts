import type { BacktestReport } from "../contracts/backtest_report.ts";
import { verdictOf } from "../ui/backtest/verdict.ts";
import { studyRows } from "./table_study.ts";
import { DASH, fixed, grouped, minute, ratio, signed } from "./table_values.ts";

/** A line of the table: label and value. */
export type TableRow = readonly [label: string, value: string];

/** The result as an aligned table for a person, with what is unknown and why. */
export function toTable(report: BacktestReport): string {
  const rows = [
    ...headRows(report),
    ...resultRows(report),
    ...studyRows(report),
    ...comparisonRows(report),
    ...runRows(report),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  const { result, alarm, comparisons, doubts } = verdictOf(report);
  const words = [result, alarm, ...comparisons, ...doubts];
  return [
    "Backtest: simulated, costs included; past results say nothing about the future.",
    "",
    ...rows.map(([label, value]) => label.padEnd(width) + value),
    "",
    ...words.filter((sentence) => sentence !== null),
    "",
    "An open position counts at the last close. Ratios are from daily returns of market time, 365 days a year.",
    "",
  ].join("\n");
}

function headRows({ template, data, config }: BacktestReport): TableRow[] {
  const { costs } = config;
  const source = data.simulatedCandles ? " (simulated candles)" : "";
  return [
    ["Template", template ?? DASH],
    ["Market", `${data.symbol} ${data.timeframe}${source}`],
    ["Candles", describeCandles(data)],
    [
      "Costs",
      [
        `fees ${costs.makerFeeBp} and ${costs.takerFeeBp} bp`,
        `slippage ${costs.slippageBp} bp`,
        `latency ${costs.latencyMs} ms`,
        `funding ${costs.fundingBpPer8h} bp per 8 h`,
      ].join(", "),
    ],
  ];
}

function resultRows(report: BacktestReport): TableRow[] {
  const { summary, metrics, config, endState } = report;
  const quote = config.symbol.slice(config.symbol.indexOf("/") + 1);
  return [
    ["Trades", describeTrades(report)],
    ["Trading at the end", endState ?? "active"],
    [
      "Net result",
      summary.netPnl === null || summary.returnPct === null
        ? `${DASH} (the equity is unknown)`
        : `${signed(Number(summary.netPnl))} ${quote} (${
          signed(summary.returnPct)
        } % of ${config.risk.initialCapital} ${quote})`,
    ],
    ["Largest drawdown", `${fixed(summary.maxDrawdownPct)} %`],
    ["Fees paid", `${fixed(Number(summary.feesPaid))} ${quote}`],
    ...(config.costs.fundingBpPer8h === 0 ? [] : [
      ["Funding paid", `${fixed(Number(metrics.fundingPaid))} ${quote}`],
    ] as const),
    ["Time in the market", `${fixed(metrics.exposurePct)} %`],
    [
      "Sharpe ratio",
      ratio(summary.sharpe, "fewer than two days, or no deviation"),
    ],
    [
      "Sortino ratio",
      ratio(summary.sortino, "fewer than two days, or no losing day"),
    ],
    ["Profit factor", ratio(summary.profitFactor, "no losing trade")],
  ];
}

function comparisonRows(report: BacktestReport): TableRow[] {
  const { baselines, monteCarlo, lookAhead } = report;
  const { buyAndHold, randomEntry } = baselines;
  const rows: TableRow[] = [];
  if (buyAndHold !== null) {
    rows.push([
      "Buy and hold",
      `${signed(buyAndHold.returnPct)} %, largest drawdown ${
        fixed(buyAndHold.maxDrawdownPct)
      } %`,
    ]);
  }
  if (randomEntry !== null) {
    const { p5, p50, p95, runs } = randomEntry.returnPct;
    rows.push([
      "Random entries",
      `${signed(p50)} % in the middle of ${runs} runs (${signed(p5)} to ${
        signed(p95)
      } %); no better than the strategy in ${
        fixed(randomEntry.beatenSharePct)
      } %`,
    ]);
  }
  if (monteCarlo !== null) {
    const { p5, p95 } = monteCarlo.returnPct;
    rows.push([
      "Trades drawn anew",
      `${signed(p5)} to ${signed(p95)} % in 9 of 10 of ${
        grouped(monteCarlo.runs)
      } orders, a loss in ${fixed(monteCarlo.lossSharePct)} %`,
    ]);
  }
  rows.push([
    "Look-ahead check",
    lookAhead === null
      ? "left out, or too few candles"
      : lookAhead.difference ??
        `${lookAhead.cuts.length} reruns on fewer candles, seen one by one, agree`,
  ]);
  return rows;
}

function runRows({ summary, runHash }: BacktestReport): TableRow[] {
  return [
    ["Trades hash", summary.tradesHash],
    ["Run hash", runHash],
    [
      "Speed",
      `${fixed(summary.seconds)} s, ${
        grouped(summary.candlesPerSecond)
      } candles a second`,
    ],
  ];
}

function describeCandles(data: BacktestReport["data"]): string {
  const { candles, gaps, longestGapMs, firstAt, lastAt } = data;
  const holes = gaps === 0
    ? "no gaps"
    : `${grouped(gaps)} ${gaps === 1 ? "gap" : "gaps"}, longest ${
      fixed(longestGapMs / 3_600_000)
    } h`;
  const span = firstAt === null || lastAt === null
    ? DASH
    : `${minute(firstAt)} to ${minute(lastAt)} UTC`;
  return `${grouped(candles)}, ${span}, ${holes}`;
}

function describeTrades(
  { summary: { trades, winRatePct } }: BacktestReport,
): string {
  return winRatePct === null
    ? grouped(trades)
    : `${grouped(trades)} (${fixed(winRatePct)} % won)`;
}
