/**
 * How somebody wants the panel to look and to behave. Kept for each person, so
 * that every browser of theirs is painted alike.
 *
 * @module
 */
import * as z from "zod";
import {
  BROWSER_ZONE,
  DENSITIES,
  isTimeZone,
  MAX_ZONE_LENGTH,
  MOTIONS,
  PALETTES,
  THEMES,
} from "./preference_values.ts";

/** `PUT /api/account/preferences`: all of them at once. */
export const preferencesSchema = z.strictObject({
  theme: z.enum(THEMES),
  palette: z.enum(PALETTES),
  density: z.enum(DENSITIES),
  timeZone: z.string().max(MAX_ZONE_LENGTH).refine(
    (zone) => zone === BROWSER_ZONE || isTimeZone(zone),
    "Choose UTC, browser, or a time zone by its name such as Europe/Berlin",
  ),
  motion: z.enum(MOTIONS),
  refreshSeconds: z.literal([0, 5, 15, 60]),
  shortcuts: z.boolean(),
});
