/**
 * How large a position may be, and where it would be liquidated.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  floorToStep,
  minDecimal,
  ONE,
  ZERO,
} from "../../lib/core/decimal.ts";
import type { Side } from "../../lib/contracts/primitives.ts";
import { TAKER_FEE_RATE } from "../execution/matching.ts";

/** Smallest change of a quantity in the paper market, in base currency (as Binance spot has it for BTC/USDT). */
export const QUANTITY_STEP: Decimal = decimal("0.00001");

/** Smallest order of the paper market in quote currency (as Binance spot has it for USDT markets). */
export const MIN_NOTIONAL: Decimal = decimal("5");

/**
 * Maintenance margin rate of the paper market: the lowest tier of large
 * perpetual markets, as part of the notional.
 */
export const MAINTENANCE_MARGIN_RATE: Decimal = decimal("0.005");

const PERCENT: Decimal = decimal("0.01");

/** What a size is computed from. Prices and amounts in quote currency. */
export interface SizingInput {
  equity: Decimal;
  /** Equity less the margin that open orders reserve. */
  freeCapital: Decimal;
  entryPrice: Decimal;
  stopPrice: Decimal;
  /** Part of equity that may be lost at the stop, in percent. */
  riskPct: number;
  leverage: number;
}

/** A sized order. */
export interface SizedOrder {
  /** In base currency, a whole multiple of {@link QUANTITY_STEP}; may be zero. */
  quantity: Decimal;
  /** Entry price × quantity, in quote currency. */
  notional: Decimal;
  /** Notional / leverage, in quote currency. */
  margin: Decimal;
  /** Fees of entry and stop, in quote currency. */
  fees: Decimal;
  /** What is lost at the stop, fees included, slippage not, in quote currency. */
  riskAmount: Decimal;
}

/**
 * Sizes an entry: `qty = floor_step(equity × risk% / (|entry − stop| + fees per
 * unit))`, capped by leverage and by free capital (docs/trading-model.md).
 * Both fees count as taker fees: the stop always takes, and an entry may.
 */
export function sizeOrder(input: SizingInput): SizedOrder {
  const { equity, entryPrice, stopPrice } = input;
  const leverage = decimal(input.leverage);
  const feesPerUnit = entryPrice.plus(stopPrice).times(TAKER_FEE_RATE);
  const riskPerUnit = entryPrice.minus(stopPrice).abs().plus(feesPerUnit);
  const byRisk = equity.times(decimal(input.riskPct)).times(PERCENT)
    .div(riskPerUnit);
  const byLeverage = equity.times(leverage).div(entryPrice);
  const byCapital = input.freeCapital
    .div(entryPrice.div(leverage).plus(feesPerUnit));
  const wanted = minDecimal(byRisk, minDecimal(byLeverage, byCapital));
  const quantity = wanted.gt(ZERO) ? floorToStep(wanted, QUANTITY_STEP) : ZERO;
  const notional = entryPrice.times(quantity);
  return {
    quantity,
    notional,
    margin: notional.div(leverage),
    fees: feesPerUnit.times(quantity),
    riskAmount: riskPerUnit.times(quantity),
  };
}

/**
 * Price at which an isolated linear position is liquidated, in quote currency:
 * `(E − d W/Q) / (1 − d (m + taker))`, as Gate and OKX compute it, with side d, entry E, maintenance rate m and margin per unit
 * `W/Q = E / leverage`. Zero or less means that it cannot be liquidated.
 */
export function liquidationPrice(
  options: { side: Side; entryPrice: Decimal; leverage: number },
): Decimal {
  const marginPerUnit = options.entryPrice.div(decimal(options.leverage));
  const buffer = MAINTENANCE_MARGIN_RATE.plus(TAKER_FEE_RATE);
  return options.side === "buy"
    ? options.entryPrice.minus(marginPerUnit).div(ONE.minus(buffer))
    : options.entryPrice.plus(marginPerUnit).div(ONE.plus(buffer));
}
