/** Mathematics of a portfolio's risk. Pure; figures and sources: docs/portfolio-risk.md. */
export { assessPortfolio, type PortfolioInput } from "./assess_portfolio.ts";
export type { PortfolioAssessment } from "./assessment.ts";
export {
  type CorrelationFigures,
  correlationMatrix,
  historyMatrix,
} from "./correlation.ts";
export {
  type EquityFigures,
  equityFigures,
  type EquityTrack,
  followEquity,
  startEquityTrack,
} from "./equity_track.ts";
export type { ConcentrationFigures, ExposureFigures } from "./exposure.ts";
export {
  type HeldPosition,
  holdPosition,
  type PortfolioPosition,
} from "./held_position.ts";
export { scaleToHorizon } from "./horizon.ts";
export { backtestLosses, type LossBacktest } from "./loss_backtest.ts";
export type { LiquidationLadder } from "./liquidation_ladder.ts";
export {
  estimateLoss,
  LOSS_METHODS,
  type LossEstimate,
  type LossMethod,
} from "./loss_estimate.ts";
export { type LossSample, prepareSample } from "./loss_sample.ts";
export type { LossSettings, PortfolioLoss } from "./portfolio_losses.ts";
export {
  portfolioReturns,
  returnsOfPrices,
  weightsOf,
} from "./portfolio_returns.ts";
export { ReturnHistory, type ReturnHistorySnapshot } from "./return_history.ts";
export { faultsOfRules, type RiskRule } from "./rule_check.ts";
export {
  readMeasures,
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
  type RiskMeasureName,
  type RiskReadings,
  type RiskRuleCode,
} from "./rule_measures.ts";
export {
  type ActingRule,
  graverState,
  type ScopeStanding,
} from "./rule_standing.ts";
export type { RuleState, RuleStates } from "./rule_state.ts";
export { applyRules, releaseRule, type RuleVerdict } from "./rules.ts";
export {
  STRESS_SCENARIOS,
  type StressResult,
  type StressScenario,
} from "./stress.ts";
export { type BaselZone, baselZone, kupiecTest } from "./var_backtest.ts";
