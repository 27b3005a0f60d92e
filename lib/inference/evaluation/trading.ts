import type {
  RandomFigures,
  TradingFigures,
} from "../../contracts/model_card.ts";
import { sharpeRatio } from "../../backtest/metrics/ratios.ts";
import { sharpeError } from "../../backtest/metrics/sharpe_error.ts";
import { createRng } from "../../core/rng.ts";
import { maxDrawdown } from "../../core/statistics/drawdown.ts";
import { meanOf, quantileOf, sorted } from "../../core/statistics/sample.ts";
import { RANDOM_DRAWS, RANDOM_SEED } from "./limits.ts";

const YEAR_MS = 365.25 * 86_400_000;

/** Candles that positions are held over, oldest first. */
export interface Prices {
  openAt: Float64Array;
  close: Float64Array;
}

/** What trading costs. */
export interface TradingOptions {
  /** Fee, half a spread and slippage of one side, in basis points of the traded value. */
  costBp: number;
}

/** Side of each row: the likelier of up (1) and down (−1) where they differ by at least the margin and "flat" is not the likeliest of the three; else 0. */
export function sidesOf(chances: Float64Array, margin: number): Int8Array {
  const sides = new Int8Array(chances.length / 3);
  for (let row = 0; row < sides.length; row++) {
    const down = chances[3 * row]!;
    const flat = chances[3 * row + 1]!;
    const up = chances[3 * row + 2]!;
    const isClear = Math.abs(up - down) >= margin && flat <= Math.max(down, up);
    sides[row] = isClear ? Math.sign(up - down) : 0;
  }
  return sides;
}

/**
 * Returns of holding each side from its row's close to the next row's, with the
 * cost of changing to it taken off: side × (next close ÷ close − 1) − cost ×
 * change. The last row opens nothing and closes what there is at its close; the
 * cost of that is the last return's.
 */
export function netReturns(
  { close }: Prices,
  { sides, costBp }: TradingOptions & { sides: Int8Array },
): Float64Array {
  const returns = new Float64Array(Math.max(0, close.length - 1));
  let before = 0;
  for (let row = 0; row < returns.length; row++) {
    const side = sides[row]!;
    const change = Math.abs(side - before) +
      (row === returns.length - 1 ? Math.abs(side) : 0);
    returns[row] = side * (close[row + 1]! / close[row]! - 1) -
      costBp / 10_000 * change;
    before = side;
  }
  return returns;
}

/** Figures of positions over some candles. */
export function tradingFigures(
  prices: Prices,
  { sides, costBp }: TradingOptions & { sides: Int8Array },
): TradingFigures {
  const net = [...netReturns(prices, { sides, costBp })];
  const gross = [...netReturns(prices, { sides, costBp: 0 })];
  const periodsPerYear = periodsPerYearOf(prices);
  const sharpe = sharpeRatio(net, { periodsPerYear });
  const changes = changesOf(sides.subarray(0, net.length));
  const growth = growthPath(net);
  return {
    netReturn: (growth.at(-1) ?? 1) - 1,
    grossReturn: (growthPath(gross).at(-1) ?? 1) - 1,
    sharpe,
    sharpeError: sharpeError({ sharpe, periods: net.length, periodsPerYear }),
    maxDrawdown: maxDrawdown(growth, 1),
    turnover: net.length === 0 ? 0 : changes / net.length,
    exposure: net.length === 0
      ? 0
      : sides.subarray(0, net.length).filter((side) => side !== 0).length /
        net.length,
    breakEvenCostBp: changes === 0
      ? null
      : gross.reduce((sum, each) => sum + each, 0) / changes * 10_000,
  };
}

/** Candles of a year at the pace of these: gaps of a market that closes are none of them. */
export function periodsPerYearOf({ openAt }: Prices): number {
  const periods = openAt.length - 1;
  return periods / ((openAt.at(-1)! - openAt[0]!) / YEAR_MS);
}

/**
 * Random positions with the turnover of the model's: its own, turned round by a
 * random number of rows, so that only their fit with the candles is lost.
 */
export function randomFigures(
  prices: Prices,
  { sides, costBp }: TradingOptions & { sides: Int8Array },
): RandomFigures {
  const rng = createRng(RANDOM_SEED);
  const own = growthOf(netReturns(prices, { sides, costBp }));
  const found = new Float64Array(RANDOM_DRAWS);
  const turned = new Int8Array(sides.length);
  for (let draw = 0; draw < RANDOM_DRAWS; draw++) {
    const by = 1 + Math.floor(rng.next() * (sides.length - 1));
    turned.set(sides.subarray(by));
    turned.set(sides.subarray(0, by), sides.length - by);
    found[draw] = growthOf(netReturns(prices, { sides: turned, costBp }));
  }
  const ascending = sorted(found);
  return {
    draws: RANDOM_DRAWS,
    meanNetReturn: meanOf([...found]),
    lowNetReturn: quantileOf(ascending, 0.05),
    highNetReturn: quantileOf(ascending, 0.95),
    shareAsGood: found.filter((each) => each >= own).length / RANDOM_DRAWS,
  };
}

/** Sum of the changes of a position that begins and ends at 0. */
function changesOf(sides: Int8Array): number {
  let sum = Math.abs(sides.at(-1) ?? 0);
  for (let row = 0; row < sides.length; row++) {
    sum += Math.abs(sides[row]! - (row === 0 ? 0 : sides[row - 1]!));
  }
  return sum;
}

function growthPath(returns: readonly number[]): number[] {
  let capital = 1;
  return returns.map((each) => capital *= 1 + each);
}

function growthOf(returns: Float64Array): number {
  let capital = 1;
  for (const each of returns) capital *= 1 + each;
  return capital - 1;
}
