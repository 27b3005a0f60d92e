/** 95 % quantile of χ² with one degree of freedom. */
export const KUPIEC_REJECTED_ABOVE = 3.841;

/**
 * Likelihood ratio of the share of exceeded days against the promised one:
 * 2 [x ln(x / (T p)) + (T − x) ln((1 − x/T) / (1 − p))]. The value at risk is
 * rejected at 95 % above {@link KUPIEC_REJECTED_ABOVE}. Kupiec 1995.
 */
export function kupiecRatio(
  { days, exceeded, tail }: { days: number; exceeded: number; tail: number },
): number {
  const kept = days - exceeded;
  // 0 · ln 0 is 0 here: what never happened adds nothing.
  const part = (count: number, chance: number) =>
    count === 0 ? 0 : count * Math.log(count / (days * chance));
  return 2 * (part(exceeded, tail) + part(kept, 1 - tail));
}
