import {
  type OrderDelay,
  orderDelay,
  type TradingCosts,
  tradingCosts,
} from "../../../agents/execution/costs.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";

/** What follows from an account's configuration, computed once and not at every candle. */
export interface AccountTerms {
  /** The money limits as numbers, for the quick check of every candle. */
  lossLimits: { dailyLossLimit: number; maxDrawdownPct: number };
  costs: TradingCosts;
  /** How much later than the next candle an order arrives; null for not at all. */
  delay: OrderDelay | null;
}

/** The terms of a configuration. */
export function termsOf(config: DeskAccountConfig): AccountTerms {
  const { risk, costs, candleMs } = config;
  return {
    lossLimits: {
      dailyLossLimit: Number(risk.dailyLossLimit),
      maxDrawdownPct: risk.maxDrawdownPct,
    },
    costs: tradingCosts(costs),
    delay: orderDelay(costs?.latencyMs ?? 0, candleMs ?? 0),
  };
}

/** Whether the orders of an account go to a venue, on paper or real, instead of being matched against candles. */
export function isAtVenue(
  { execution }: Pick<DeskAccountConfig, "execution">,
): boolean {
  return execution !== undefined && execution.kind !== "candles";
}
