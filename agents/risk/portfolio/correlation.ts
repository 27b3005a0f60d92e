/**
 * Correlations of the returns of markets, as a matrix and as figures of a
 * portfolio.
 *
 * @module
 */
import {
  COMMON_OBSERVATIONS_MIN,
  HIGHEST_PAIRS,
  VARIANCE_SHARE_MIN,
} from "./limits.ts";
import type { ReturnHistory } from "./return_history.ts";

/**
 * Pearson's correlation of two series of one length over the rows that both
 * know, in two passes; NaN is unknown. Null with fewer than
 * {@link COMMON_OBSERVATIONS_MIN} common rows, or where either has no deviation.
 */
export function correlationOf(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): number | null {
  let count = 0;
  let sumA = 0;
  let sumB = 0;
  for (let row = 0; row < first.length; row++) {
    if (Number.isNaN(first[row]! + second[row]!)) continue;
    count++;
    sumA += first[row]!;
    sumB += second[row]!;
  }
  if (count < COMMON_OBSERVATIONS_MIN) return null;
  let spreadA = 0;
  let spreadB = 0;
  let together = 0;
  for (let row = 0; row < first.length; row++) {
    if (Number.isNaN(first[row]! + second[row]!)) continue;
    const a = first[row]! - sumA / count;
    const b = second[row]! - sumB / count;
    spreadA += a * a;
    spreadB += b * b;
    together += a * b;
  }
  const isFlat = (spread: number, sum: number) =>
    spread <= VARIANCE_SHARE_MIN * (spread + sum * sum / count);
  if (isFlat(spreadA, sumA) || isFlat(spreadB, sumB)) return null;
  const correlation = together / Math.sqrt(spreadA * spreadB);
  return Math.max(-1, Math.min(1, correlation));
}

/** Matrix of {@link correlationOf} of each series with each, in their order. */
export function correlationMatrix(
  series: readonly ArrayLike<number>[],
): (number | null)[][] {
  return series.map((first) =>
    series.map((second) => correlationOf(first, second))
  );
}

/** The same of markets of a history, from its running sums; null for a market that it does not follow. */
export function historyMatrix(
  history: ReturnHistory,
  symbols: readonly string[],
): (number | null)[][] {
  const places = symbols.map((symbol) => history.placeOf(symbol));
  return places.map((a) =>
    places.map((b) =>
      a === null || b === null ? null : known(history.correlation(a, b))
    )
  );
}

function known(correlation: number): number | null {
  return Number.isNaN(correlation) ? null : correlation;
}

/** A market that is held. */
export interface HeldMarket {
  symbol: string;
  /** Its place in the history; null if that does not follow it. */
  place: number | null;
  /** Signed notional over equity. */
  weight: number;
}

/** One pair of markets. */
export interface CorrelatedPair {
  first: string;
  second: string;
  correlation: number;
}

/** How much the markets that are held move together. */
export interface CorrelationFigures {
  /** Pairs of markets that are held. */
  pairs: number;
  /** Those whose correlation is unknown. */
  unknownPairs: number;
  /** Mean of the known ones; null without any. */
  average: number | null;
  /** Mean weighted by size and side, −1 to 1: a short of one against a long of the other counts as its opposite. Null unless all are known. */
  weightedAverage: number | null;
  /** Highest known ones, highest first. */
  highest: readonly CorrelatedPair[];
}

/** Figures over all pairs of markets that are held. */
export function correlationFigures(
  history: ReturnHistory,
  held: readonly HeldMarket[],
): CorrelationFigures {
  const followed = held.filter(({ place }) => place !== null);
  const places = new Int32Array(followed.length);
  const weights = new Float64Array(followed.length);
  for (let index = 0; index < followed.length; index++) {
    places[index] = followed[index]!.place!;
    weights[index] = followed[index]!.weight;
  }
  const row = new Float64Array(followed.length);
  const highest: CorrelatedPair[] = [];
  let lowestListed = -Infinity;
  let known = 0;
  let sum = 0;
  let weighted = 0;
  let size = 0;
  for (let first = 1; first < followed.length; first++) {
    const options = { a: places[first]!, others: places, count: first };
    history.correlations(row, options);
    for (let second = 0; second < first; second++) {
      const correlation = row[second]!;
      if (Number.isNaN(correlation)) continue;
      const product = weights[first]! * weights[second]!;
      known++;
      sum += correlation;
      weighted += product * correlation;
      size += Math.abs(product);
      if (correlation <= lowestListed) continue;
      insertPair(highest, {
        first: followed[second]!.symbol,
        second: followed[first]!.symbol,
        correlation,
      });
      if (highest.length === HIGHEST_PAIRS) {
        lowestListed = highest.at(-1)!.correlation;
      }
    }
  }
  const pairs = held.length * (held.length - 1) / 2;
  return {
    pairs,
    unknownPairs: pairs - known,
    average: known === 0 ? null : sum / known,
    weightedAverage: known < pairs || size === 0 ? null : weighted / size,
    highest,
  };
}

/** Keeps the list in order, highest first, and at its length. */
function insertPair(highest: CorrelatedPair[], pair: CorrelatedPair): void {
  const at = highest.findIndex(({ correlation }) =>
    correlation < pair.correlation
  );
  if (at === -1) highest.push(pair);
  else highest.splice(at, 0, pair);
  if (highest.length > HIGHEST_PAIRS) highest.pop();
}
