import type { ComponentChildren } from "preact";
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatDuration,
  formatMoney,
  formatPercent,
  quoteOf,
} from "../../ui/format.ts";
import { GainMoney, GainPercent, Known, Percent, Ratio } from "./Values.tsx";

const NO_EQUITY = "the equity is unknown";
const NO_TRADES = "there is no closed trade";
const NO_RETURNS = "it needs at least two days of known, positive equity";
const NO_LOSS = "there is no losing trade";

function Tile(
  { label, children, note }: {
    label: string;
    children: ComponentChildren;
    note?: ComponentChildren;
  },
) {
  return (
    <div class="tile">
      <dt>{label}</dt>
      <dd>{children}</dd>
      {note !== undefined && <dd class="sub">{note}</dd>}
    </div>
  );
}

/** The eight figures that are read first. */
export function KeyFigures({ report }: { report: BacktestReport }) {
  const { summary, metrics, config, baselines } = report;
  const unit = quoteOf(config.symbol);
  return (
    <dl class="tiles">
      <Tile
        label="Net result"
        note={`of ${formatMoney(config.risk.initialCapital, unit)}`}
      >
        <GainMoney value={summary.netPnl} unit={unit} reason={NO_EQUITY} />
      </Tile>
      <Tile
        label="Return"
        note={
          <>
            buy and hold {baselines.buyAndHold === null
              ? <Known text="—" reason="it was not computed" />
              : formatPercent(baselines.buyAndHold.returnPct, {
                signed: true,
                digits: 2,
              })}
          </>
        }
      >
        <GainPercent value={summary.returnPct} reason={NO_EQUITY} />
      </Tile>
      <Tile
        label="Largest drawdown"
        note={`limit ${
          formatPercent(config.risk.maxDrawdownPct, { digits: 0 })
        }`}
      >
        <Percent value={summary.maxDrawdownPct} reason={NO_EQUITY} />
      </Tile>
      <Tile label="Sharpe ratio" note="a year, ± standard error">
        <Ratio
          value={metrics.sharpe}
          error={metrics.sharpeError}
          reason={NO_RETURNS}
        />
      </Tile>
      <Tile label="Profit factor" note="won over lost">
        <Ratio value={summary.profitFactor} reason={NO_LOSS} />
      </Tile>
      <Tile
        label="Win rate"
        note={
          <>
            payoff <Ratio value={metrics.payoffRatio} reason={NO_LOSS} />
          </>
        }
      >
        <Percent value={summary.winRatePct} reason={NO_TRADES} digits={1} />
      </Tile>
      <Tile
        label="Trades"
        note={
          <>
            held{" "}
            <Known
              text={formatDuration(metrics.medianHoldMs)}
              reason={NO_TRADES}
            />{" "}
            (median)
          </>
        }
      >
        <span class="num">{formatCount(summary.trades)}</span>
      </Tile>
      <Tile label="Exposure" note="of the candles in a position">
        <Percent value={metrics.exposurePct} reason={NO_TRADES} digits={1} />
      </Tile>
    </dl>
  );
}
