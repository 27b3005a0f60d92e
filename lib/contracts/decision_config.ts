import * as z from "zod";
import { modelNameSchema } from "./model.ts";
import { choice, parameter } from "./strategies/parameter.ts";

/** Models that come with the product, in the order in which they are shown. */
export const SHIPPED_MODELS = [
  "lstm-1h",
  "transformer-1h",
  "ppo-1h",
] as const;

/** Most models that one decision engine asks. */
export const DECISION_MODELS_MAX = 8;

/** How a decision engine turns the votes of its models into trades. */
export const decisionConfigSchema = z.strictObject({
  models: z.array(modelNameSchema).min(1, "Name at least one model").max(
    DECISION_MODELS_MAX,
    `Name at most ${DECISION_MODELS_MAX} models`,
  ).refine(
    (names) => new Set(names).size === names.length,
    "Name each model once",
  ).default([...SHIPPED_MODELS]).meta({
    label: "Models",
    help: "Whose votes are averaged, by name",
  }),
  minConfidence: parameter({
    label: "Least confidence",
    unit: "probability",
    help:
      "Nothing is traded while the averaged probability of the direction is below this",
    min: 0.34,
    max: 0.99,
    step: 0.01,
    preset: 0.45,
  }),
  maxDisagreement: parameter({
    label: "Most disagreement",
    unit: "probability",
    help:
      "Nothing is traded while the models' probabilities of a rise are further apart than this",
    min: 0.01,
    max: 1,
    step: 0.01,
    preset: 0.3,
  }),
  minVotes: parameter({
    label: "Least votes",
    unit: "models",
    help: "How many models must answer soundly; 0 asks for all of them",
    min: 0,
    max: DECISION_MODELS_MAX,
    step: 1,
    preset: 0,
    whole: true,
  }),
  entry: choice(["market", "limit"], {
    label: "Entry",
    help:
      "At the next open, or as a limit order at the close of the deciding candle",
  }),
  stopAtr: parameter({
    label: "Stop distance",
    unit: "ATR",
    help: "How far from the entry the stop rests",
    min: 0.1,
    max: 10,
    step: 0.1,
    preset: 2,
  }),
  targetAtr: parameter({
    label: "Target distance",
    unit: "ATR",
    help: "How far from the entry the target rests",
    min: 0.1,
    max: 20,
    step: 0.1,
    preset: 2,
  }),
  maxHoldCandles: parameter({
    label: "Longest hold",
    unit: "candles",
    help: "The position is closed when it is held this long",
    min: 1,
    max: 1000,
    step: 1,
    preset: 48,
    whole: true,
  }),
});
export type DecisionConfig = z.infer<typeof decisionConfigSchema>;
