/** Tables of a result: months, patterns, and what chance would have done. */
import type { ComponentChildren } from "preact";
import type {
  BacktestReport,
  Distribution,
  MonthReturn,
  PatternBreakdown,
} from "../../contracts/backtest_report.ts";
import { Gain, Known } from "../Amount.tsx";
import { Card } from "../Card.tsx";
import { EmptyState } from "../Feedback.tsx";
import {
  formatCount,
  formatDecimal,
  formatPercent,
  MONTH_NAMES,
  plural,
} from "../format.ts";
import { strategyShort } from "../strategy_words.ts";
import { PercentGain } from "./RunList.tsx";

/** A table in a region of its own that scrolls by itself. */
export function TableCard(
  { title, caption, head, children, testId }: {
    title: string;
    caption: string;
    /** `key` where two columns may have the same label. */
    head: readonly { label: string; isNumber?: boolean; key?: string }[];
    children: ComponentChildren;
    testId?: string;
  },
) {
  return (
    <Card title={title}>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label={`${title}, scrollable`}
      >
        <table
          class="table"
          {...(testId === undefined ? {} : { "data-testid": testId })}
        >
          <caption>{caption}</caption>
          <thead>
            <tr>
              {head.map(({ label, isNumber = false, key = label }) => (
                <th
                  key={key}
                  scope="col"
                  {...(isNumber ? { class: "cell-num" } : {})}
                >
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </Card>
  );
}

/** Returns by year and month. */
export function MonthTable({ months }: { months: readonly MonthReturn[] }) {
  if (months.length === 0) {
    return (
      <Card title="Months">
        <EmptyState title="The run has no whole curve by month" />
      </Card>
    );
  }
  const years = [...new Set(months.map(({ year }) => year))];
  const find = (year: number, month: number) =>
    months.find((each) => each.year === year && each.month === month) ?? null;
  return (
    <TableCard
      title="Months"
      caption="Return of each month in percent; the first and last may be parts"
      head={[
        { label: "Year" },
        ...MONTH_NAMES.map((label) => ({ label, isNumber: true })),
      ]}
    >
      {years.map((year) => (
        <tr key={year}>
          <th scope="row">{year}</th>
          {MONTH_NAMES.map((label, index) => {
            const found = find(year, index + 1);
            return (
              <td key={label} class={`cell-num ${toneOf(found)}`}>
                {found === null ? "" : monthText(found)}
              </td>
            );
          })}
        </tr>
      ))}
    </TableCard>
  );
}

function monthText({ returnPct }: MonthReturn): string {
  return formatDecimal(returnPct, { signed: true });
}

function toneOf(found: MonthReturn | null): string {
  if (found === null) return "";
  const text = monthText(found);
  if (text.startsWith("+")) return "month-gain";
  return text.startsWith("−") ? "month-loss" : "";
}

/** Which pattern earned and which one lost. */
export function PatternTable(
  { patterns }: { patterns: readonly PatternBreakdown[] },
) {
  if (patterns.length === 0) {
    return (
      <Card title="Patterns">
        <EmptyState title="Nothing was traded" />
      </Card>
    );
  }
  return (
    <TableCard
      title="Patterns"
      caption="Trades by strategy and direction"
      head={[
        { label: "Strategy" },
        { label: "Side" },
        { label: "Trades", isNumber: true },
        { label: "Won", isNumber: true },
        { label: "Net", isNumber: true },
        { label: "Expectancy R", isNumber: true },
        { label: "Profit factor", isNumber: true },
      ]}
    >
      {patterns.map((row) => (
        <tr key={`${row.strategy} ${row.direction}`}>
          <th scope="row">{strategyShort(row.strategy)}</th>
          <td>{row.direction === "long" ? "▲ long" : "▼ short"}</td>
          <td class="cell-num">{formatCount(row.trades)}</td>
          <td class="cell-num">{formatPercent(row.winRatePct)}</td>
          <td class="cell-num">
            <Gain value={row.netPnl} reason="" />
          </td>
          <td class="cell-num">
            <Known
              text={formatDecimal(row.expectancyR, { signed: true })}
              reason="No money at risk is known"
            />
          </td>
          <td class="cell-num">
            <Known
              text={formatDecimal(row.profitFactor)}
              reason="No losing trade"
            />
          </td>
        </tr>
      ))}
    </TableCard>
  );
}

/** What the result is to be held against, and what other orders of the same trades give. */
export function ChanceTable({ report }: { report: BacktestReport }) {
  const { summary, baselines, monteCarlo, lookAhead } = report;
  const { buyAndHold, randomEntry } = baselines;
  return (
    <TableCard
      title="Against chance and the market"
      caption="Return in percent: the 5th, 50th and 95th of 100 draws"
      head={[
        { label: "What" },
        { label: "Low", isNumber: true },
        { label: "Middle", isNumber: true },
        { label: "High", isNumber: true },
        { label: "Means" },
      ]}
    >
      <ChanceRow name="This run" middle={summary.returnPct}>
        {lookAhead === null
          ? "look-ahead was not checked"
          : lookAhead.agrees
          ? `the same trades on ${plural(lookAhead.cuts.length, "shorter run")}`
          : "differs on shorter data: it looks ahead"}
      </ChanceRow>
      <ChanceRow
        name="Buy and hold"
        middle={buyAndHold?.returnPct ?? null}
      >
        {buyAndHold === null
          ? "not computed"
          : `drawdown ${formatPercent(-buyAndHold.maxDrawdownPct)}`}
      </ChanceRow>
      <ChanceRow name="Random entries" spread={randomEntry?.returnPct ?? null}>
        {randomEntry === null
          ? "not run"
          : `${formatPercent(randomEntry.beatenSharePct, { digits: 0 })} of ${
            plural(randomEntry.runs, "run")
          } did no better`}
      </ChanceRow>
      <ChanceRow
        name="Same trades, other orders"
        spread={monteCarlo?.returnPct ?? null}
      >
        {monteCarlo === null
          ? "not run"
          : `${
            formatPercent(monteCarlo.lossSharePct, { digits: 0 })
          } of the draws lose, ${
            formatPercent(monteCarlo.ruinSharePct)
          } reach the drawdown limit`}
      </ChanceRow>
    </TableCard>
  );
}

function ChanceRow(
  { name, middle = null, spread = null, children }: {
    name: string;
    middle?: number | null;
    spread?: Distribution | null;
    children: ComponentChildren;
  },
) {
  const reason = "Not part of this report";
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="cell-num">
        {spread === null
          ? ""
          : <PercentGain value={spread.p5} reason={reason} />}
      </td>
      <td class="cell-num">
        <PercentGain value={spread?.p50 ?? middle} reason={reason} />
      </td>
      <td class="cell-num">
        {spread === null
          ? ""
          : <PercentGain value={spread.p95} reason={reason} />}
      </td>
      <td class="muted">{children}</td>
    </tr>
  );
}
