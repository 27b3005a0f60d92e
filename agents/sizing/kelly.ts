/** Trades below which nothing can be said of an edge. */
export const KELLY_TRADES_MIN = 20;

/**
 * Kelly fraction of a series of results in multiples of the risk:
 * `f = p − q / b`, with p the share of winners, q = 1 − p, and b the mean win
 * over the mean loss (J. L. Kelly, A New Interpretation of Information Rate,
 * 1956; in this form E. Thorp, The Kelly Criterion in Blackjack, Sports
 * Betting and the Stock Market, 2006). Results of 0 count as lost. Without a
 * loss it is p, without a win it is −1 or less.
 *
 * @returns The part of equity to put at risk, at most 1; 0 or less where the results show no edge.
 */
export function kellyFraction(results: readonly number[]): number {
  let wins = 0;
  let won = 0;
  let lost = 0;
  for (const result of results) {
    if (result > 0) {
      wins++;
      won += result;
    } else lost -= result;
  }
  const losses = results.length - wins;
  if (wins === 0) return -1;
  const winShare = wins / results.length;
  if (losses === 0 || lost === 0) return winShare;
  const payoff = (won / wins) / (lost / losses);
  return winShare - (1 - winShare) / payoff;
}
