import type { ComponentChildren } from "preact";
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatDecimal,
  formatDuration,
  formatMoney,
  formatPercent,
  quoteOf,
  UNKNOWN,
} from "../../ui/format.ts";
import { GainMoney, GainPercent, Known, Percent, Ratio } from "./Values.tsx";

const NO_EQUITY = "the equity is unknown";
const NO_TRADES = "there is no closed trade";
const NO_RETURNS = "it needs at least two days of known, positive equity";
const NO_LOSS = "there is no losing trade";
const NO_WIN = "there is no winning trade";
const SHORT = "it needs at least 20 days";
const NO_LOSING_DAY = "it needs two days, one of them with a loss";
const NO_FALL = "there was no drawdown";

interface Props {
  report: BacktestReport;
}

function FigureTable(
  { title, children }: { title: string; children: ComponentChildren },
) {
  return (
    <table class="figures">
      <caption>{title}</caption>
      <tbody>{children}</tbody>
    </table>
  );
}

function Figure(
  { label, children }: { label: string; children: ComponentChildren },
) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{children}</td>
    </tr>
  );
}

/** All figures besides those that are read first, in four tables. */
export function AllFigures({ report }: Props) {
  return (
    <div class="cards">
      <ReturnFigures report={report} />
      <RiskFigures report={report} />
      <TradeFigures report={report} />
      <CostFigures report={report} />
    </div>
  );
}

function ReturnFigures({ report: { metrics } }: Props) {
  return (
    <FigureTable title="Return">
      <Figure label="Return a year (CAGR)">
        <GainPercent value={metrics.cagrPct} reason={NO_RETURNS} />
      </Figure>
      <Figure label="Volatility a year">
        <Percent value={metrics.annualVolatilityPct} reason={NO_RETURNS} />
      </Figure>
      <Figure label="Sharpe ratio">
        <Ratio
          value={metrics.sharpe}
          error={metrics.sharpeError}
          reason={NO_RETURNS}
        />
      </Figure>
      <Figure label="Sortino ratio">
        <Ratio value={metrics.sortino} reason={NO_LOSING_DAY} />
      </Figure>
      <Figure label="Calmar ratio">
        <Ratio value={metrics.calmar} reason={NO_FALL} />
      </Figure>
      <Figure label="Omega ratio">
        <Ratio value={metrics.omega} reason={NO_LOSING_DAY} />
      </Figure>
      <Figure label="Best day">
        <GainPercent value={metrics.bestDayPct} reason={NO_RETURNS} />
      </Figure>
      <Figure label="Worst day">
        <GainPercent value={metrics.worstDayPct} reason={NO_RETURNS} />
      </Figure>
    </FigureTable>
  );
}

function RiskFigures({ report: { metrics, summary } }: Props) {
  const days = metrics.longestDrawdownDays;
  return (
    <FigureTable title="Risk">
      <Figure label="Largest drawdown, candle closes">
        <Percent value={summary.maxDrawdownPct} reason={NO_EQUITY} />
      </Figure>
      <Figure label="Largest drawdown, ends of days">
        <Percent value={metrics.maxDrawdownPct} reason={NO_EQUITY} />
      </Figure>
      <Figure label="Average drawdown">
        <Percent value={metrics.averageDrawdownPct} reason={NO_FALL} />
      </Figure>
      <Figure label="Longest drawdown">
        <Known
          text={days === null ? UNKNOWN : `${formatCount(days)} d`}
          reason={NO_FALL}
        />
      </Figure>
      <Figure label="Value at risk 95 %, one day">
        <Percent value={metrics.valueAtRisk95Pct} reason={SHORT} />
      </Figure>
      <Figure label="Expected shortfall 95 %, one day">
        <Percent value={metrics.expectedShortfall95Pct} reason={SHORT} />
      </Figure>
      <Figure label="Kelly fraction (use a quarter at most)">
        <Ratio
          value={metrics.kellyFraction}
          reason="it needs a winning and a losing trade"
        />
      </Figure>
    </FigureTable>
  );
}

function TradeFigures({ report: { metrics, config } }: Props) {
  const unit = quoteOf(config.symbol);
  const resultR = metrics.expectancyR === null
    ? UNKNOWN
    : `${formatDecimal(metrics.expectancyR, { signed: true })} R`;
  return (
    <FigureTable title="Trades">
      <Figure label="Expectancy (mean result)">
        <GainMoney value={metrics.expectancy} unit={unit} reason={NO_TRADES} />
      </Figure>
      <Figure label="Expectancy in R">
        <Known text={resultR} reason={NO_TRADES} />
      </Figure>
      <Figure label="Average win">
        <GainMoney value={metrics.averageWin} unit={unit} reason={NO_WIN} />
      </Figure>
      <Figure label="Average loss">
        <GainMoney value={metrics.averageLoss} unit={unit} reason={NO_LOSS} />
      </Figure>
      <Figure label="Largest win">
        <GainMoney value={metrics.largestWin} unit={unit} reason={NO_WIN} />
      </Figure>
      <Figure label="Largest loss">
        <GainMoney value={metrics.largestLoss} unit={unit} reason={NO_LOSS} />
      </Figure>
      <Figure label="Longest streaks">
        {`${formatCount(metrics.longestWinStreak)} won, ${
          formatCount(metrics.longestLossStreak)
        } lost`}
      </Figure>
    </FigureTable>
  );
}

function CostFigures({ report: { metrics, config } }: Props) {
  const unit = quoteOf(config.symbol);
  const isReceived = metrics.fundingPaid.startsWith("-");
  const turnover = metrics.turnover === null
    ? UNKNOWN
    : `${formatDecimal(metrics.turnover, { digits: 1 })} × initial capital`;
  return (
    <FigureTable title="Activity and costs">
      <Figure label="Fees paid">{formatMoney(metrics.feesPaid, unit)}</Figure>
      <Figure label={isReceived ? "Funding received" : "Funding paid"}>
        {formatMoney(metrics.fundingPaid.replace("-", ""), unit)}
      </Figure>
      <Figure label="Turnover">
        <Known text={turnover} reason="there is no initial capital" />
      </Figure>
      <Figure label="Exposure, part of the candles">
        {formatPercent(metrics.exposurePct)}
      </Figure>
      <Figure label="Average time in a trade">
        <Known
          text={formatDuration(metrics.averageHoldMs)}
          reason={NO_TRADES}
        />
      </Figure>
      <Figure label="Median time in a trade">
        <Known text={formatDuration(metrics.medianHoldMs)} reason={NO_TRADES} />
      </Figure>
      <Figure label="Longest time in a trade">
        <Known
          text={formatDuration(metrics.longestHoldMs)}
          reason={NO_TRADES}
        />
      </Figure>
    </FigureTable>
  );
}
