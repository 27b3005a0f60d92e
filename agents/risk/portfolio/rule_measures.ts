/**
 * What risk rules may watch: for each measure its unit, which side of a limit is
 * worse, and where an assessment has it. Unknown is null.
 *
 * @module
 */
import type { PortfolioAssessment } from "./assessment.ts";
import type { LossMethod } from "./loss_estimate.ts";

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

/** Code of a rule that warns or acts; `RISK_UNKNOWN` if it acts because its measure is unknown. */
export type RiskRuleCode =
  | (typeof RISK_MEASURES)[RiskMeasureName]["code"]
  | "RISK_UNKNOWN";

/** Names of all measures. */
export const RISK_MEASURE_NAMES = Object.keys(
  RISK_MEASURES,
) as readonly RiskMeasureName[];

/** Values of the measures; null is unknown, and so is one that is left out. */
export type RiskReadings = Partial<Record<RiskMeasureName, number | null>>;

/** Which loss estimate the rules go by. It must be among those of the assessment, else both are unknown. */
export interface ReadingOptions {
  method: LossMethod;
  level: number;
}

/** Reads all measures from an assessment. */
export function readMeasures(
  assessment: PortfolioAssessment,
  { method, level }: ReadingOptions,
): RiskReadings {
  const { equity, exposure, concentration, losses } = assessment;
  const loss = losses.find((entry) =>
    entry.method === method && entry.level === level
  );
  return {
    value_at_risk_pct: loss?.valueAtRiskPct ?? null,
    expected_shortfall_pct: loss?.expectedShortfallPct ?? null,
    gross_exposure_pct: exposure.grossPct,
    concentration_pct: concentration.largestSharePct,
    largest_market_pct: concentration.largestToEquityPct,
    correlation: correlationReading(assessment),
    drawdown_pct: equity.drawdownPct,
    daily_loss_pct: equity.dailyLossPct,
    liquidation_distance_pct: distanceReading(assessment),
    stress_loss_pct: stressReading(assessment),
  };
}

function correlationReading({ correlation }: PortfolioAssessment) {
  if (correlation === null) return null;
  return correlation.pairs === 0 ? 0 : correlation.weightedAverage;
}

/** Way that is left where nothing can be liquidated. */
const NO_LIQUIDATION_PCT = 100;

function distanceReading({ ladder }: PortfolioAssessment) {
  if (ladder.unknown.length > 0) return null;
  return ladder.nearestPct ?? NO_LIQUIDATION_PCT;
}

function stressReading({ stress }: PortfolioAssessment) {
  if (stress.length === 0) return null;
  let worst = 0;
  for (const { pnlPct } of stress) {
    if (pnlPct === null) return null;
    worst = Math.max(worst, -pnlPct);
  }
  return worst;
}
