import * as z from "zod";
import { CHANGE_EFFECTS, type ConfigPreview } from "../config_preview.ts";
import { configWarningSchema } from "./agent.ts";
import { same } from "./parts.ts";

/** {@link ConfigPreview} */
export const configPreviewSchema = z.object({
  configVersion: z.number(),
  valid: z.boolean(),
  errors: z.array(configWarningSchema),
  warnings: z.array(configWarningSchema),
  changes: z.array(z.object({
    pointer: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    effect: z.enum(CHANGE_EFFECTS),
  })),
});
same<ConfigPreview, typeof configPreviewSchema>();
