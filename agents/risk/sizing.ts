/**
 * How large a position may be, and where it would be liquidated.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  divide,
  estimateOf,
  floorToStep,
  minDecimal,
  ZERO,
} from "../../lib/core/decimal.ts";
import type { Side } from "../../lib/contracts/primitives.ts";
import { PRESET_RATES } from "../execution/costs.ts";
import { gateLiquidationPrice } from "./liquidation.ts";

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
  /** Part of the notional paid by an order that takes; the preset where it is left out. */
  takerRate?: Decimal;
  /** Smallest change of a quantity; that of the paper market where it is left out. */
  quantityStep?: Decimal;
  /** The second leg of a pair, for each unit of the first; none where it is left out. */
  hedge?: {
    /** Value at its entry, in quote currency. */
    value: Decimal;
    /** What slippage takes from that value at the entry. */
    slippage: Decimal;
  };
}

/** A sized order. */
export interface SizedOrder {
  /** In base currency, a whole multiple of the market's step; may be zero. */
  quantity: Decimal;
  /** Entry price × quantity, of both legs of a pair together, in quote currency. */
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
  const takerRate = input.takerRate ?? PRESET_RATES.takerRate;
  const { hedge } = input;
  const traded = entryPrice.plus(stopPrice);
  const feesPerUnit =
    (hedge === undefined ? traded : traded.plus(hedge.value).plus(hedge.value))
      .times(takerRate);
  const valuePerUnit = hedge === undefined
    ? entryPrice
    : entryPrice.plus(hedge.value);
  const distance = entryPrice.minus(stopPrice).abs().plus(feesPerUnit);
  const riskPerUnit = hedge === undefined
    ? distance
    : distance.plus(hedge.slippage);
  const atRisk = equity.times(decimal(input.riskPct)).times(PERCENT);
  const exposure = equity.times(leverage);
  const entry = estimateOf(valuePerUnit);
  const wanted = smallestOf([
    {
      estimate: estimateOf(atRisk) / estimateOf(riskPerUnit),
      exact: () => divide(atRisk, riskPerUnit),
    },
    {
      estimate: estimateOf(exposure) / entry,
      exact: () => divide(exposure, valuePerUnit),
    },
    {
      estimate: estimateOf(input.freeCapital) /
        (entry / input.leverage + estimateOf(feesPerUnit)),
      exact: () =>
        divide(
          input.freeCapital,
          divide(valuePerUnit, leverage).plus(feesPerUnit),
        ),
    },
  ]);
  const quantity = wanted.gt(ZERO)
    ? floorToStep(wanted, input.quantityStep ?? QUANTITY_STEP)
    : ZERO;
  const notional = valuePerUnit.times(quantity);
  return {
    quantity,
    notional,
    margin: divide(notional, leverage),
    fees: feesPerUnit.times(quantity),
    riskAmount: riskPerUnit.times(quantity),
  };
}

/** What an order of a given quantity is worth and may lose, as {@link sizeOrder} counts it. */
export function sizeOf(
  quantity: Decimal,
  { entryPrice, stopPrice, leverage, takerRate }: {
    entryPrice: Decimal;
    stopPrice: number;
    leverage: number;
    takerRate: Decimal;
  },
): SizedOrder {
  const stop = decimal(stopPrice);
  const feesPerUnit = entryPrice.plus(stop).times(takerRate);
  const notional = entryPrice.times(quantity);
  return {
    quantity,
    notional,
    margin: divide(notional, decimal(leverage)),
    fees: feesPerUnit.times(quantity),
    riskAmount: entryPrice.minus(stop).abs().plus(feesPerUnit).times(quantity),
  };
}

/** How far apart two quantities must be in floating point so that the smaller one is known. */
const CLEARLY_SMALLER = 1 - 1e-9;

/** The smallest of some quantities: floating point tells which of them are worth their divisions. */
function smallestOf(
  bounds: readonly { estimate: number; exact(): Decimal }[],
): Decimal {
  const smallest = Math.min(...bounds.map(({ estimate }) => estimate));
  let best: Decimal | null = null;
  for (const { estimate, exact } of bounds) {
    // Not so for a negative or unknown one: then all of them count.
    if (smallest > 0 && estimate * CLEARLY_SMALLER > smallest) continue;
    best = best === null ? exact() : minDecimal(best, exact());
  }
  return best ?? ZERO;
}

/**
 * Price at which an isolated linear position is liquidated, in quote currency:
 * `(E − d W/Q) / (1 − d (m + taker))`, as Gate and OKX compute it, with side d, entry E, maintenance rate m and margin per unit
 * `W/Q = E / leverage`. Zero or less means that it cannot be liquidated.
 */
export function liquidationPrice(
  options: {
    side: Side;
    entryPrice: Decimal;
    leverage: number;
    takerRate?: Decimal;
  },
): Decimal {
  return gateLiquidationPrice({
    direction: options.side === "buy" ? "long" : "short",
    entryPrice: options.entryPrice,
    marginPerUnit: divide(options.entryPrice, decimal(options.leverage)),
    maintenanceRate: MAINTENANCE_MARGIN_RATE,
    takerRate: options.takerRate ?? PRESET_RATES.takerRate,
  });
}
