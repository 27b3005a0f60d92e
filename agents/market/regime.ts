/**
 * What the market is like at the newest candle, from the candles that an agent
 * keeps anyway. Computed only where an entry is decided on, so that nothing is
 * remembered for it and candles without a decision pay nothing.
 *
 * @module
 */
import type { DeskAction } from "../../lib/contracts/order.ts";
import type {
  MarketRegime,
  Trend,
  Volatility,
} from "../../lib/contracts/regime.ts";
import { type CandleSeries, SERIES_MASK } from "./candle_series.ts";
import { DirectionalMovement } from "./directional_movement.ts";

/**
 * Candles that the trend is computed over. Wilder's mean never forgets; what
 * was before them weighs (13 ÷ 14)^120, less than 0.02 %, when the first 28 have
 * made a value.
 */
export const TREND_CANDLES = 150;

/** Fewest candles that a trend is told of. */
export const TREND_CANDLES_MIN = 100;

/** ATRs that the newest one is compared with, itself included. */
export const VOLATILITY_CANDLES = 200;

/** From this ADX on there is a trend, and below the other one there is none (Wilder 1978). */
const TREND_ADX = 25;
const RANGE_ADX = 20;

/** Percentiles of the ATR below and from which volatility is low and high. */
const LOW_PERCENTILE = 25;
const HIGH_PERCENTILE = 75;

/** The regime at the newest candle; its parts are null while too few candles are kept. */
export function readRegime(series: CandleSeries): MarketRegime {
  return { trend: trendOf(series), volatility: volatilityOf(series) };
}

/** The actions of a decision, with the regime noted on each entry; as they are where nothing is known of it. */
export function withRegime(
  actions: readonly DeskAction[],
  series: CandleSeries,
): readonly DeskAction[] {
  if (!actions.some(({ kind }) => kind === "submit")) return actions;
  const regime = readRegime(series);
  if (regime.trend === null && regime.volatility === null) return actions;
  return actions.map((action) =>
    action.kind === "submit"
      ? { ...action, intent: { ...action.intent, regime } }
      : action
  );
}

function keptCandles({ oldestSeq, lastSeq }: CandleSeries): number {
  return lastSeq < 0 ? 0 : lastSeq - oldestSeq + 1;
}

function trendOf(series: CandleSeries): Trend | null {
  const count = Math.min(TREND_CANDLES, keptCandles(series));
  if (count < TREND_CANDLES_MIN) return null;
  const movement = new DirectionalMovement();
  for (let seq = series.lastSeq - count + 1; seq <= series.lastSeq; seq++) {
    const at = seq & SERIES_MASK;
    movement.push(series.high[at]!, series.low[at]!);
  }
  if (movement.adx < RANGE_ADX) return "range";
  if (movement.adx < TREND_ADX) return "mixed";
  return movement.isUp ? "up" : "down";
}

function volatilityOf(series: CandleSeries): Volatility | null {
  const { lastSeq, newestAtr } = series;
  if (keptCandles(series) < VOLATILITY_CANDLES) return null;
  let below = 0;
  for (let seq = lastSeq - VOLATILITY_CANDLES + 1; seq <= lastSeq; seq++) {
    const atr = series.atr[seq & SERIES_MASK]!;
    if (!(atr > 0)) return null;
    if (atr < newestAtr) below++;
  }
  const percentile = 100 * below / VOLATILITY_CANDLES;
  if (percentile < LOW_PERCENTILE) return "low";
  return percentile < HIGH_PERCENTILE ? "normal" : "high";
}
