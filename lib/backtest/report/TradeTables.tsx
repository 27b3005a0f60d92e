import type {
  BacktestReport,
  PatternBreakdown,
} from "../../contracts/backtest_report.ts";
import type { Trade } from "../../contracts/order.ts";
import {
  formatCount,
  formatDecimal,
  formatDuration,
  formatPrice,
  formatQuantity,
  formatUtcDateTime,
  plural,
  quoteOf,
} from "../../ui/format.ts";
import { SHEET_REASON_CHARACTERS_MAX, SHEET_TRADES_MAX } from "./limits.ts";
import {
  Foreign,
  GainMoney,
  Known,
  Percent,
  Ratio,
  ScrollTable,
} from "./Values.tsx";

const DIRECTIONS = { long: "↗ long", short: "↘ short" } as const;
/** `orderBlock` as `order block`; `fvg` is the field's own abbreviation. */
function words(name: string): string {
  if (name === "fvg") return "FVG";
  return name.replaceAll("_", " ").replaceAll(
    /(?<=[a-z])[A-Z](?=[a-z])/g,
    (letter) => ` ${letter.toLowerCase()}`,
  );
}

function inR(value: string | number | null): string {
  return value === null ? "—" : formatDecimal(value, { signed: true });
}

/** Figures by strategy and direction. */
export function PatternTable(
  { patterns, unit }: { patterns: readonly PatternBreakdown[]; unit: string },
) {
  if (patterns.length === 0) return <p class="note">No closed trade.</p>;
  return (
    <ScrollTable caption="Trades by strategy and direction">
      <thead>
        <tr>
          <th scope="col" class="text">Strategy</th>
          <th scope="col" class="text">Direction</th>
          <th scope="col">Trades</th>
          <th scope="col">Win rate</th>
          <th scope="col">Net result ({unit})</th>
          <th scope="col">Expectancy (R)</th>
          <th scope="col">Profit factor</th>
        </tr>
      </thead>
      <tbody>
        {patterns.map((pattern) => (
          <tr key={`${pattern.strategy} ${pattern.direction}`}>
            <th scope="row">
              <Foreign text={words(pattern.strategy)} />
            </th>
            <td class="text">{DIRECTIONS[pattern.direction]}</td>
            <td class="num">{formatCount(pattern.trades)}</td>
            <td>
              <Percent value={pattern.winRatePct} reason="" digits={1} />
            </td>
            <td>
              <GainMoney value={pattern.netPnl} reason="" />
            </td>
            <td>
              <Known
                text={inR(pattern.expectancyR)}
                reason="the risk of the trades is unknown"
              />
            </td>
            <td>
              <Ratio
                value={pattern.profitFactor}
                reason="there is no losing trade"
              />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function reasonsOf({ reasons }: Trade): string {
  const text = reasons.join("; ");
  return text.length <= SHEET_REASON_CHARACTERS_MAX
    ? text
    : `${text.slice(0, SHEET_REASON_CHARACTERS_MAX - 1)}…`;
}

function heldFor({ entryAt, exitAt }: Trade): string {
  return exitAt === entryAt ? "same candle" : formatDuration(exitAt - entryAt);
}

/** A trade with its reasons in a line of their own. */
function TradeRows({ trade, index }: { trade: Trade; index: number }) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" rowSpan={2}>{index + 1}</th>
        <td class="text nowrap">
          {formatUtcDateTime(trade.entryAt).slice(0, 16)}
        </td>
        <td class="text nowrap">{DIRECTIONS[trade.direction]}</td>
        <td class="text">
          <Foreign text={words(trade.strategy)} />
        </td>
        <td class="num">{formatQuantity(trade.quantity)}</td>
        <td class="num">{formatPrice(trade.entryPrice)}</td>
        <td class="num">{formatPrice(trade.exitPrice)}</td>
        <td class="text">{trade.exitRole}</td>
        <td class="num">{heldFor(trade)}</td>
        <td class="num">{formatDecimal(trade.fees)}</td>
        <td>
          <GainMoney value={trade.netPnl} reason="" />
        </td>
        <td class="num">{inR(trade.resultR)}</td>
      </tr>
      <tr class="reasons">
        <td class="text" colSpan={11}>
          <span class="keep">
            <span class="sr-only">Reasons:</span>{" "}
            <Foreign text={reasonsOf(trade)} />
          </span>
        </td>
      </tr>
    </tbody>
  );
}

/** The first trades, and how many more there were. */
export function TradeTable({ report }: { report: BacktestReport }) {
  const unit = quoteOf(report.config.symbol);
  const shown = report.trades.slice(0, SHEET_TRADES_MAX);
  const leftOut = report.trades.length - shown.length + report.tradesLeftOut;
  if (shown.length === 0) return <p class="note">No closed trade.</p>;
  return (
    <>
      <ScrollTable caption="Closed trades in order of time" tall>
        <thead>
          <tr>
            <th scope="col" class="text">No.</th>
            <th scope="col" class="text">Entered (UTC)</th>
            <th scope="col" class="text">Direction</th>
            <th scope="col" class="text">Strategy</th>
            <th scope="col">Quantity</th>
            <th scope="col">Entry</th>
            <th scope="col">Exit</th>
            <th scope="col" class="text">Exit by</th>
            <th scope="col">Held</th>
            <th scope="col">Fees</th>
            <th scope="col">Net ({unit})</th>
            <th scope="col">R</th>
          </tr>
        </thead>
        {shown.map((trade, index) => (
          <TradeRows key={trade.tradeId} trade={trade} index={index} />
        ))}
      </ScrollTable>
      {leftOut > 0 && (
        <p class="note">
          {`${
            plural(leftOut, "later trade")
          } left out here. All figures above count every trade.`}
        </p>
      )}
    </>
  );
}
