import { z } from "zod";
import { detectorConfigSchema } from "../../contracts/strategies.ts";
import {
  assignByPath,
  type Group,
  refusedValue,
} from "../../core/assign_path.ts";

/** What a data set is made with: the detectors of the features, and the labels. */
export const datasetSettingsSchema = z.strictObject({
  labels: z.strictObject({
    /** What a standard deviation of the price is: the ATR of 14 candles, or the EWMA volatility × close. */
    deviation: z.enum(["atr", "ewma"]).default("atr"),
    /** Distance of both barriers, in such deviations. */
    distance: z.number().min(0.1).max(50).default(2),
    /** Candles until time is up. */
    limitCandles: z.int().min(1).max(1_000).default(48),
  }).prefault({}),
  detector: detectorConfigSchema.prefault({}),
});
export type DatasetSettings = z.infer<typeof datasetSettingsSchema>;

/** Settings with their changes, or everything that is wrong with them. */
export type ReadSettings =
  | { ok: true; settings: DatasetSettings }
  | { ok: false; problems: readonly string[] };

/** Reads `key=value` texts of the command line. */
export function readSettings(assignments: readonly string[]): ReadSettings {
  const settings = datasetSettingsSchema.parse({});
  const problems: string[] = [];
  for (const assignment of assignments) {
    const group = settings as unknown as Group;
    const problem = assignByPath(group, assignment, {
      example: "labels.distance=3",
    });
    if (problem !== null) problems.push(problem);
  }
  const checked = datasetSettingsSchema.safeParse(settings);
  for (const issue of checked.error?.issues ?? []) {
    problems.push(refusedValue(settings, issue));
  }
  return checked.success && problems.length === 0
    ? { ok: true, settings: checked.data }
    : { ok: false, problems };
}

/** Keys of `--set` with what is filled in for each. */
export function settingKeys(): string[] {
  return Object.entries(datasetSettingsSchema.parse({})).flatMap(
    ([group, values]) =>
      Object.entries(values).map(([key, value]) => `${group}.${key}=${value}`),
  );
}
