import * as z from "zod";
import { agentConfigSchema } from "../agent_config.ts";
import type {
  ConfigVersion,
  CurrentConfig,
  KeptConfig,
} from "../config_history.ts";
import { same } from "./parts.ts";

const keptConfigSchema = z.object({
  configVersion: z.number(),
  config: agentConfigSchema,
  at: z.number().nullable(),
  by: z.object({
    kind: z.enum(["user", "token", "system", "anonymous"]),
    id: z.string().nullable(),
    name: z.string(),
  }).nullable(),
  via: z.string().nullable(),
});
same<KeptConfig, typeof keptConfigSchema>();

/** {@link ConfigVersion} */
export const configVersionSchema = keptConfigSchema.extend({
  changes: z.array(z.object({
    pointer: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  })),
});
same<ConfigVersion, typeof configVersionSchema>();

/** {@link CurrentConfig} */
export const currentConfigSchema = z.object({
  configVersion: z.number(),
  config: agentConfigSchema,
});
same<CurrentConfig, typeof currentConfigSchema>();
