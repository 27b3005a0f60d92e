import type { CostsConfig } from "../../lib/contracts/costs.ts";

/** Parts of a price that an execution costs. */
export interface CostRates {
  takerFee: number;
  makerFee: number;
  slippage: number;
}

/** Costs of the paper market (docs/trading-model.md), as plain numbers: an agent's bundle has no decimals. */
export const PAPER_COSTS: CostRates = {
  takerFee: 0.0005,
  makerFee: 0.0002,
  slippage: 0.0002,
};

/** The costs of an agent's configuration as parts of a price. */
export function ratesOf(costs: CostsConfig): CostRates {
  return {
    takerFee: costs.takerFeeBp / BASIS_POINTS,
    makerFee: costs.makerFeeBp / BASIS_POINTS,
    slippage: costs.slippageBp / BASIS_POINTS,
  };
}

const BASIS_POINTS = 10_000;

/**
 * What a trade that ends at its stop costs, in percent of what it loses there
 * before costs: `100 × (entry × entry rate + stop × stop rate) / |entry − stop|`.
 * A limit entry pays the maker fee; a market entry and every stop pay the taker
 * fee and slippage, and so do both executions of a second leg.
 */
export function costPct(
  trade: {
    entry: "limit" | "market";
    entryPrice: number;
    stopPrice: number;
    hedgeValue?: number;
  },
  rates: CostRates = PAPER_COSTS,
): number {
  const { entryPrice, stopPrice } = trade;
  const takerRate = rates.takerFee + rates.slippage;
  const entryRate = trade.entry === "limit" ? rates.makerFee : takerRate;
  const hedgeCosts = 2 * (trade.hedgeValue ?? 0) * takerRate;
  return 100 * (entryPrice * entryRate + stopPrice * takerRate + hedgeCosts) /
    Math.abs(entryPrice - stopPrice);
}
