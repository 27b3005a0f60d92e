/**
 * Value at risk and expected shortfall of a portfolio as it is held now.
 *
 * @module
 */
import {
  type Decimal,
  type DecimalText,
  estimateOf,
} from "../../../lib/core/decimal.ts";
import type { EwmaSeed } from "../../../lib/core/statistics/loss_models.ts";
import type { HeldMarket } from "./correlation.ts";
import { estimateText } from "./estimate_text.ts";
import {
  estimateLoss,
  LOSS_METHODS,
  type LossEstimate,
  type LossMethod,
  type LossOptions,
  unknownLoss,
} from "./loss_estimate.ts";
import { OBSERVATIONS_MIN } from "./limits.ts";
import { type LossSample, prepareSample } from "./loss_sample.ts";
import type { ReturnHistory } from "./return_history.ts";

/** Which losses are estimated and how. */
export interface LossSettings {
  /** 95 % and 99 % if left out. */
  levels?: readonly number[];
  /** All if left out. */
  methods?: readonly LossMethod[];
  horizonPeriods?: number;
  decay?: number;
  seed?: EwmaSeed;
  observationsMin?: number;
}

const LEVELS = [0.95, 0.99] as const;

/** An estimate in percent of equity, and as money. */
export interface PortfolioLoss
  extends Omit<LossEstimate, "valueAtRisk" | "expectedShortfall"> {
  valueAtRiskPct: number | null;
  expectedShortfallPct: number | null;
  /** In quote currency. */
  valueAtRisk: DecimalText | null;
  expectedShortfall: DecimalText | null;
}

/** What the losses are computed from. */
export interface PortfolioLossInput {
  /** Markets with a net exposure; null where weights are unknown. */
  markets: readonly HeldMarket[] | null;
  equity: Decimal | null;
  /** Nothing is held, or longs and shorts of each market are equal. */
  isEmpty: boolean;
  settings?: LossSettings | undefined;
}

/** Estimates the losses by each method at each level, and the deviation of the portfolio's return. */
export function estimateLosses(
  history: ReturnHistory,
  { markets, equity, isEmpty, settings = {} }: PortfolioLossInput,
): {
  losses: PortfolioLoss[];
  deviation: number | null;
  observations: number;
} {
  const { levels = LEVELS, methods = LOSS_METHODS } = settings;
  const sample = markets === null || isEmpty
    ? null
    : portfolioSample(history, markets);
  const losses: PortfolioLoss[] = [];
  for (const level of levels) {
    for (const method of methods) {
      const options: LossOptions = { ...settings, level, method };
      const estimate = sample === null
        ? unknownLoss(options, isEmpty ? NO_POSITION : NO_WEIGHTS)
        : estimateLoss(sample, options);
      losses.push(inMoney(estimate, equity));
    }
  }
  return {
    losses,
    deviation: isEmpty ? 0 : deviationOf(sample),
    observations: sample?.known.length ?? 0,
  };
}

function deviationOf(sample: LossSample | null): number | null {
  if (sample === null || sample.known.length < OBSERVATIONS_MIN) return null;
  return sample.moments!.deviation;
}

const NO_POSITION = {
  code: "NO_POSITION",
  reason: "Nothing is held on balance",
} as const;

const NO_WEIGHTS = {
  code: "NO_WEIGHTS",
  reason: "Equity is not above 0, or it or a mark price is unknown",
} as const;

/** Past returns of the portfolio at its present weights, prepared in the buffers of the history. */
function portfolioSample(
  history: ReturnHistory,
  markets: readonly HeldMarket[],
): LossSample {
  const places: number[] = [];
  for (const { place } of markets) {
    if (place === null) return prepareSample([]);
    places.push(place);
  }
  const weights = markets.map(({ weight }) => weight);
  return prepareSample(
    history.portfolioReturns(places, weights),
    history.sampleBuffers,
  );
}

function inMoney(
  { valueAtRisk, expectedShortfall, ...rest }: LossEstimate,
  equity: Decimal | null,
): PortfolioLoss {
  return {
    ...rest,
    valueAtRiskPct: percentOf(valueAtRisk),
    expectedShortfallPct: percentOf(expectedShortfall),
    valueAtRisk: moneyOf(valueAtRisk, equity),
    expectedShortfall: moneyOf(expectedShortfall, equity),
  };
}

function percentOf(loss: number | null): number | null {
  return loss === null ? null : 100 * loss;
}

function moneyOf(
  loss: number | null,
  equity: Decimal | null,
): DecimalText | null {
  return loss === null || equity === null
    ? null
    : estimateText(loss * estimateOf(equity));
}
