/** Equity over its highest so far less 1, for each value: 0 or negative. The initial capital is the first peak. */
export function underWater(
  equities: readonly number[],
  initialCapital: number,
): readonly number[] {
  let peak = initialCapital;
  return equities.map((equity) => {
    peak = Math.max(peak, equity);
    // Not `equity / peak − 1` at the peak, which may miss 0 by a rounding error.
    return equity === peak ? 0 : equity / peak - 1;
  });
}

/** Depth of the deepest fall, a positive part of one; 0 where the equity never fell. */
export function maxDrawdown(
  equities: readonly number[],
  initialCapital: number,
): number {
  return underWater(equities, initialCapital).reduce(
    (deepest, value) => Math.max(deepest, -value),
    0,
  );
}
