import type { CorrelationFigures } from "./correlation.ts";
import type { DiversificationFigures } from "./diversification.ts";
import type { EquityFigures } from "./equity_track.ts";
import type { ConcentrationFigures, ExposureFigures } from "./exposure.ts";
import type { LiquidationLadder } from "./liquidation_ladder.ts";
import type { PortfolioLoss } from "./portfolio_losses.ts";
import type { StressResult } from "./stress.ts";

/**
 * The risk of a portfolio at one moment. Plain data: money is decimal text,
 * parts are in percent, and what is unknown is null with its reason beside it or
 * in `unknown`.
 */
export interface PortfolioAssessment {
  equity: EquityFigures;
  exposure: ExposureFigures;
  concentration: ConcentrationFigures;
  /** One for each method and level that was asked for. */
  losses: readonly PortfolioLoss[];
  /** Periods in which the return of the whole portfolio is known. */
  observations: number;
  /** Null where weights are unknown. */
  correlation: CorrelationFigures | null;
  diversification: DiversificationFigures;
  ladder: LiquidationLadder;
  stress: readonly StressResult[];
  /** What is unknown and makes figures null, one sentence each. */
  unknown: readonly string[];
}
