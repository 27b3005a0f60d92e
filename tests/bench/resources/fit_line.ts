/** A straight line through points. */
export interface Line {
  slope: number;
  intercept: number;
}

/**
 * The line that is best in relative terms: each point weighs 1 ÷ y², so that
 * slow agents count as much as fast ones. Weighted least squares.
 */
export function fitLine(
  points: readonly { x: number; y: number }[],
): Line {
  let weights = 0, sumX = 0, sumY = 0, sumXx = 0, sumXy = 0;
  for (const { x, y } of points) {
    const weight = 1 / (y * y);
    weights += weight;
    sumX += weight * x;
    sumY += weight * y;
    sumXx += weight * x * x;
    sumXy += weight * x * y;
  }
  const slope = (weights * sumXy - sumX * sumY) /
    (weights * sumXx - sumX * sumX);
  return { slope, intercept: (sumY - slope * sumX) / weights };
}
