/** Arithmetic mean; NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n − 1); NaN with fewer than two values. */
export function sampleDeviation(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Shape of a set of values. */
export interface Moments {
  mean: number;
  /** Sample standard deviation (n − 1). */
  deviation: number;
  /** Third standardised moment of the population; 0 for a symmetric one. */
  skewness: number;
  /** Fourth standardised moment of the population; 3 for a normal one. */
  kurtosis: number;
}

/** Moments of at least two values that differ, or null. NaN where one of them is. */
export function momentsOf(values: ArrayLike<number>): Moments | null {
  const count = values.length;
  if (count < 2) return null;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += values[index]!;
  const mean = sum / count;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let index = 0; index < count; index++) {
    const delta = values[index]! - mean;
    const square = delta * delta;
    second += square;
    third += square * delta;
    fourth += square * square;
  }
  const deviation = Math.sqrt(second / (count - 1));
  if (deviation < DEVIATION_MIN) return null;
  const variance = second / count;
  return {
    mean,
    deviation,
    skewness: third / count / variance ** 1.5,
    kurtosis: fourth / count / variance ** 2,
  };
}

/** Deviations below this are rounding errors of equal values. */
export const DEVIATION_MIN = 1e-12;

/** Values in ascending order, as a packed copy. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Quantile by linear interpolation at (n − 1) p, as numpy and empyrical have it.
 * `ascending` must hold at least one value; `share` is p, 0 to 1.
 */
export function quantileOf(
  ascending: ArrayLike<number>,
  share: number,
): number {
  const place = (ascending.length - 1) * share;
  const below = Math.floor(place);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (place - below) * (high - low);
}
