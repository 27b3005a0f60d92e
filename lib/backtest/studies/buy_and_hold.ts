import { fundingTimes } from "../../../agents/mod.ts";
import type { CostsConfig } from "../../contracts/costs.ts";
import type { Baselines } from "../../contracts/backtest_report.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import {
  dailyReturns,
  type DayEquity,
  dayOf,
  sharpeRatio,
  sortinoRatio,
} from "../metrics/mod.ts";
import type { CandleRange } from "./sweep.ts";

const BASIS_POINTS = 10_000;

/**
 * The whole capital in the market: bought at the first open and sold at the last
 * close, without leverage, with the fee and the slippage of an order that takes,
 * and with funding. A comparison, not money: in floating point.
 */
export function buyAndHold(
  candles: CandleSeries,
  { costs, range }: { costs: CostsConfig; range: CandleRange },
): Baselines["buyAndHold"] {
  const { fromSeq, toSeq } = range;
  if (toSeq <= fromSeq) return null;
  const fee = costs.takerFeeBp / BASIS_POINTS;
  const slippage = costs.slippageBp / BASIS_POINTS;
  const fundingRate = costs.fundingBpPer8h / BASIS_POINTS;
  const first = candles.candle(fromSeq);
  // Capital 1 buys so many units.
  const units = 1 / (first.open * (1 + slippage) * (1 + fee));
  const days: DayEquity[] = [];
  let paid = 0;
  let peak = 1;
  let maxDrawdown = 0;
  let equity = 1;
  let before = first;
  for (let seq = fromSeq; seq < toSeq; seq++) {
    const candle = seq === fromSeq ? first : candles.candle(seq);
    if (fundingRate !== 0) {
      const times = fundingTimes(before.openAt, candle.openAt);
      paid += times * units * before.close * fundingRate;
    }
    const isLast = seq + 1 === toSeq;
    const price = isLast
      ? candle.close * (1 - slippage) * (1 - fee)
      : candle.close;
    equity = units * price - paid;
    peak = Math.max(peak, equity);
    maxDrawdown = Math.max(maxDrawdown, 1 - equity / peak);
    noteDay(days, dayOf(candle.openAt), equity);
    before = candle;
  }
  const returns = dailyReturns(days, 1);
  const free = before.close / first.open - 1;
  return {
    returnPct: 100 * (equity - 1),
    maxDrawdownPct: 100 * maxDrawdown,
    sharpe: returns === null ? null : sharpeRatio(returns),
    sortino: returns === null ? null : sortinoRatio(returns),
    costsPct: 100 * (free - (equity - 1)),
  };
}

function noteDay(days: DayEquity[], day: number, equity: number): void {
  const last = days.at(-1);
  if (last?.day === day) last.equity = equity;
  else days.push({ day, equity });
}
