/**
 * Value at risk and expected shortfall of a sample of returns, by five methods.
 * Losses are positive parts of equity; a negative one is a gain even there. An
 * estimate that cannot be made is null and says why: never 0.
 *
 * @module
 */
import { LOSS_METHODS, type LossMethod } from "../../../lib/contracts/risk.ts";
import { assert } from "../../../lib/core/assert.ts";
import {
  cornishFisherLoss,
  cornishFisherShortfall,
  EWMA_DECAY,
  EWMA_SEED_WINDOW,
  type EwmaSeed,
  ewmaVariance,
  isCornishFisherTailValid,
  isCornishFisherValid,
  normalLoss,
  normalShortfall,
} from "../../../lib/core/statistics/loss_models.ts";
import {
  lossOfSorted,
  type QuantileRule,
  shortfallOfSorted,
} from "../../../lib/core/statistics/value_at_risk.ts";
import { scaleToHorizon } from "./horizon.ts";
import { GAP_SHARE_MAX, OBSERVATIONS_MIN } from "./limits.ts";
import type { LossSample } from "./loss_sample.ts";

export { LOSS_METHODS, type LossMethod };

/** What an estimate has to say about itself. */
export type LossCode =
  /** Too few returns for the level. Unknown. */
  | "TOO_FEW_RETURNS"
  /** Too many returns within the sample are unknown. Unknown. */
  | "TOO_MANY_GAPS"
  /** Positions are worth more than is known, or equity is not positive. Unknown. */
  | "NO_WEIGHTS"
  /** Nothing is held, so nothing can be lost. */
  | "NO_POSITION"
  /** Outside the domain of the method: a historical figure stands in. */
  | "FELL_BACK";

/** What is asked for. */
export interface LossOptions {
  method: LossMethod;
  /** Part of the cases that are no worse: 0.95 or 0.99. */
  level: number;
  /** Length of the horizon in periods of the returns; 1 if left out. */
  horizonPeriods?: number;
  /** Weight of the past for `ewma`; 0.94 if left out. */
  decay?: number;
  /** Begin of the variance for `ewma`; the square of the first return if left out. */
  seed?: EwmaSeed;
  /** Fewest returns; {@link OBSERVATIONS_MIN} if left out. */
  observationsMin?: number;
}

/** An estimate with all that one needs to judge it. */
export interface LossEstimate {
  method: LossMethod;
  /** The method that the value at risk comes from in the end. */
  usedMethod: LossMethod;
  /** The method that the shortfall comes from; its domain may be smaller. */
  usedShortfallMethod: LossMethod;
  level: number;
  horizonPeriods: number;
  /** Known returns that were used. */
  observations: number;
  gaps: number;
  /** Loss that is exceeded in 1 − level of the cases. */
  valueAtRisk: number | null;
  /** Mean loss of those cases. */
  expectedShortfall: number | null;
  code: LossCode | null;
  /** Why a figure is null or of another method, one sentence. */
  reason: string | null;
}

/** Estimates both losses. `level` between 0 and 1, both excluded. */
export function estimateLoss(
  sample: LossSample,
  options: LossOptions,
): LossEstimate {
  const fault = faultOf(sample, options);
  if (fault !== null) return unknownLoss(options, { ...fault, sample });
  const { valueAtRisk, expectedShortfall, ...used } = compute(sample, options);
  const horizon = options.horizonPeriods ?? 1;
  const isOwn = used.usedMethod === options.method &&
    used.usedShortfallMethod === options.method;
  return {
    ...used,
    method: options.method,
    level: options.level,
    horizonPeriods: horizon,
    observations: sample.known.length,
    gaps: sample.gaps,
    valueAtRisk: scaleToHorizon(valueAtRisk, horizon),
    expectedShortfall: scaleToHorizon(expectedShortfall, horizon),
    code: isOwn ? null : "FELL_BACK",
    reason: isOwn ? null : fallBackReason(sample, used),
  };
}

/** An estimate without figures and the reason for it; with figures of 0 where nothing is held. */
export function unknownLoss(
  options: LossOptions,
  { code, reason, sample }: {
    code: LossCode;
    reason: string;
    sample?: LossSample;
  },
): LossEstimate {
  const loss = code === "NO_POSITION" ? 0 : null;
  return {
    method: options.method,
    usedMethod: options.method,
    usedShortfallMethod: options.method,
    level: options.level,
    horizonPeriods: options.horizonPeriods ?? 1,
    observations: sample?.known.length ?? 0,
    gaps: sample?.gaps ?? 0,
    valueAtRisk: loss,
    expectedShortfall: loss,
    code,
    reason,
  };
}

