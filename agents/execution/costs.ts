/**
 * The costs of the paper market as rates. A part of the definitions is in
 * docs/trading-model.md, as are the presets.
 *
 * @module
 */
import type { CostsConfig } from "../../lib/contracts/costs.ts";
import { type Decimal, decimal, divide, ZERO } from "../../lib/core/decimal.ts";

/** Rates are parts of the notional, exact. */
export interface TradingCosts {
  makerRate: Decimal;
  takerRate: Decimal;
  slippageRate: Decimal;
  /** Paid by a long position at each funding time, received by a short one. */
  fundingRate: Decimal;
  hasFunding: boolean;
  /** From the close that an order was decided on to its arrival. */
  latencyMs: number;
}

/** Costs of an account whose configuration names none. */
export const PRESET_COSTS: CostsConfig = {
  makerFeeBp: 2,
  takerFeeBp: 5,
  slippageBp: 2,
  latencyMs: 0,
  fundingBpPer8h: 0,
};

const BASIS_POINTS: Decimal = decimal("10000");

/** Costs in rates; those of the presets where a configuration is older than its costs. */
export function tradingCosts(costs: CostsConfig = PRESET_COSTS): TradingCosts {
  const rate = (basisPoints: number) =>
    divide(decimal(basisPoints), BASIS_POINTS);
  const fundingRate = rate(costs.fundingBpPer8h);
  return {
    makerRate: rate(costs.makerFeeBp),
    takerRate: rate(costs.takerFeeBp),
    slippageRate: rate(costs.slippageBp),
    fundingRate,
    hasFunding: !fundingRate.eq(ZERO),
    latencyMs: costs.latencyMs,
  };
}

/** The preset costs as rates. */
export const PRESET_RATES: TradingCosts = tradingCosts();

/** How late an order arrives: whole candles, then a part of the one it arrives in. */
export interface OrderDelay {
  candles: number;
  /** Part of the first live candle that is over when it arrives; 0 to below 1. */
  share: number;
}

/** Delay of an order by latency, or null without any. */
export function orderDelay(
  latencyMs: number,
  candleMs: number,
): OrderDelay | null {
  if (latencyMs <= 0 || !(candleMs > 0)) return null;
  return {
    candles: Math.floor(latencyMs / candleMs),
    share: latencyMs % candleMs / candleMs,
  };
}

/** Time between two fundings: 00:00, 08:00 and 16:00 UTC. */
export const FUNDING_MS = 8 * 3_600_000;

/** How many funding times lie after `fromAt`, up to and including `toAt`. */
export function fundingTimes(fromAt: number, toAt: number): number {
  return Math.floor(toAt / FUNDING_MS) - Math.floor(fromAt / FUNDING_MS);
}
