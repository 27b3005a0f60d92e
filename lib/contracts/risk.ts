/**
 * What a guard of portfolios measures and says: measures with their codes, and
 * methods of loss estimates. No schema library, because agent workers read it.
 *
 * @module
 */

/** One measure. */
export interface RiskMeasure {
  /** What it is called in a sentence. */
  label: string;
  unit: "%" | "";
  /** Side of a limit that is worse. */
  worse: "above" | "below";
  /** Code of a rule that acts on it. */
  code: string;
}

/** All measures. */
export const RISK_MEASURES = {
  /** Value at risk in percent of equity. */
  value_at_risk_pct: {
    label: "value at risk",
    unit: "%",
    worse: "above",
    code: "RISK_VALUE_AT_RISK",
  },
  /** Expected shortfall in percent of equity. */
  expected_shortfall_pct: {
    label: "expected shortfall",
    unit: "%",
    worse: "above",
    code: "RISK_EXPECTED_SHORTFALL",
  },
  /** Longs and shorts together in percent of equity. */
  gross_exposure_pct: {
    label: "gross exposure",
    unit: "%",
    worse: "above",
    code: "RISK_GROSS_EXPOSURE",
  },
  /** Part of the largest market in the net exposures of all. */
  concentration_pct: {
    label: "share of the largest market",
    unit: "%",
    worse: "above",
    code: "RISK_CONCENTRATION",
  },
  /** Longs less shorts, whichever their side, in percent of equity. */
  net_exposure_pct: {
    label: "net exposure",
    unit: "%",
    worse: "above",
    code: "RISK_NET_EXPOSURE",
  },
  /** Gross exposure with all entries that work, as if they were filled, in percent of equity. */
  committed_exposure_pct: {
    label: "gross exposure with working entries",
    unit: "%",
    worse: "above",
    code: "RISK_COMMITTED_EXPOSURE",
  },
  /** Longs of the market that has most of them, in percent of equity. */
  symbol_long_pct: {
    label: "long exposure to one market",
    unit: "%",
    worse: "above",
    code: "RISK_SYMBOL_LONG",
  },
  /** Shorts of the market that has most of them, in percent of equity. */
  symbol_short_pct: {
    label: "short exposure to one market",
    unit: "%",
    worse: "above",
    code: "RISK_SYMBOL_SHORT",
  },
  /** Net exposure of the largest market in percent of equity. */
  largest_market_pct: {
    label: "exposure to the largest market",
    unit: "%",
    worse: "above",
    code: "RISK_LARGEST_MARKET",
  },
  /** Mean correlation of the positions, weighted, −1 to 1; 0 with fewer than two markets. */
  correlation: {
    label: "correlation of the positions",
    unit: "",
    worse: "above",
    code: "RISK_CORRELATION",
  },
  /** Fall of the equity below its highest so far. */
  drawdown_pct: {
    label: "drawdown",
    unit: "%",
    worse: "above",
    code: "RISK_DRAWDOWN",
  },
  /** Loss since 00:00 UTC in percent of the equity then. */
  daily_loss_pct: {
    label: "loss of the day",
    unit: "%",
    worse: "above",
    code: "RISK_DAILY_LOSS",
  },
  /** Way of the nearest leveraged position to its liquidation; 100 without one. */
  liquidation_distance_pct: {
    label: "distance to the nearest liquidation",
    unit: "%",
    worse: "below",
    code: "RISK_LIQUIDATION_DISTANCE",
  },
  /** Loss of the worst scenario in percent of equity; 0 where none loses, unknown without a scenario. */
  stress_loss_pct: {
    label: "loss of the worst scenario",
    unit: "%",
    worse: "above",
    code: "RISK_STRESS_LOSS",
  },
} as const satisfies Record<string, RiskMeasure>;

export type RiskMeasureName = keyof typeof RISK_MEASURES;

/** Code of a rule that warns or acts; `RISK_UNKNOWN` if it acts because its measure is unknown, `RISK_DATA_MISSING` where an equity or a price is. */
export type RiskRuleCode =
  | (typeof RISK_MEASURES)[RiskMeasureName]["code"]
  | "RISK_UNKNOWN"
  | "RISK_DATA_MISSING";

/** Names of all measures. */
export const RISK_MEASURE_NAMES = Object.keys(
  RISK_MEASURES,
) as readonly RiskMeasureName[];

/** How a loss is estimated. */
export const LOSS_METHODS = [
  /** From the returns as they were, the quantile between two of them (empyrical). */
  "historical",
  /** The same with the ⌈n p⌉-th smallest return (Riskfolio). */
  "historical_order",
  /** Normal returns with the sample's mean and deviation. */
  "normal",
  /** Normal ones corrected for skewness and kurtosis; historical where that is not valid. */
  "cornish_fisher",
  /** Normal ones with mean 0 and a variance that forgets (RiskMetrics). */
  "ewma",
] as const;

export type LossMethod = (typeof LOSS_METHODS)[number];
