import * as z from "zod";
import { TIMEFRAMES } from "./candle.ts";

/** What a model package calls itself: safe in a shell and in a path. */
export const modelNameSchema = z.string().regex(
  /^[a-z][a-z0-9-]{1,39}$/,
  "Name the model with 2 to 40 lower-case letters, digits or dashes, starting with a letter",
);

/** Kinds of models that come with the product, and `custom` for those that users bring. */
export const MODEL_KINDS = ["lstm", "transformer", "ppo", "custom"] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** Most candles of one window. */
export const MODEL_WINDOW_MAX = 256;

/** Most features of one candle. */
export const MODEL_FEATURES_MAX = 256;

/** Names of the two files of a model package. */
export const MANIFEST_FILE = "model.json";
export const ONNX_FILE = "model.onnx";

/** Folder of the users' models, below the data folder. */
export const OWN_MODELS_DIR = "models";

/** Largest model file. */
export const MODEL_BYTES_MAX = 16_777_216;

const sentence = (most: number) =>
  z.string().trim().min(1, "Write at least a word").max(
    most,
    `Write at most ${most} characters`,
  );

/**
 * What `model.json` beside `model.onnx` says: what the model reads and what its
 * numbers mean. Input: float32 `[1, windowCandles, features]`, oldest candle
 * first, normalised by `normalization`. Output: three float32 `[1, 3]` for
 * down, flat and up: logits where `output.meaning` is `logits`, else
 * probabilities.
 */
export const modelManifestSchema = z.strictObject({
  format: z.literal("smc-fleet-model"),
  v: z.literal(1),
  name: modelNameSchema,
  title: sentence(80),
  kind: z.enum(MODEL_KINDS),
  /** Version of the feature list that it was trained on. */
  featuresVersion: z.int().min(1),
  /** Names of its features, in the order of the input; a part of the list is enough. */
  features: z.array(sentence(60)).min(1).max(MODEL_FEATURES_MAX),
  windowCandles: z.int().min(1).max(MODEL_WINDOW_MAX),
  /** Candle lengths that it was trained on. */
  timeframes: z.array(z.enum(TIMEFRAMES)).min(1),
  /** Settings of the detectors that differ from the presets. */
  detector: z.record(z.string(), z.unknown()).default({}),
  /** Candles that its labels look ahead. */
  horizonCandles: z.int().min(1).max(10_000),
  /** Statistics of the training window, in the order of `features`; deviations divided by n. */
  normalization: z.strictObject({
    rows: z.int().min(1),
    mean: z.array(z.number()),
    deviation: z.array(z.number().min(0)),
  }),
  input: z.strictObject({ name: sentence(100) }),
  output: z.strictObject({
    name: sentence(100),
    meaning: z.enum(["logits", "probabilities"]),
  }),
  /** Logits are divided by it before they become probabilities; 1 where nothing was calibrated. */
  temperature: z.number().positive().max(1_000).default(1),
  onnxSha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Licence of the data that it was trained on, and of the file. */
  licence: sentence(200),
  /** Whether it beat its baselines out of sample; null where nobody tried. */
  beatsBaselines: z.boolean().nullable(),
  /** One sentence on how good it is, as its card says. */
  verdict: sentence(500),
}).superRefine((manifest, context) => {
  for (const name of ["mean", "deviation"] as const) {
    const { length } = manifest.normalization[name];
    if (length === manifest.features.length) continue;
    context.addIssue({
      code: "custom",
      path: ["normalization", name],
      message:
        `Give one number for each of the ${manifest.features.length} features, not ${length}`,
    });
  }
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;
