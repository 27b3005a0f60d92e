import type { ModelFacts } from "../../lib/contracts/inference.ts";
import { type FeatureName, PLACE } from "../decision/feature_list.ts";
import { ratio } from "../decision/scale.ts";
import { UNUSUAL_INPUTS } from "./limits.ts";

/** A feature that was far from what the models saw in training. */
export interface UnusualInput {
  feature: string;
  /** Distance from the mean of the training window in its standard deviations, cut to ±5. */
  z: number;
}

/**
 * The inputs of a candle that lie furthest from what they were in training. They
 * say what was special about the candle, not what the models decided by: that
 * would take many runs a candle. Where models share a feature, the first one's
 * statistics count; features that never changed in training are left out.
 */
export function mostUnusual(
  row: Float32Array,
  models: readonly ModelFacts[],
): UnusualInput[] {
  const seen = new Set<string>();
  const found: UnusualInput[] = [];
  for (const { features, mean, deviation } of models) {
    for (let index = 0; index < features.length; index++) {
      const feature = features[index]!;
      if (seen.has(feature) || !(deviation[index]! > 0)) continue;
      seen.add(feature);
      const value = row[PLACE[feature as FeatureName]];
      if (value === undefined) continue;
      found.push({
        feature,
        z: ratio(value - mean[index]!, deviation[index]!),
      });
    }
  }
  // Sorting is stable: of equal distances the earlier feature comes first.
  return found.sort((a, b) => Math.abs(b.z) - Math.abs(a.z)).slice(
    0,
    UNUSUAL_INPUTS,
  );
}
