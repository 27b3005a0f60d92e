/**
 * All figures of a portfolio's risk at one moment, as one plain object.
 *
 * @module
 */
import { assert } from "../../../lib/core/assert.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  estimateOf,
} from "../../../lib/core/decimal.ts";
import type { PortfolioAssessment } from "./assessment.ts";
import { correlationFigures, type HeldMarket } from "./correlation.ts";
import { crossWalletOf } from "./cross_wallet.ts";
import { diversificationOf } from "./diversification.ts";
import {
  type EquityFigures,
  equityFigures,
  type EquityTrack,
} from "./equity_track.ts";
import {
  concentrationOf,
  exposureByMarket,
  exposureFigures,
  type MarketExposure,
} from "./exposure.ts";
import { type HeldPosition, markPositions } from "./held_position.ts";
import { POSITIONS_LIMIT, SCENARIOS_LIMIT } from "./limits.ts";
import { liquidationLadder } from "./liquidation_ladder.ts";
import { estimateLosses, type LossSettings } from "./portfolio_losses.ts";
import { weightsOf } from "./portfolio_returns.ts";
import type { ReturnHistory } from "./return_history.ts";
import {
  STRESS_SCENARIOS,
  type StressInput,
  stressPortfolio,
  type StressScenario,
} from "./stress.ts";

/** What a portfolio is at one moment. Amounts in one quote currency. */
export interface PortfolioInput {
  positions: readonly HeldPosition[];
  /** Mark price of each market; left out or null is unknown. */
  marks: ReadonlyMap<string, DecimalText | null>;
  equity: EquityTrack;
  /** Balance without unrealised results that cross margin positions share; null where unknown or not used. */
  crossWallet: DecimalText | null;
  /** Notional of the entries that work; null where unknown, none if left out. */
  working?: DecimalText | null;
  losses?: LossSettings;
  /** {@link STRESS_SCENARIOS} if left out. */
  scenarios?: readonly StressScenario[];
}

/**
 * Assesses a portfolio against a history of returns. Takes no time from a clock
 * and keeps nothing; but one assessment at a time may use a history, whose
 * buffers it works in.
 */
export function assessPortfolio(
  history: ReturnHistory,
  input: PortfolioInput,
): PortfolioAssessment {
  checkInput(input);
  const marked = markPositions(input.positions, input.marks);
  const { positions } = marked;
  const exposures = exposureByMarket(marked);
  const equity = equityFigures(input.equity);
  const base = equity.equity === null ? null : decimal(equity.equity);
  const cross = crossWalletOf(
    input.crossWallet === null ? null : decimal(input.crossWallet),
    positions,
  );
  const concentration = concentrationOf(exposures, base);
  const markets = heldMarkets(exposures, { equity: base, history });
  const { losses, deviation, observations } = estimateLosses(history, {
    markets,
    equity: base,
    isEmpty: positions.length === 0 || markets?.length === 0,
    settings: input.losses,
  });
  const stressInput: StressInput = {
    positions,
    cross,
    markets: exposures.map(({ symbol, net }) => ({
      symbol,
      net: net === null ? null : estimateOf(net),
      deviation: deviationOf(history, symbol),
    })),
    largest: concentration.largest,
    equity: base === null ? null : Number(base),
  };
  return {
    equity,
    exposure: exposureFigures(exposures, {
      equity: base,
      working: input.working === null ? null : decimal(input.working ?? "0"),
    }),
    concentration,
    losses,
    observations,
    correlation: markets === null ? null : correlationFigures(history, markets),
    diversification: diversificationOf({
      deviation,
      parts: markets?.map(({ symbol, weight }) => ({
        weight,
        deviation: deviationOf(history, symbol),
      })) ?? null,
    }),
    ladder: liquidationLadder(positions, cross),
    stress: (input.scenarios ?? STRESS_SCENARIOS).map((scenario) =>
      stressPortfolio(scenario, stressInput)
    ),
    unknown: unknownParts({ equity, exposures, history }),
  };
}

function deviationOf(history: ReturnHistory, symbol: string): number | null {
  const place = history.placeOf(symbol);
  return place === null ? null : history.deviation(place);
}

/** Markets with a net exposure and their weights; null unless all are known. */
function heldMarkets(
  exposures: readonly MarketExposure[],
  { equity, history }: { equity: Decimal | null; history: ReturnHistory },
): HeldMarket[] | null {
  const weights = weightsOf(exposures.map(({ net }) => net), equity);
  if (weights === null) return null;
  return exposures.map(({ symbol }, index) => ({
    symbol,
    place: history.placeOf(symbol),
    weight: weights[index]!,
  })).filter(({ weight }) => weight !== 0);
}

/** One sentence for each thing that is unknown and makes figures null. */
function unknownParts(
  { equity, exposures, history }: {
    equity: EquityFigures;
    exposures: readonly MarketExposure[];
    history: ReturnHistory;
  },
): string[] {
  const found: string[] = [];
  if (equity.equity === null) found.push("The equity is unknown");
  for (const { symbol, net } of exposures) {
    if (net === null) found.push(`The mark price of ${symbol} is unknown`);
    if (history.placeOf(symbol) === null) {
      found.push(`No returns of ${symbol} are kept`);
    }
  }
  return found;
}

function checkInput({ positions, scenarios = [] }: PortfolioInput): void {
  assert(
    positions.length <= POSITIONS_LIMIT,
    `${positions.length} positions are more than the ${POSITIONS_LIMIT} of one assessment`,
  );
  assert(
    scenarios.length <= SCENARIOS_LIMIT,
    `${scenarios.length} scenarios are more than the ${SCENARIOS_LIMIT} of one assessment`,
  );
}
