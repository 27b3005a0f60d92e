import * as z from "zod";
import {
  DENSITIES,
  MOTIONS,
  PALETTES,
  type Preferences,
  THEMES,
} from "../preference_values.ts";
import { same } from "./parts.ts";

/** {@link Preferences} */
export const preferencesAnswerSchema = z.object({
  theme: z.enum(THEMES),
  palette: z.enum(PALETTES),
  density: z.enum(DENSITIES),
  timeZone: z.string(),
  motion: z.enum(MOTIONS),
  refreshSeconds: z.literal([0, 5, 15, 60]),
  shortcuts: z.boolean(),
});
same<Preferences, typeof preferencesAnswerSchema>();
