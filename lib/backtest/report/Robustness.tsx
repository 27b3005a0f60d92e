/**
 * What the result is held against: other orders of the same trades, buying and
 * holding, random entries, reruns on fewer candles.
 *
 * @module
 */
import type {
  BacktestReport,
  LookAheadCheck,
} from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatDecimal,
  formatPercent,
  plural,
} from "../../ui/format.ts";
import { type RangeRow, RangeTable } from "./RangeTable.tsx";
import {
  Foreign,
  GainPercent,
  Percent,
  Ratio,
  ScrollTable,
  Unknown,
} from "./Values.tsx";

const NOT_RUN = "it was not computed";
const NO_RETURNS = "it needs at least two days of known, positive equity";

/** The run beside buying and holding and the middle of the random entries. */
export function BaselineTable({ report }: { report: BacktestReport }) {
  const { summary, metrics, baselines } = report;
  const { buyAndHold, randomEntry } = baselines;
  return (
    <ScrollTable caption="The run and what it is held against">
      <thead>
        <tr>
          <th scope="col" class="text">What was done</th>
          <th scope="col">Return</th>
          <th scope="col">Largest drawdown</th>
          <th scope="col">Sharpe ratio</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">This run</th>
          <td>
            <GainPercent
              value={summary.returnPct}
              reason="the equity is unknown"
            />
          </td>
          <td>
            <Percent value={summary.maxDrawdownPct} reason={NOT_RUN} />
          </td>
          <td>
            <Ratio value={metrics.sharpe} reason={NO_RETURNS} />
          </td>
        </tr>
        <tr>
          <th scope="row">
            Buy and hold{buyAndHold !== null &&
              `, after costs of ${
                formatPercent(buyAndHold.costsPct, { digits: 2 })
              }`}
          </th>
          <td>
            <GainPercent
              value={buyAndHold?.returnPct ?? null}
              reason={NOT_RUN}
            />
          </td>
          <td>
            <Percent
              value={buyAndHold?.maxDrawdownPct ?? null}
              reason={NOT_RUN}
            />
          </td>
          <td>
            <Ratio
              value={buyAndHold?.sharpe ?? null}
              reason={buyAndHold === null ? NOT_RUN : NO_RETURNS}
            />
          </td>
        </tr>
        <tr>
          <th scope="row">
            Random entries{randomEntry !== null &&
              `, middle of ${plural(randomEntry.runs, "run")}`}
          </th>
          <td>
            <GainPercent
              value={randomEntry?.returnPct.p50 ?? null}
              reason={NOT_RUN}
            />
          </td>
          <td>
            <Unknown reason="it is not kept for random entries" />
          </td>
          <td>
            <Ratio value={randomEntry?.sharpe?.p50 ?? null} reason={NOT_RUN} />
          </td>
        </tr>
      </tbody>
    </ScrollTable>
  );
}

const signedPct = (value: number) =>
  formatPercent(value, { signed: true, digits: 1 });
const plainPct = (value: number) => formatPercent(value, { digits: 1 });

/** The same trades drawn anew. */
export function MonteCarloPart({ report }: { report: BacktestReport }) {
  const { monteCarlo, summary, config } = report;
  if (monteCarlo === null) {
    return <p class="note">The trades were not drawn anew.</p>;
  }
  return (
    <>
      <RangeTable
        caption={`The trades drawn anew with replacement, ${
          plural(monteCarlo.runs, "run")
        }, seed ${monteCarlo.seed}`}
        rows={[
          {
            label: "Return",
            range: monteCarlo.returnPct,
            actual: summary.returnPct,
            format: signedPct,
          },
          {
            label: "Largest drawdown",
            range: monteCarlo.maxDrawdownPct,
            actual: summary.maxDrawdownPct,
            format: plainPct,
          },
        ]}
      />
      <p>
        {formatPercent(monteCarlo.lossSharePct)} of the draws end with a loss;
        {" "}
        {formatPercent(monteCarlo.ruinSharePct)} reach the drawdown limit of
        {" "}
        {formatPercent(config.risk.maxDrawdownPct, {
          digits: 0,
        })}.{monteCarlo.ruinSharePct > 0 &&
          " There the agent would have stopped."}
      </p>
    </>
  );
}

/** Entries by chance with the same stops and targets. */
export function RandomEntryPart({ report }: { report: BacktestReport }) {
  const { randomEntry } = report.baselines;
  if (randomEntry === null) {
    return <p class="note">Runs with random entries were left out.</p>;
  }
  const sharpe: RangeRow[] = randomEntry.sharpe === null ? [] : [{
    label: "Sharpe ratio",
    range: randomEntry.sharpe,
    actual: report.metrics.sharpe,
    format: (value) => formatDecimal(value),
  }];
  return (
    <RangeTable
      caption={`Random entries with the same stops, targets and number of trades, ${
        plural(randomEntry.runs, "run")
      }, seed ${randomEntry.seed}`}
      rows={[{
        label: "Return",
        range: randomEntry.returnPct,
        actual: report.summary.returnPct,
        format: signedPct,
      }, ...sharpe]}
    />
  );
}

/** Whether the run knew what came later. */
export function LookAheadPart({ check }: { check: LookAheadCheck | null }) {
  if (check === null) {
    return (
      <p>
        <Unknown reason="the check was left out" /> Look-ahead was not checked.
      </p>
    );
  }
  const cuts = check.cuts.map(formatCount).join(", ");
  return check.agrees
    ? (
      <p>
        <strong class="ok">✓ No look-ahead found.</strong> Reruns on the first
        {" "}
        {cuts} candles made the same trades.
      </p>
    )
    : (
      <p>
        <strong class="danger">✕ Look-ahead found.</strong> Reruns on the first
        {" "}
        {cuts} candles differ:{" "}
        <Foreign text={check.difference ?? "no difference was noted"} />
      </p>
    );
}
