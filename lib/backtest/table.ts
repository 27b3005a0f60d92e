import type { AgentConfig } from "../contracts/agent_config.ts";
import type { DeskEvent } from "../contracts/order.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import type { BacktestSummary } from "../contracts/backtest_report.ts";

/** What the table shows besides the result. */
export interface TableContext {
  templateName: string;
  config: AgentConfig;
  candles: CandleSeries;
  /** The last change of the trading state, or null if trading stayed active. */
  lastStateChange: TradingStateChanged | null;
}

/** What the desk says when it stops an agent from trading, or lets it again. */
export type TradingStateChanged = Extract<
  DeskEvent,
  { type: "TradingStateChanged" }
>;

const DASH = "—";

/** The result as an aligned table for a person, with what is unknown and why. */
export function toTable(
  result: BacktestSummary,
  context: TableContext,
): string {
  const { config } = context;
  const quote = config.symbol.slice(config.symbol.indexOf("/") + 1);
  const rows: [string, string][] = [
    ["Template", context.templateName],
    ["Market", `${config.symbol} ${config.timeframe}`],
    ["Candles", describeCandles(context.candles)],
    ["Trades", describeTrades(result)],
    ["Trading at the end", describeState(context)],
    [
      "Net result",
      result.netPnl === null || result.returnPct === null
        ? `${DASH} (the equity is unknown)`
        : `${signed(Number(result.netPnl))} ${quote} (${
          signed(result.returnPct)
        } % of ${config.risk.initialCapital} ${quote})`,
    ],
    ["Buy and hold", `${signed(buyAndHoldPct(context.candles))} %`],
    ["Largest drawdown", `${fixed(result.maxDrawdownPct)} %`],
    ["Fees paid", `${fixed(Number(result.feesPaid))} ${quote}`],
    [
      "Sharpe ratio",
      ratio(result.sharpe, "fewer than two days, or no deviation"),
    ],
    [
      "Sortino ratio",
      ratio(result.sortino, "fewer than two days, or no losing day"),
    ],
    ["Profit factor", ratio(result.profitFactor, "no losing trade")],
    ["Trades hash", result.tradesHash],
    [
      "Speed",
      `${fixed(result.seconds)} s, ${
        grouped(result.candlesPerSecond)
      } candles a second`,
    ],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return [
    "Backtest: simulated, costs included; past results say nothing about the future.",
    "",
    ...rows.map(([label, value]) => label.padEnd(width) + value),
    "",
    "An open position counts at the last close. Ratios are from daily returns of market time, 365 days a year.",
    "",
  ].join("\n");
}

function describeCandles(candles: CandleSeries): string {
  const { gaps, longestGapMs } = candles.gapReport;
  const holes = gaps === 0
    ? "no gaps"
    : `${grouped(gaps)} ${gaps === 1 ? "gap" : "gaps"}, longest ${
      fixed(longestGapMs / 3_600_000)
    } h`;
  const first = minute(candles.openAt(0));
  const last = minute(candles.openAt(candles.length - 1));
  return `${grouped(candles.length)}, ${first} to ${last} UTC, ${holes}`;
}

function describeTrades({ trades, winRatePct }: BacktestSummary): string {
  return winRatePct === null
    ? grouped(trades)
    : `${grouped(trades)} (${fixed(winRatePct)} % won)`;
}

function describeState({ lastStateChange, candles }: TableContext): string {
  if (lastStateChange === null) return "active";
  const { to, seq, reason } = lastStateChange;
  const since = `${to} since ${minute(candles.openAt(seq))} UTC`;
  return to === "active" ? since : `${since}: ${reason}`;
}

function buyAndHoldPct(candles: CandleSeries): number {
  const { open } = candles.candle(0);
  return 100 * (candles.candle(candles.length - 1).close / open - 1);
}

function ratio(value: number | null, reason: string): string {
  return value === null ? `${DASH} (${reason})` : fixed(value);
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${fixed(value)}`;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
