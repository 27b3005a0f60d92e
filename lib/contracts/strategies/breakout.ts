import * as z from "zod";
import { choice, minRewardRisk, parameter } from "./parameter.ts";

/** Breakout: market entry after a decisive close beyond a level, out of a narrow range. */
export const breakoutStrategySchema = z.strictObject({
  enabled: z.boolean().default(false),
  level: choice(["donchian", "swing"], {
    label: "Level",
    help:
      "What must be broken by close: the channel of the last candles, or the last confirmed swing",
  }),
  channelCandles: parameter({
    label: "Channel",
    unit: "candles",
    help: "Candles before the breakout whose high and low make the channel",
    min: 5,
    max: 200,
    step: 1,
    preset: 20,
    whole: true,
  }),
  maxSqueezePercentile: parameter({
    label: "Widest channel",
    unit: "percentile",
    help:
      "The channel must be narrower than this percentile of its recent widths; 100 takes any",
    min: 1,
    max: 100,
    step: 1,
    preset: 50,
  }),
  squeezeCandles: parameter({
    label: "Recent widths",
    unit: "candles",
    help: "Over how many candles the width of the channel is compared",
    min: 20,
    max: 500,
    step: 10,
    preset: 100,
    whole: true,
  }),
  volumeRatio: parameter({
    label: "Least volume",
    unit: "times the mean",
    help:
      "The volume must be more than this many times its mean of 20 candles; 0 takes any",
    min: 0,
    max: 10,
    step: 0.1,
    preset: 1.5,
  }),
  minBodyPct: parameter({
    label: "Least body",
    unit: "% of the candle's range",
    help: "How decisive the candle that breaks out must be",
    min: 0,
    max: 100,
    step: 1,
    preset: 60,
  }),
  stopAtr: parameter({
    label: "Stop distance",
    unit: "ATR",
    help: "How far behind the broken level the stop rests",
    min: 0.1,
    max: 10,
    step: 0.1,
    preset: 1,
  }),
  exit: choice(["target", "trail"], {
    label: "Exit",
    help:
      "A fixed target, or a stop that follows the best close and no target at all",
  }),
  targetR: parameter({
    label: "Target",
    unit: "R",
    help: "With a fixed target: its distance as a multiple of the risk",
    min: 1,
    max: 10,
    step: 0.1,
    preset: 2,
  }),
  trailAtr: parameter({
    label: "Trailing distance",
    unit: "ATR",
    help: "With a trailing stop: how far it follows behind the best close",
    min: 0.5,
    max: 20,
    step: 0.1,
    preset: 3,
  }),
  failWithinCandles: parameter({
    label: "Failed breakout",
    unit: "candles",
    help:
      "The position is closed when a candle closes back behind the level within so many; 0 never does",
    min: 0,
    max: 50,
    step: 1,
    preset: 3,
    whole: true,
  }),
  minRewardRisk,
});
export type BreakoutStrategyConfig = z.infer<typeof breakoutStrategySchema>;
