import { FEATURE_CLIP } from "./limits.ts";

/** A number cut to ±{@link FEATURE_CLIP}. */
export function clip(value: number): number {
  return value > FEATURE_CLIP
    ? FEATURE_CLIP
    : value < -FEATURE_CLIP
    ? -FEATURE_CLIP
    : value;
}

/**
 * `part / whole`, cut to ±{@link FEATURE_CLIP}. Nothing of nothing is 0: in a
 * market that does not move, every distance is none. Infinity, a level that
 * there is not, is as far away as a feature can tell.
 */
export function ratio(part: number, whole: number): number {
  const value = part / whole;
  return Number.isNaN(value) ? 0 : clip(value);
}
