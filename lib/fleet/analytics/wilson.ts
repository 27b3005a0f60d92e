/** Standard deviations of a normal distribution within which 95 % of it lie. */
const Z_95 = 1.959963984540054;

/**
 * The Wilson score interval of a share at 95 %: with what true shares the one
 * that was seen would not be surprising. It stays between 0 and 1 and holds for
 * few trades, too, where the normal interval does not.
 *
 * centre = (p + z² ÷ 2n) ÷ (1 + z² ÷ n);
 * half = z ÷ (1 + z² ÷ n) × √(p(1 − p) ÷ n + z² ÷ 4n²).
 *
 * Source: E. B. Wilson, "Probable Inference, the Law of Succession, and
 * Statistical Inference", Journal of the American Statistical Association 22
 * (1927).
 *
 * @returns Shares from 0 to 1, or null where nothing was seen.
 */
export function wilsonInterval(
  successes: number,
  count: number,
): { low: number; high: number } | null {
  if (count === 0) return null;
  const share = successes / count;
  const z2 = Z_95 * Z_95;
  const scale = 1 + z2 / count;
  const centre = (share + z2 / (2 * count)) / scale;
  const half = Z_95 / scale *
    Math.sqrt(share * (1 - share) / count + z2 / (4 * count * count));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
