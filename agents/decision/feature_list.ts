/**
 * The features of the decision engine in the order of a row. A model is bound
 * to the version: any change of a name, its meaning or the order is a new one.
 *
 * @module
 */
import { CALENDAR_FEATURES } from "./calendar_feature_list.ts";
import { PRICE_FEATURES } from "./price_feature_list.ts";
import { STRUCTURE_FEATURES } from "./structure_feature_list.ts";

/** Version of the list below. */
export const FEATURES_VERSION = 1;

/** All features, in the order of a row. */
export const FEATURES = [
  ...PRICE_FEATURES,
  ...CALENDAR_FEATURES,
  ...STRUCTURE_FEATURES,
] as const;

/** Name of a feature. */
export type FeatureName = (typeof FEATURES)[number]["name"];

/** Numbers of a row. */
export const FEATURE_COUNT = FEATURES.length;

/** Place of each feature in a row. */
export const PLACE: Readonly<Record<FeatureName, number>> = Object.fromEntries(
  FEATURES.map(({ name }, place) => [name, place]),
) as Record<FeatureName, number>;
