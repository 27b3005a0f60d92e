import * as z from "zod";
import { choice, minRewardRisk, parameter, tick } from "./parameter.ts";

/** Liquidity sweep: market entry after a wick took a pool of liquidity and the candle closed back inside. */
export const liquiditySweepStrategySchema = z.strictObject({
  enabled: z.boolean().default(false),
  entry: choice(["next_open", "internal_choch"], {
    label: "Entry",
    help:
      "At the next open, or at the open after the internal structure has turned",
  }),
  chochWithinCandles: parameter({
    label: "Longest wait for the turn",
    unit: "candles",
    help:
      "With entry after an internal change of character: a sweep older than this is forgotten",
    min: 1,
    max: 100,
    step: 1,
    preset: 10,
    whole: true,
  }),
  minWickPct: parameter({
    label: "Least wick",
    unit: "% of the candle's range",
    help: "How much of the sweeping candle must be the wick through the pool",
    min: 0,
    max: 100,
    step: 1,
    preset: 40,
  }),
  maxPoolAgeCandles: parameter({
    label: "Pool age",
    unit: "candles",
    help:
      "Pools that began longer ago are not traded; levels of a day or week need a large number on short candles",
    min: 10,
    max: 20000,
    step: 10,
    preset: 200,
    whole: true,
  }),
  useEqualLevels: tick({
    label: "Equal highs and lows",
    help: "Two or more swings at nearly the same price",
  }),
  usePreviousDay: tick({
    label: "Previous day",
    help: "High and low of the day before",
  }),
  usePreviousWeek: tick({
    label: "Previous week",
    help: "High and low of the week before",
  }),
  useSession: tick({
    label: "Session",
    help: "High and low of a trading session",
  }),
  useSwing: tick({
    label: "Single swings",
    help: "A confirmed swing that is not part of a pool",
  }),
  stopBufferAtr: parameter({
    label: "Stop buffer",
    unit: "ATR",
    help: "How far beyond the extreme of the sweep the stop rests",
    min: 0,
    max: 3,
    step: 0.05,
    preset: 0.1,
  }),
  minRewardRisk,
  targetR: parameter({
    label: "Target without an opposite pool",
    unit: "R",
    help:
      "Target as a multiple of the risk where no opposite pool is far enough",
    min: 1,
    max: 10,
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
    preset: 30,
    whole: true,
  }),
});
export type LiquiditySweepStrategyConfig = z.infer<
  typeof liquiditySweepStrategySchema
>;
