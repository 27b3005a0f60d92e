import type { BacktestReport } from "../../contracts/backtest_report.ts";
import { Gain, Known, Money } from "../Amount.tsx";
import {
  formatCount,
  formatDecimal,
  formatPercent,
  plural,
  quoteOf,
  UNKNOWN,
} from "../format.ts";
import { PercentGain } from "./RunList.tsx";
import { Kpi } from "../Kpi.tsx";

const REASON = "The report does not tell it";

/** The figures of a run, each with what it is to be held against. */
export function ResultKpis({ report }: { report: BacktestReport }) {
  const { summary, metrics, baselines, data } = report;
  const unit = quoteOf(data.symbol);
  const { buyAndHold, randomEntry } = baselines;
  const hold = (
    value: number | null | undefined,
    text: (value: number) => string,
  ) => value === null || value === undefined ? "" : `hold ${text(value)}`;
  const percent = (value: number) =>
    formatPercent(value, { digits: 2, signed: true });
  return (
    <section
      class="kpis result-kpis"
      aria-label="Figures"
      data-testid="result-kpis"
    >
      <Kpi
        name="Return"
        sub={hold(buyAndHold?.returnPct, percent) || "of the initial capital"}
      >
        <PercentGain value={summary.returnPct} reason="The equity is unknown" />
      </Kpi>
      <Kpi
        name="Net result"
        sub={`fees ${formatDecimal(summary.feesPaid)} ${unit}`}
      >
        <Gain
          value={summary.netPnl}
          unit={unit}
          reason="The equity is unknown"
        />
      </Kpi>
      <Kpi
        name="Max drawdown"
        sub={hold(buyAndHold?.maxDrawdownPct, (value) => formatPercent(-value))}
      >
        {formatPercent(
          summary.maxDrawdownPct === 0 ? 0 : -summary.maxDrawdownPct,
        )}
      </Kpi>
      <Kpi
        name="Sharpe ratio"
        sub={[
          hold(buyAndHold?.sharpe, (value) => formatDecimal(value)),
          metrics.sharpeError === null
            ? ""
            : `± ${formatDecimal(metrics.sharpeError)} error`,
        ].filter(Boolean).join(" · ") || "per year"}
      >
        <Known
          text={formatDecimal(summary.sharpe)}
          reason="Fewer than two days, or no deviation"
        />
      </Kpi>
      <Kpi
        name="Sortino ratio"
        sub={hold(buyAndHold?.sortino, (value) => formatDecimal(value)) ||
          "per year"}
      >
        <Known
          text={formatDecimal(summary.sortino)}
          reason="Fewer than two days, or no losing day"
        />
      </Kpi>
      <Kpi name="Profit factor" sub="won over lost; holding has no trades">
        <Known
          text={formatDecimal(summary.profitFactor)}
          reason="No losing trade"
        />
      </Kpi>
      <Kpi
        name="Win rate"
        sub={metrics.payoffRatio === null
          ? "of the trades"
          : `average win is ${formatDecimal(metrics.payoffRatio)} × the loss`}
      >
        <Known text={formatPercent(summary.winRatePct)} reason="No trade" />
      </Kpi>
      <Kpi
        name="Expectancy"
        sub="mean result of a trade"
      >
        <Known
          text={metrics.expectancyR === null
            ? UNKNOWN
            : `${formatDecimal(metrics.expectancyR, { signed: true })} R`}
          reason={REASON}
        />
      </Kpi>
      <Kpi
        name="Trades"
        sub={`longest losing streak ${formatCount(metrics.longestLossStreak)}`}
      >
        {formatCount(summary.trades)}
      </Kpi>
      <Kpi name="Exposure" sub="of the candles in a position">
        {formatPercent(metrics.exposurePct)}
      </Kpi>
      <Kpi name="Funding" sub="paid, or received where negative">
        <Money value={metrics.fundingPaid} unit={unit} reason={REASON} />
      </Kpi>
      <Kpi
        name="Random entries"
        sub={randomEntry === null
          ? "not run"
          : `median of ${plural(randomEntry.runs, "run")}`}
      >
        <PercentGain
          value={randomEntry?.returnPct.p50 ?? null}
          reason="Runs with random entries were left out"
        />
      </Kpi>
    </section>
  );
}
