import type { ModelFacts } from "./inference.ts";

/**
 * What the models of a decision engine said in one run, so that the run can be
 * gone through again without them.
 */
export interface ModelRecord {
  v: 1;
  /** What each model told of itself, in the order of the votes. */
  models: readonly ModelFacts[];
  /** First candle that the models were asked about; they were asked about each one after it. */
  fromSeq: number;
  /**
   * Base64 of 64-bit floats, little-endian: for each candle, for each model its
   * probabilities down, flat and up. Not a number where it gave none.
   */
  votes: string;
  /** Votes that were none, with the reason. */
  failures: readonly { seq: number; model: string; failure: string }[];
}
