/**
 * Returns made ready for all loss estimates at once: in order of time, sorted,
 * and their moments. Statistics are floating point; money begins where a loss
 * is multiplied by equity.
 *
 * @module
 */
import {
  type Moments,
  momentsOf,
} from "../../../lib/core/statistics/sample.ts";

/** A sample; its arrays are views of the buffers it was made in. */
export interface LossSample {
  /** Known returns as parts of one, oldest first. */
  known: Float64Array;
  /** The same, ascending. */
  ascending: Float64Array;
  /** Null with fewer than two returns. Equal returns have deviation 0 and the shape of a normal one. */
  moments: Moments | null;
  /** Unknown returns after the first known one; earlier ones are only a shorter history. */
  gaps: number;
}

/** Room for a sample of some returns, so that each assessment uses the same memory. */
export interface SampleBuffers {
  known: Float64Array;
  ascending: Float64Array;
}

/** Makes buffers for up to `size` returns. */
export function createSampleBuffers(size: number): SampleBuffers {
  return {
    known: new Float64Array(size),
    ascending: new Float64Array(size),
  };
}

/** Prepares returns, oldest first; what is not finite is unknown. `buffers` have room for all of them. */
export function prepareSample(
  returns: ArrayLike<number>,
  buffers: SampleBuffers = createSampleBuffers(returns.length),
): LossSample {
  let count = 0;
  let gaps = 0;
  for (let index = 0; index < returns.length; index++) {
    const value = returns[index]!;
    if (Number.isFinite(value)) buffers.known[count++] = value;
    else if (count > 0) gaps++;
  }
  const known = buffers.known.subarray(0, count);
  const ascending = buffers.ascending.subarray(0, count);
  ascending.set(known);
  ascending.sort();
  return { known, ascending, moments: shapeOf(known), gaps };
}

function shapeOf(known: Float64Array): Moments | null {
  if (known.length < 2) return null;
  return momentsOf(known) ??
    { mean: known[0]!, deviation: 0, skewness: 0, kurtosis: 3 };
}
