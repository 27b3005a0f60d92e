/**
 * The same trades in other orders: how much of a result was luck of sequence.
 *
 * @module
 */
import type {
  Distribution,
  MonteCarlo,
} from "../../contracts/backtest_report.ts";
import type { Trade } from "../../contracts/order.ts";
import { decimal, type DecimalText, ZERO } from "../../core/decimal.ts";
import { createRng, type Rng } from "../../core/rng.ts";
import { MONTE_CARLO_DRAWS_MAX } from "./limits.ts";
import { quantileOf, sorted } from "../../core/statistics/sample.ts";

/** What is drawn from. */
export interface MonteCarloOptions {
  /** All closed trades in order of their exits. */
  trades: readonly Trade[];
  /** In quote currency. */
  initialCapital: DecimalText | number;
  /** Drawdown at which the configuration halts trading, in percent. */
  maxDrawdownPct: number;
  /** How often a whole sequence is drawn. */
  runs: number;
  seed: number;
}

/**
 * Draws as many trades as there were, with replacement, as returns on the equity
 * at their entry, and compounds them. Drawdowns are at closed trades. A draw
 * whose equity is gone ends at −100 %. What serial dependence the trades had is
 * lost, and trades that never happened are not in it. Null without trades,
 * without runs, or where the equity at an entry is not positive.
 */
export function monteCarlo(options: MonteCarloOptions): MonteCarlo | null {
  const factors = growthFactors(options.trades, Number(options.initialCapital));
  if (factors === null || factors.length === 0 || options.runs < 1) return null;
  const runs = Math.max(
    1,
    Math.min(
      options.runs,
      Math.floor(MONTE_CARLO_DRAWS_MAX / factors.length),
    ),
  );
  const rng = createRng(options.seed);
  const returns = new Float64Array(runs);
  const drawdowns = new Float64Array(runs);
  for (let run = 0; run < runs; run++) {
    const drawn = drawSequence(factors, rng);
    returns[run] = drawn.returnPct;
    drawdowns[run] = drawn.maxDrawdownPct;
  }
  const sharePct = (values: Float64Array, isIn: (value: number) => boolean) =>
    100 * values.reduce((count, value) => count + (isIn(value) ? 1 : 0), 0) /
    runs;
  return {
    runs,
    seed: options.seed,
    returnPct: distributionOf(returns),
    maxDrawdownPct: distributionOf(drawdowns),
    lossSharePct: sharePct(returns, (value) => value < 0),
    ruinSharePct: sharePct(
      drawdowns,
      (value) => value >= options.maxDrawdownPct,
    ),
  };
}

/** The 5 %, 50 % and 95 % quantiles of at least one value. */
export function distributionOf(values: ArrayLike<number>): Distribution {
  const ascending = sorted(values);
  return {
    runs: ascending.length,
    p5: quantileOf(ascending, 0.05),
    p50: quantileOf(ascending, 0.5),
    p95: quantileOf(ascending, 0.95),
  };
}

/** 1 + net result / equity at entry of each trade, or null where there was no equity. */
function growthFactors(
  trades: readonly Trade[],
  initialCapital: number,
): Float64Array | null {
  const factors = new Float64Array(trades.length);
  let equity = decimal(initialCapital);
  for (const [index, { netPnl }] of trades.entries()) {
    if (!equity.gt(ZERO)) return null;
    factors[index] = 1 + Number(netPnl) / Number(equity);
    equity = equity.plus(netPnl);
  }
  return factors;
}

function drawSequence(
  factors: Float64Array,
  rng: Rng,
): { returnPct: number; maxDrawdownPct: number } {
  const count = factors.length;
  let equity = 1;
  let peak = 1;
  let deepest = 0;
  for (let draw = 0; draw < count; draw++) {
    equity *= factors[Math.floor(rng.next() * count)]!;
    if (equity <= 0) return { returnPct: -100, maxDrawdownPct: 100 };
    if (equity > peak) peak = equity;
    else if (1 - equity / peak > deepest) deepest = 1 - equity / peak;
  }
  return { returnPct: 100 * (equity - 1), maxDrawdownPct: 100 * deepest };
}
