import { meanOf } from "../../core/statistics/sample.ts";

/**
 * Kelly fraction of results: p − q / b, with p the part that won, q = 1 − p and
 * b the average win over the average loss (Kelly 1956). Negative where the
 * results have no edge. An estimate of the past: use a quarter of it at most,
 * and never above the risk limit. Null without a win or without a loss.
 */
export function kellyFraction(results: readonly number[]): number | null {
  const wins = results.filter((value) => value > 0);
  const losses = results.filter((value) => value < 0);
  if (wins.length === 0 || losses.length === 0) return null;
  const payoff = meanOf(wins) / -meanOf(losses);
  const winShare = wins.length / results.length;
  return winShare - (1 - winShare) / payoff;
}
