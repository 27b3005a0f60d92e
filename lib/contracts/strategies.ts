import * as z from "zod";
import { breakoutStrategySchema } from "./strategies/breakout.ts";
import { liquiditySweepStrategySchema } from "./strategies/liquidity_sweep.ts";
import { meanReversionStrategySchema } from "./strategies/mean_reversion.ts";
import { pairsStrategySchema } from "./strategies/pairs.ts";
import { choice, minRewardRisk, parameter } from "./strategies/parameter.ts";

export * from "./strategies/breakout.ts";
export * from "./strategies/liquidity_sweep.ts";
export * from "./strategies/mean_reversion.ts";
export * from "./strategies/pairs.ts";
export * from "./strategies/sizing.ts";

const entryAt = choice(["edge", "middle"], {
  label: "Entry",
  help:
    "Where the limit order rests: at the near edge of the zone or at its middle",
});

const stopBufferAtr = parameter({
  label: "Stop buffer",
  unit: "ATR",
  help: "How far beyond the zone the stop rests",
  min: 0,
  max: 3,
  step: 0.05,
  preset: 0.1,
});

/** Order block: limit entry at the retest of a displaced block in the direction of structure. */
export const orderBlockStrategySchema = z.strictObject({
  enabled: z.boolean().default(true),
  entryAt,
  maxAgeCandles: parameter({
    label: "Longest wait",
    unit: "candles",
    help: "The order is withdrawn when the block is older than this",
    min: 5,
    max: 500,
    step: 1,
    preset: 50,
    whole: true,
  }),
  stopBufferAtr,
  minRewardRisk,
  targetR: parameter({
    label: "Target without opposing liquidity",
    unit: "R",
    help:
      "Target as a multiple of the risk where no opposing liquidity is far enough",
    min: 1,
    max: 10,
    step: 0.1,
    preset: 2,
  }),
});
export type OrderBlockStrategyConfig = z.infer<typeof orderBlockStrategySchema>;

/** Fair value gap: limit entry at the return into a large gap in the direction of structure. */
export const fvgStrategySchema = z.strictObject({
  enabled: z.boolean().default(true),
  entryAt,
  minGapAtr: parameter({
    label: "Least gap",
    unit: "ATR",
    help: "Smaller gaps are not traded",
    min: 0,
    max: 5,
    step: 0.05,
    preset: 0.5,
  }),
  minBodyPct: parameter({
    label: "Least body of the middle candle",
    unit: "% of its range",
    help: "How decisive the candle that made the gap must be",
    min: 0,
    max: 100,
    step: 1,
    preset: 60,
  }),
  maxAgeCandles: parameter({
    label: "Longest wait",
    unit: "candles",
    help: "The order is withdrawn when the gap is older than this",
    min: 3,
    max: 500,
    step: 1,
    preset: 30,
    whole: true,
  }),
  stopBufferAtr,
  minRewardRisk,
  targetR: parameter({
    label: "Target without a far swing",
    unit: "R",
    help: "Target as a multiple of the risk where the last swing is too near",
    min: 1,
    max: 10,
    step: 0.1,
    preset: 2,
  }),
});
export type FvgStrategyConfig = z.infer<typeof fvgStrategySchema>;

/** Settings of the SMC detectors. */
export const detectorConfigSchema = z.strictObject({
  swingLength: parameter({
    label: "Swing length",
    unit: "candles",
    help:
      "Candles on each side that make a swing; a swing is known this many candles later",
    min: 2,
    max: 100,
    step: 1,
    preset: 5,
    whole: true,
  }),
  internalSwingLength: parameter({
    label: "Internal swing length",
    unit: "candles",
    help:
      "The same for the smaller structure inside the swings; at most the swing length counts",
    min: 2,
    max: 50,
    step: 1,
    preset: 3,
    whole: true,
  }),
  liquidityToleranceAtr: parameter({
    label: "Equal highs and lows",
    unit: "ATR",
    help: "How close two swings must be to count as one pool of liquidity",
    min: 0.01,
    max: 2,
    step: 0.01,
    preset: 0.1,
  }),
  maxZoneAgeCandles: parameter({
    label: "Zone age",
    unit: "candles",
    help: "Zones older than this are ended",
    min: 50,
    max: 5000,
    step: 10,
    preset: 500,
    whole: true,
  }),
});
export type DetectorConfig = z.infer<typeof detectorConfigSchema>;

/** Strategies that this version can trade, by key of the configuration. */
export const strategiesConfigSchema = z.strictObject({
  orderBlock: orderBlockStrategySchema.prefault({}),
  fvg: fvgStrategySchema.prefault({}),
  liquiditySweep: liquiditySweepStrategySchema.prefault({}),
  breakout: breakoutStrategySchema.prefault({}),
  meanReversion: meanReversionStrategySchema.prefault({}),
  pairs: pairsStrategySchema.prefault({}),
});
export type StrategiesConfig = z.infer<typeof strategiesConfigSchema>;
export type StrategyKey = keyof StrategiesConfig;
