/** One number of a row. */
export interface Feature {
  name: string;
  /** What 1 means. */
  unit: string;
  /** Least and largest value. */
  range: readonly [least: number, most: number];
  meaning: string;
}

/** Ranges of features. */
export const RANGE = {
  clipped: [-5, 5],
  above: [0, 5],
  below: [-5, 0],
  signed: [-1, 1],
  share: [0, 1],
} as const;
