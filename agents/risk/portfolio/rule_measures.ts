/**
 * What risk rules may watch: for each measure its unit, which side of a limit is
 * worse, and where an assessment has it. Unknown is null.
 *
 * @module
 */
import type { PortfolioAssessment } from "./assessment.ts";
import type { RiskMeasureName } from "../../../lib/contracts/risk.ts";
import type { LossMethod } from "./loss_estimate.ts";

export {
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
  type RiskMeasure,
  type RiskMeasureName,
  type RiskRuleCode,
} from "../../../lib/contracts/risk.ts";

/**
 * Values of the measures; null is unknown, and so is one that is left out.
 * `waiting` is not known yet and no breach: too little has been seen of a market
 * that is followed anew.
 */
export type RiskReadings = Partial<
  Record<RiskMeasureName, number | null | "waiting">
>;

/** Which loss estimate the rules go by. It must be among those of the assessment, else both are unknown. */
export interface ReadingOptions {
  method: LossMethod;
  level: number;
}

/** Reads all measures from an assessment. */
export function readMeasures(
  assessment: PortfolioAssessment,
  { method, level }: ReadingOptions,
): Record<RiskMeasureName, number | null> {
  const { equity, exposure, concentration, losses } = assessment;
  const loss = losses.find((entry) =>
    entry.method === method && entry.level === level
  );
  return {
    value_at_risk_pct: loss?.valueAtRiskPct ?? null,
    expected_shortfall_pct: loss?.expectedShortfallPct ?? null,
    gross_exposure_pct: exposure.grossPct,
    net_exposure_pct: exposure.netPct === null
      ? null
      : Math.abs(exposure.netPct),
    committed_exposure_pct: exposure.committedPct,
    symbol_long_pct: sideReading(assessment, "long"),
    symbol_short_pct: sideReading(assessment, "short"),
    concentration_pct: concentration.largestSharePct,
    largest_market_pct: concentration.largestToEquityPct,
    correlation: correlationReading(assessment),
    drawdown_pct: equity.drawdownPct,
    daily_loss_pct: equity.dailyLossPct,
    liquidation_distance_pct: distanceReading(assessment),
    stress_loss_pct: stressReading(assessment),
  };
}

/** Largest notional of one side of a market in percent of equity. */
function sideReading(
  { exposure, equity: { equity } }: PortfolioAssessment,
  side: "long" | "short",
): number | null {
  const base = equity === null ? 0 : Number(equity);
  if (exposure.unknown.length > 0 || !(base > 0)) return null;
  const largest = exposure.markets.reduce(
    (most, market) => Math.max(most, Number(market[side])),
    0,
  );
  return 100 * largest / base;
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
