/**
 * The words that stand for the picture of a chart.
 *
 * @module
 */
import type { ChartResponse } from "../../contracts/chart.ts";
import {
  formatDecimal,
  formatPercent,
  formatPrice,
  formatUtcDateTime,
  plural,
} from "../format.ts";
import { openZones } from "./chart_data.ts";
import {
  type ChartFrame,
  type EquityCurves,
  type ShownCandle,
  valueAt,
} from "./chart_frame.ts";

/** The series that the arrow keys go through, top to bottom. */
export const SERIES = ["price", "volume", "equity", "drawdown"] as const;
export type SeriesName = (typeof SERIES)[number];

/** The series in words. */
export const SERIES_WORDS: Readonly<Record<SeriesName, string>> = {
  price: "Price",
  volume: "Volume",
  equity: "Equity",
  drawdown: "Drawdown",
};

/** The chart in words. `market` is a symbol. */
export function describeChart(
  chart: ChartResponse,
  { frame, market }: { frame: ChartFrame; market: string },
): string {
  const { candles, timeframe } = frame;
  const first = candles[0];
  const last = candles.at(-1);
  const name = `${market} ${timeframe}`;
  if (first === undefined || last === undefined) {
    return `${name}: no candle yet.`;
  }
  let { high, low } = first;
  for (const candle of candles) {
    high = Math.max(high, candle.high);
    low = Math.min(low, candle.low);
  }
  const change = first.open === 0
    ? null
    : (last.close - first.open) / first.open * 100;
  const { zones, structure, sweeps } = chart.overlays;
  const lastBreak = structure.at(-1);
  const trend = lastBreak === undefined
    ? "No structure break is known"
    : `Last structure break: ${lastBreak.kind === "bos" ? "BOS" : "CHoCH"} ${
      lastBreak.bias === 1 ? "up" : "down"
    } at ${formatPrice(lastBreak.price)}`;
  return [
    `${name}, ${plural(candles.length, "candle")} from ${
      formatUtcDateTime(first.openAt)
    } to ${formatUtcDateTime(last.openAt)} UTC${
      last.isRunning ? ", the last one still running" : ""
    }.`,
    `Close ${formatPrice(last.close)}, ${
      formatPercent(change, { signed: true, digits: 2 })
    } over this range, between ${formatPrice(low)} and ${formatPrice(high)}.`,
    `${plural(openZones(zones, "order_block").length, "open order block")}, ${
      plural(openZones(zones, "fvg").length, "open fair value gap")
    }, ${plural(sweeps.length, "liquidity sweep")}.`,
    `${trend}. ${plural(chart.trades.length, "closed trade")} and ${
      plural(chart.decisions.length, "decision")
    } on the chart.`,
  ].join(" ");
}

/** One candle in words, for the line above the chart and for keyboard reading. */
export function describeCandle(candle: ShownCandle): string {
  return `${timeOf(candle)} · O ${formatPrice(candle.open)} · H ${
    formatPrice(candle.high)
  } · L ${formatPrice(candle.low)} · C ${formatPrice(candle.close)} · V ${
    formatPrice(candle.volume)
  }`;
}

/** What one series says at a candle. */
export function describeSeries(
  candle: ShownCandle,
  { series, curves }: { series: SeriesName; curves: EquityCurves },
): string {
  switch (series) {
    case "price":
      return describeCandle(candle);
    case "volume":
      return `${timeOf(candle)} · Volume ${formatPrice(candle.volume)}`;
    case "equity":
      return `${timeOf(candle)} · Equity ${
        formatDecimal(valueAt(curves.equity, candle.openAt))
      }`;
    case "drawdown":
      return `${timeOf(candle)} · Drawdown ${
        formatPercent(valueAt(curves.drawdown, candle.openAt), { digits: 2 })
      }`;
  }
}

function timeOf({ openAt, isRunning }: ShownCandle): string {
  return `${formatUtcDateTime(openAt)} UTC${isRunning ? " (running)" : ""}`;
}
