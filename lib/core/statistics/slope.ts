/**
 * A straight line through points, with what is known of its steepness.
 *
 * @module
 */
import { normalQuantile } from "./normal.ts";

/** One reading. */
export interface Point {
  x: number;
  y: number;
}

/** How steep a line is. */
export interface Slope {
  /** Units of y for one of x, by least squares. */
  perX: number;
  /** Between these it lies with the wanted confidence. */
  low: number;
  high: number;
  /** Readings that tell something of their own: those that follow each other closely repeat much. */
  effectiveCount: number;
}

/** Of neighbours that say nearly the same something is left all the same. */
const CORRELATION_MAX = 0.99;

/**
 * The slope by least squares. Its interval is that of Student's distribution
 * over the readings that are left when the correlation of neighbouring
 * residuals is taken off (n (1 - r) / (1 + r), Bartlett 1935), because readings
 * of a process at short intervals are no independent ones.
 *
 * @param confidence From 0 to 1, for instance 0.95.
 * @returns Null for fewer than four points, or for points at one place.
 */
export function slopeOf(
  points: readonly Point[],
  confidence: number,
): Slope | null {
  const count = points.length;
  if (count < 4) return null;
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  let spread = 0;
  let product = 0;
  for (const { x, y } of points) {
    spread += (x - meanX) ** 2;
    product += (x - meanX) * (y - meanY);
  }
  if (!(spread > 0)) return null;
  const perX = product / spread;
  const residuals = points.map(({ x, y }) => y - meanY - perX * (x - meanX));
  const squares = residuals.reduce((sum, value) => sum + value ** 2, 0);
  const correlation = Math.min(
    CORRELATION_MAX,
    Math.max(0, neighbourCorrelation(residuals, squares)),
  );
  const effectiveCount = Math.max(
    3,
    count * (1 - correlation) / (1 + correlation),
  );
  const freedom = effectiveCount - 2;
  // The spread of x shrinks with the readings that count.
  const error = Math.sqrt(
    squares / count * effectiveCount / freedom /
      (spread * effectiveCount / count),
  );
  const width = studentQuantile(0.5 + confidence / 2, freedom) * error;
  return { perX, low: perX - width, high: perX + width, effectiveCount };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function neighbourCorrelation(
  residuals: readonly number[],
  squares: number,
): number {
  if (squares === 0) return 0;
  let product = 0;
  for (let index = 1; index < residuals.length; index++) {
    product += residuals[index]! * residuals[index - 1]!;
  }
  return product / squares;
}

/**
 * Quantile of Student's distribution: exact for one and two degrees of freedom,
 * else by the series of Hill (1970) about the normal one, good to 1 % from
 * three on.
 */
export function studentQuantile(share: number, freedom: number): number {
  const centred = 2 * share - 1;
  if (freedom <= 1) return Math.tan(Math.PI * centred / 2);
  if (freedom <= 2) return centred * Math.sqrt(2 / (1 - centred ** 2));
  const z = normalQuantile(share);
  const z2 = z * z;
  return z * (1 + (z2 + 1) / (4 * freedom) +
    (5 * z2 ** 2 + 16 * z2 + 3) / (96 * freedom ** 2) +
    (3 * z2 ** 3 + 19 * z2 ** 2 + 17 * z2 - 15) / (384 * freedom ** 3));
}
