import * as z from "zod";
import { symbolSchema } from "../symbol.ts";
import { parameter } from "./parameter.ts";

/** Pairs: the spread between the agent's market and a second one, far from its mean; both are traded. */
export const pairsStrategySchema = z.strictObject({
  enabled: z.boolean().default(false),
  hedgeSymbol: symbolSchema.default("ETH/USDT").meta({
    label: "Second market",
    help: "The market that is held against the agent's own, as BASE/QUOTE",
  }),
  windowCandles: parameter({
    label: "Regression window",
    unit: "candles",
    help: "Candles of the regression of one log price on the other",
    min: 100,
    max: 1000,
    step: 10,
    preset: 500,
    whole: true,
  }),
  minHalfLife: parameter({
    label: "Shortest half-life",
    unit: "candles",
    help: "A spread that comes back faster than this is left alone",
    min: 2,
    max: 100,
    step: 1,
    preset: 5,
  }),
  maxHalfLife: parameter({
    label: "Longest half-life",
    unit: "candles",
    help: "A spread that comes back slower than this is left alone",
    min: 5,
    max: 500,
    step: 1,
    preset: 100,
  }),
  zHalfLives: parameter({
    label: "Window of the distance",
    unit: "half-lives",
    help:
      "Half-lives over which the distance of the spread is measured; at most the regression window counts",
    min: 1,
    max: 20,
    step: 0.5,
    preset: 4,
  }),
  entryZ: parameter({
    label: "Entry distance",
    unit: "standard deviations",
    help: "How far the spread must be from its mean",
    min: 0.5,
    max: 5,
    step: 0.1,
    preset: 2,
  }),
  stopZ: parameter({
    label: "Stop distance",
    unit: "standard deviations",
    help: "The pair is given up when the spread is this far from its mean",
    min: 1,
    max: 10,
    step: 0.1,
    preset: 3.5,
  }),
  exitZ: parameter({
    label: "Exit distance",
    unit: "standard deviations",
    help: "The pair is closed once the spread is back within this distance",
    min: 0,
    max: 2,
    step: 0.1,
    preset: 0.5,
  }),
  holdHalfLives: parameter({
    label: "Longest hold",
    unit: "half-lives",
    help:
      "The pair is closed when it is held for this many of the half-life at its entry",
    min: 0.5,
    max: 10,
    step: 0.5,
    preset: 2,
  }),
});
export type PairsStrategyConfig = z.infer<typeof pairsStrategySchema>;
