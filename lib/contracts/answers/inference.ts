import * as z from "zod";
import type {
  LoadedModel,
  ModelDescription,
  ModelInfo,
  RuntimeStatus,
} from "../inference.ts";
import { MODEL_KINDS } from "../model.ts";
import { TIMEFRAMES } from "../candle.ts";
import { detectorConfigSchema } from "../strategies.ts";
import { same } from "./parts.ts";

/** {@link ModelDescription} */
export const modelDescriptionSchema = z.object({
  title: z.string(),
  kind: z.enum(MODEL_KINDS),
  timeframes: z.array(z.enum(TIMEFRAMES)),
  windowCandles: z.number(),
  horizonCandles: z.number(),
  features: z.number(),
  detector: detectorConfigSchema,
  licence: z.string(),
  beatsBaselines: z.boolean().nullable(),
  verdict: z.string(),
});
same<ModelDescription, typeof modelDescriptionSchema>();

/** {@link LoadedModel} */
export const loadedModelSchema = z.object({
  name: z.string(),
  users: z.number(),
  runs: z.number(),
  failures: z.number(),
  computeMsP50: z.number().nullable(),
  computeMsP99: z.number().nullable(),
});
same<LoadedModel, typeof loadedModelSchema>();

/** {@link ModelInfo} */
export const modelInfoSchema = z.object({
  name: z.string(),
  origin: z.enum(["shipped", "own"]),
  problems: z.array(z.string()),
  description: modelDescriptionSchema.nullable(),
  loaded: loadedModelSchema.nullable(),
});
same<ModelInfo, typeof modelInfoSchema>();

/** {@link RuntimeStatus} */
export const runtimeStatusSchema = z.object({
  state: z.enum(["absent", "fetching", "installed", "failed"]),
  detail: z.string(),
});
same<RuntimeStatus, typeof runtimeStatusSchema>();
