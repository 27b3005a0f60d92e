/**
 * How much of the risk per trade an entry takes. Pure; the desk holds its own
 * limit, whatever comes out here.
 *
 * @module
 */
import type { CostsConfig } from "../../lib/contracts/costs.ts";
import type { SizingConfig } from "../../lib/contracts/strategies.ts";
import type { CandleSeries } from "../market/candle_series.ts";
import { costPct, PAPER_COSTS, ratesOf } from "./costs.ts";
import { KELLY_TRADES_MIN, kellyFraction } from "./kelly.ts";
import type { TradeResults } from "./trade_results.ts";
import { readVolatility } from "./volatility.ts";

/** What is sized. */
export interface SizingTrade {
  entry: "limit" | "market";
  entryPrice: number;
  stopPrice: number;
  /** Value of the second leg of a pair for each unit of the first; none where it is left out. */
  hedgeValue?: number;
}

/** What a size depends on. */
export interface SizingContext {
  config: SizingConfig;
  /** Most of equity that one trade may lose, in percent. */
  riskPct: number;
  results: TradeResults;
  series: CandleSeries;
  /** Costs of the agent; the presets where they are left out. */
  costs?: CostsConfig;
}

/** The size as a part of equity, or why there is no entry. */
export type SizeVerdict =
  | {
    riskPct: number;
    /** One sentence for the reasons; null where the risk is simply the configured one. */
    note: string | null;
  }
  | { skippedBecause: string };

/** Sizes an entry. The result is never above `riskPct`. */
export function sizeEntry(
  trade: SizingTrade,
  context: SizingContext,
): SizeVerdict {
  const { config, riskPct, costs: prices } = context;
  if (config.maxCostPct < 100) {
    const costs = costPct(
      trade,
      prices === undefined ? PAPER_COSTS : ratesOf(prices),
    );
    if (costs > config.maxCostPct) {
      return {
        skippedBecause: `Costs would be ${
          costs.toFixed(0)
        } % of the risk, at most ${config.maxCostPct} % are allowed`,
      };
    }
  }
  switch (config.method) {
    case "fixed_fractional":
      return { riskPct, note: null };
    case "volatility":
      return sizeByVolatility(context);
    case "kelly":
      return sizeByResults(context);
  }
}

/**
 * Volatility targeting: the risk times `target / current volatility`, between
 * `minFactor` and 1. Exposure in inverse proportion to volatility is that of
 * Harvey et al., The Impact of Volatility Targeting, Journal of Portfolio
 * Management 45 (2018); volatility here is ATR(14) in percent of the price, and
 * the target is the market's own mean or a given one. It comes on top of a stop
 * that is itself some ATR away.
 */
function sizeByVolatility(
  { config, riskPct, series }: SizingContext,
): SizeVerdict {
  const isGiven = config.targetVolatilityPct > 0;
  const reading = readVolatility(series, isGiven ? 1 : config.referenceCandles);
  if (reading === null) {
    return {
      riskPct,
      note:
        `Risk of ${riskPct} %: the mean volatility of ${config.referenceCandles} candles is not known yet`,
    };
  }
  const targetPct = isGiven ? config.targetVolatilityPct : reading.meanPct;
  const factor = Math.min(
    1,
    Math.max(config.minFactor, targetPct / reading.currentPct),
  );
  return {
    riskPct: riskPct * factor,
    note: `Risk of ${formatPct(riskPct * factor)} %: volatility is ${
      formatPct(reading.currentPct)
    } % a candle, the full risk is for ${formatPct(targetPct)} %`,
  };
}

/** A part of the Kelly fraction of the last trades, between `minFactor` of the risk and all of it. */
function sizeByResults(
  { config, riskPct, results }: SizingContext,
): SizeVerdict {
  const known = results.last(config.kellyTrades);
  if (known.length < KELLY_TRADES_MIN) {
    return {
      riskPct,
      note:
        `Risk of ${riskPct} %: ${known.length} trades are closed, ${KELLY_TRADES_MIN} are needed to go by results`,
    };
  }
  const fraction = kellyFraction(known);
  const wantedPct = fraction * config.kellySharePct;
  const sizedPct = Math.min(
    riskPct,
    Math.max(config.minFactor * riskPct, wantedPct),
  );
  const basis = `the Kelly fraction of the last ${known.length} trades is ${
    fraction.toFixed(2)
  }`;
  return sizedPct <= 0 ? { skippedBecause: `No risk is taken: ${basis}` } : {
    riskPct: sizedPct,
    note: `Risk of ${formatPct(sizedPct)} %: ${basis}`,
  };
}

function formatPct(value: number): string {
  return String(Number(value.toPrecision(3)));
}