/** 1 − level without the rounding error of the subtraction. */
export function tailOf(level: number): number {
  assert(
    level > 0 && level < 1,
    `A level must lie between 0 and 1, was ${level}`,
  );
  return Number((1 - level).toFixed(12));
}

/** Returns that a method needs at a level: the worst part must hold one whole return, where it is taken from them. */
export function observationsNeeded(options: LossOptions): number {
  const least = Math.max(2, options.observationsMin ?? OBSERVATIONS_MIN);
  switch (options.method) {
    case "historical":
    case "historical_order":
    // Its stand-in is historical.
    case "cornish_fisher":
      return Math.max(least, Math.round(1 / tailOf(options.level)));
    case "ewma":
      return options.seed === "first_window"
        ? Math.max(least, EWMA_SEED_WINDOW)
        : least;
    case "normal":
      return least;
  }
}

function faultOf(sample: LossSample, options: LossOptions) {
  const { known, gaps } = sample;
  const needed = observationsNeeded(options);
  if (known.length < needed) {
    return {
      code: "TOO_FEW_RETURNS" as const,
      reason:
        `${known.length} returns are known, ${options.method} at ${options.level} needs ${needed}`,
    };
  }
  if (gaps > GAP_SHARE_MAX * (known.length + gaps)) {
    return {
      code: "TOO_MANY_GAPS" as const,
      reason: `${gaps} of ${known.length + gaps} returns are unknown, at most ${
        100 * GAP_SHARE_MAX
      } % may be`,
    };
  }
  return null;
}

interface Computed {
  valueAtRisk: number;
  expectedShortfall: number;
  usedMethod: LossMethod;
  usedShortfallMethod: LossMethod;
}

function compute(sample: LossSample, options: LossOptions): Computed {
  const tail = tailOf(options.level);
  switch (options.method) {
    case "historical":
      return historical(sample, { tail, rule: "linear" });
    case "historical_order":
      return historical(sample, { tail, rule: "order_statistic" });
    case "normal":
      return normal(sample.moments!, { tail, method: "normal" });
    case "cornish_fisher":
      return cornishFisher(sample, tail);
    case "ewma": {
      const { decay = EWMA_DECAY, seed = "first_square" } = options;
      const variance = ewmaVariance(sample.known, { decay, seed })!;
      const moments = { mean: 0, deviation: Math.sqrt(variance) };
      return normal(moments, { tail, method: "ewma" });
    }
  }
}

function historical(
  { ascending }: LossSample,
  { tail, rule }: { tail: number; rule: QuantileRule },
): Computed {
  const method = rule === "linear" ? "historical" : "historical_order";
  return {
    valueAtRisk: lossOfSorted(ascending, { tail, rule }),
    expectedShortfall: shortfallOfSorted(ascending, { tail, rule }),
    usedMethod: method,
    usedShortfallMethod: method,
  };
}

function normal(
  moments: { mean: number; deviation: number },
  { tail, method }: { tail: number; method: LossMethod },
): Computed {
  return {
    valueAtRisk: normalLoss(moments, tail),
    expectedShortfall: normalShortfall(moments, tail),
    usedMethod: method,
    usedShortfallMethod: method,
  };
}

function cornishFisher(sample: LossSample, tail: number): Computed {
  const moments = sample.moments!;
  const standIn = historical(sample, { tail, rule: "linear" });
  if (!isCornishFisherValid(moments, tail)) return standIn;
  const own = {
    valueAtRisk: cornishFisherLoss(moments, tail),
    usedMethod: "cornish_fisher",
  } as const;
  if (!isCornishFisherTailValid(moments, tail)) {
    // A shortfall below the value at risk would contradict it.
    const expectedShortfall = Math.max(
      own.valueAtRisk,
      standIn.expectedShortfall,
    );
    return { ...standIn, ...own, expectedShortfall };
  }
  return {
    ...own,
    expectedShortfall: cornishFisherShortfall(moments, tail),
    usedShortfallMethod: "cornish_fisher",
  };
}

function fallBackReason(
  { moments }: LossSample,
  { usedMethod }: Pick<Computed, "usedMethod">,
): string {
  const { skewness, kurtosis } = moments!;
  const what = usedMethod === "cornish_fisher"
    ? "the historical shortfall stands in"
    : "the historical figures stand in";
  return `Skewness ${skewness.toFixed(2)} and kurtosis ${
    kurtosis.toFixed(2)
  } are outside of what Cornish-Fisher holds for; ${what}`;
}
