import * as z from "zod";
import { choice, parameter } from "./parameter.ts";

/** How much of the risk per trade an entry takes. The limit of the risk group holds whatever the method. */
export const sizingConfigSchema = z.strictObject({
  method: choice(["fixed_fractional", "volatility", "kelly"], {
    label: "Position sizing",
    help:
      "The same risk on every trade, less in a lively market, or by the results of the last trades",
  }),
  targetVolatilityPct: parameter({
    label: "Volatility for the full risk",
    unit: "% a candle",
    help:
      "By volatility: the ATR in percent of the price up to which the full risk is taken; 0 takes the market's own mean",
    min: 0,
    max: 50,
    step: 0.01,
    preset: 0,
  }),
  referenceCandles: parameter({
    label: "Candles of that mean",
    unit: "candles",
    help: "By volatility: over how many candles the mean ATR is taken",
    min: 50,
    max: 1000,
    step: 10,
    preset: 500,
    whole: true,
  }),
  kellyTrades: parameter({
    label: "Trades looked at",
    unit: "trades",
    help:
      "By results: how many closed trades count; below 20 of them the risk is fixed",
    min: 20,
    max: 200,
    step: 5,
    preset: 50,
    whole: true,
  }),
  kellySharePct: parameter({
    label: "Part of the Kelly fraction",
    unit: "%",
    help: "By results: the full fraction is far too much for an estimated edge",
    min: 1,
    max: 25,
    step: 1,
    preset: 25,
  }),
  minFactor: parameter({
    label: "Least part of the risk",
    unit: "of the risk per trade",
    help:
      "No method goes below this; with 0 a strategy without an edge by its results enters nothing",
    min: 0,
    max: 1,
    step: 0.05,
    preset: 0.25,
  }),
  maxCostPct: parameter({
    label: "Most costs",
    unit: "% of the planned risk",
    help:
      "An entry whose fees and slippage would eat more than this of its risk is skipped; 100 skips none",
    min: 1,
    max: 100,
    step: 1,
    preset: 100,
  }),
});
export type SizingConfig = z.infer<typeof sizingConfigSchema>;
export type SizingMethod = SizingConfig["method"];
