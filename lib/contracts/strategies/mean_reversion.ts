import * as z from "zod";
import { minRewardRisk, parameter } from "./parameter.ts";

/** Mean reversion: market entry against a close far from its mean while there is no trend. */
export const meanReversionStrategySchema = z.strictObject({
  enabled: z.boolean().default(false),
  maxAdx: parameter({
    label: "Strongest trend",
    unit: "ADX",
    help: "Nothing is traded while the ADX of 14 candles is at or above this",
    min: 5,
    max: 100,
    step: 1,
    preset: 20,
  }),
  entryZ: parameter({
    label: "Entry distance",
    unit: "standard deviations",
    help:
      "How far the close must be from its mean; the standard deviation is that of the window itself",
    min: 0.5,
    max: 5,
    step: 0.1,
    preset: 2,
  }),
  windowCandles: parameter({
    label: "Window",
    unit: "candles",
    help: "Candles of the mean and the standard deviation, the newest included",
    min: 10,
    max: 500,
    step: 1,
    preset: 20,
    whole: true,
  }),
  stopAtr: parameter({
    label: "Stop distance",
    unit: "ATR",
    help: "How far from the entry the stop rests",
    min: 0.1,
    max: 10,
    step: 0.1,
    preset: 1.5,
  }),
  exitZ: parameter({
    label: "Exit distance",
    unit: "standard deviations",
    help:
      "The position is closed once the close is back at this distance; 0 is the mean, more is beyond it",
    min: -1,
    max: 2,
    step: 0.1,
    preset: 0,
  }),
  maxHoldCandles: parameter({
    label: "Longest hold",
    unit: "candles",
    help: "The position is closed when it is held this long",
    min: 1,
    max: 1000,
    step: 1,
    preset: 20,
    whole: true,
  }),
  minRewardRisk,
});
export type MeanReversionStrategyConfig = z.infer<
  typeof meanReversionStrategySchema
>;
