/**
 * Pure work on chart data: joining answers, finding times, and the words that
 * stand for the picture.
 *
 * @module
 */
import type { EquityPoint } from "../../contracts/account.ts";
import type { Candle } from "../../contracts/candle.ts";
import type {
  ChartResponse,
  OverlayView,
  ZoneView,
} from "../../contracts/chart.ts";
import {
  formatPercent,
  formatPrice,
  formatUtcDateTime,
  plural,
} from "../format.ts";

/** Candles kept in the browser; older ones leave the chart. */
export const MAX_CANDLES = 2_000;

/** Joins what is known with a newer answer. Nothing appears twice. */
export function mergeCharts(
  known: ChartResponse,
  newer: ChartResponse,
): ChartResponse {
  const candles = mergeBy(known.candles, newer.candles, ({ seq }) => seq)
    .sort((a, b) => a.seq - b.seq).slice(-MAX_CANDLES);
  return {
    simulated: newer.simulated,
    candles,
    overlays: mergeOverlays(
      known.overlays,
      newer.overlays,
      candles[0]?.openAt ?? 0,
    ),
    decisions: mergeBy(
      known.decisions,
      newer.decisions,
      ({ intentId }) => intentId,
    )
      .sort((a, b) => a.seq - b.seq),
    trades: mergeBy(known.trades, newer.trades, ({ tradeId }) => tradeId)
      .sort((a, b) => a.exitSeq - b.exitSeq),
    equity: mergeBy(known.equity, newer.equity, ({ seq }) => seq)
      .sort((a, b) => a.seq - b.seq),
  };
}

function mergeBy<T>(
  known: readonly T[],
  newer: readonly T[],
  keyOf: (item: T) => string | number,
): T[] {
  const merged = new Map(known.map((item) => [keyOf(item), item]));
  for (const item of newer) merged.set(keyOf(item), item);
  return [...merged.values()];
}

function mergeOverlays(
  known: OverlayView,
  newer: OverlayView,
  fromAt: number,
): OverlayView {
  return {
    zones: mergeBy(known.zones, newer.zones, ({ id }) => id)
      .filter(({ toAt }) => toAt === null || toAt >= fromAt),
    structure: mergeBy(
      known.structure,
      newer.structure,
      (line) => `${line.kind}${line.bias}${line.toAt}`,
    ).filter(({ toAt }) => toAt >= fromAt),
    sweeps: mergeBy(
      known.sweeps,
      newer.sweeps,
      (sweep) => `${sweep.bias}${sweep.at}${sweep.price}`,
    ).filter((
      { at },
    ) => at >= fromAt),
    swings: mergeBy(
      known.swings,
      newer.swings,
      ({ bias, at }) => `${bias}${at}`,
    )
      .filter(({ at }) => at >= fromAt),
  };
}

/** Index of the last candle that opens at or before `at`; −1 before the first. */
export function indexAt(candles: readonly Candle[], at: number): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((candles[middle]?.openAt ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A point of a line on the chart: chart time in seconds. */
export interface LinePoint {
  time: number;
  value: number;
}

/** Equity and drawdown at the candles of a chart. */
export interface EquityCurves {
  equity: LinePoint[];
  /** Below the highest equity so far, in percent, never above 0. */
  drawdown: LinePoint[];
}

/**
 * Lays the equity curve onto the candles. What happened before the first candle
 * still counts: its last value begins the line, its peak the drawdown.
 */
export function equityCurves(
  candles: readonly Candle[],
  points: readonly EquityPoint[],
): EquityCurves {
  const curves: EquityCurves = { equity: [], drawdown: [] };
  const first = candles[0];
  if (first === undefined) return curves;
  let peak = -Infinity;
  const put = (seq: number, value: number) => {
    const candle = candles[seq - first.seq];
    if (candle === undefined) return;
    const time = candle.openAt / 1_000;
    const below = peak <= 0 ? 0 : (value - peak) / peak * 100;
    curves.equity.push({ time, value });
    curves.drawdown.push({ time, value: below });
  };
  points.forEach(({ seq, equity }, index) => {
    // The drawing needs a float; the figures beside the chart come from the text.
    const value = Number(equity);
    peak = Math.max(peak, value);
    const next = points[index + 1];
    const isLastBefore = seq < first.seq &&
      (next === undefined || next.seq > first.seq);
    if (isLastBefore) put(first.seq, value);
    else put(seq, value);
  });
  return curves;
}

/** Zones that are not ended, by kind. */
export function openZones(
  zones: readonly ZoneView[],
  kind: ZoneView["kind"],
): ZoneView[] {
  return zones.filter((zone) => zone.kind === kind && zone.state !== "ended");
}

/** The chart in words. */
export function describeChart(chart: ChartResponse, market: string): string {
  const first = chart.candles[0];
  const last = chart.candles.at(-1);
  if (first === undefined || last === undefined) {
    return `${market}: no candle yet.`;
  }
  const high = Math.max(...chart.candles.map((candle) => candle.high));
  const low = Math.min(...chart.candles.map((candle) => candle.low));
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
    `${market}, ${plural(chart.candles.length, "candle")} from ${
      formatUtcDateTime(first.openAt)
    } to ${formatUtcDateTime(last.openAt)} UTC.`,
    `Close ${formatPrice(last.close)}, ${
      formatPercent(change, { signed: true, digits: 2 })
    } over this range, between ${formatPrice(low)} and ${formatPrice(high)}.`,
    `${plural(openZones(zones, "order_block").length, "open order block")}, ${
      plural(openZones(zones, "fvg").length, "open fair value gap")
    }, ${plural(sweeps.length, "liquidity sweep")}.`,
    `${trend}. ${plural(chart.trades.length, "closed trade")} and ${
      plural(chart.decisions.length, "decision")
    } in this range.`,
  ].join(" ");
}

/** One candle in words, for the line above the chart and for keyboard reading. */
export function describeCandle(candle: Candle): string {
  return `${formatUtcDateTime(candle.openAt)} UTC · O ${
    formatPrice(candle.open)
  } · H ${formatPrice(candle.high)} · L ${formatPrice(candle.low)} · C ${
    formatPrice(candle.close)
  } · V ${formatPrice(candle.volume)}`;
}
