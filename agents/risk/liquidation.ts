/**
 * Margin of linear perpetuals: maintenance tiers, liquidation prices as
 * exchanges compute them, funding. Side d is +1 for long and −1 for short.
 * Liquidation prices are compared with the mark price; zero or less means that
 * the position cannot be liquidated.
 *
 * @module
 */
import type { Direction } from "../../lib/contracts/primitives.ts";
import {
  type Decimal,
  decimal,
  divide,
  ONE,
  ZERO,
} from "../../lib/core/decimal.ts";

/** A position in a linear perpetual. */
export interface LinearPosition {
  direction: Direction;
  /** In base currency, positive. */
  quantity: Decimal;
  /** In quote currency, as are all prices and amounts here. */
  entryPrice: Decimal;
}

/**
 * What a venue wants kept of a notional: `notional × rate − amount`. The amount
 * makes the tiers join without a step.
 */
export interface Maintenance {
  rate: Decimal;
  amount: Decimal;
}

/** Maintenance from a notional on, up to that of the next tier. */
export interface MaintenanceTier extends Maintenance {
  fromNotional: Decimal;
}

/** Tiers of a list of rates, lowest notional first; the amounts follow from the rates. */
export function maintenanceTiers(
  rows: readonly { fromNotional: Decimal; rate: Decimal }[],
): MaintenanceTier[] {
  const tiers: MaintenanceTier[] = [];
  for (const { fromNotional, rate } of rows) {
    const last = tiers.at(-1);
    const amount = last === undefined
      ? ZERO
      : last.amount.plus(fromNotional.times(rate.minus(last.rate)));
    tiers.push({ fromNotional, rate, amount });
  }
  return tiers;
}

/** The tier that a notional belongs to; the first one below the lowest. `tiers` is not empty. */
export function tierOf(
  notional: Decimal,
  tiers: readonly MaintenanceTier[],
): MaintenanceTier {
  return tiers.findLast(({ fromNotional }) => fromNotional.lte(notional)) ??
    tiers[0]!;
}

/** Least margin that a position of this notional must keep. */
export function maintenanceMargin(
  notional: Decimal,
  { rate, amount }: Maintenance,
): Decimal {
  return notional.times(rate).minus(amount);
}

/** Margin that a position of this notional takes at its entry. */
export function initialMargin(notional: Decimal, leverage: number): Decimal {
  return divide(notional, decimal(leverage));
}

/** Result of a position at a mark price, before fees: `d Q (mark − E)`. */
export function unrealisedPnl(
  { direction, quantity, entryPrice }: LinearPosition,
  markPrice: Decimal,
): Decimal {
  const difference = direction === "long"
    ? markPrice.minus(entryPrice)
    : entryPrice.minus(markPrice);
  return difference.times(quantity);
}

/** Funding of a position: `d × Q × mark × rate`; positive is paid, negative received. */
export function fundingPayment(
  options: {
    position: Pick<LinearPosition, "direction" | "quantity">;
    markPrice: Decimal;
    rate: Decimal;
  },
): Decimal {
  const { position: { direction, quantity }, markPrice, rate } = options;
  const paid = quantity.times(markPrice).times(rate);
  return direction === "long" ? paid : ZERO.minus(paid);
}

/** What the liquidation price of a margined position depends on. */
export interface MarginedPosition {
  position: LinearPosition;
  /** Wallet balance in cross margin, margin of the position in isolated. */
  wallet: Decimal;
  /** The other positions of a cross margin wallet; none in isolated. */
  others?: {
    /** Their maintenance margins together. */
    maintenance: Decimal;
    unrealisedPnl: Decimal;
  };
}

/**
 * Binance: `(W − M + U + A − d Q E) / (Q m − d Q)`, with wallet W, maintenance M
 * and result U of other positions, rate m and amount A of the position's tier.
 */
export function binanceLiquidationPrice(
  { position, wallet, others, maintenance }: MarginedPosition & {
    maintenance: Maintenance;
  },
): Decimal {
  const { direction, quantity, entryPrice } = position;
  const d = direction === "long" ? ONE : ZERO.minus(ONE);
  const balance = others === undefined
    ? wallet
    : wallet.minus(others.maintenance).plus(others.unrealisedPnl);
  const numerator = balance.plus(maintenance.amount)
    .minus(d.times(quantity).times(entryPrice));
  return divide(
    numerator,
    quantity.times(maintenance.rate).minus(d.times(quantity)),
  );
}

/**
 * The same with the tier that holds at the liquidation price itself. There is
 * one: the balance moves by Q for each unit of price and the maintenance by less.
 */
export function tieredLiquidationPrice(
  { tiers, ...margined }: MarginedPosition & {
    tiers: readonly MaintenanceTier[];
  },
): Decimal {
  const { quantity } = margined.position;
  let price = ZERO;
  for (const [index, tier] of tiers.entries()) {
    price = binanceLiquidationPrice({ ...margined, maintenance: tier });
    const end = tiers[index + 1]?.fromNotional;
    if (end === undefined || price.times(quantity).lt(end)) return price;
  }
  return price;
}

/** Gate and OKX: `(E − d W/Q) / (1 − d (m + taker))`, with W/Q the margin of a unit. */
export function gateLiquidationPrice(
  options: {
    direction: Direction;
    entryPrice: Decimal;
    /** Margin divided by quantity. */
    marginPerUnit: Decimal;
    maintenanceRate: Decimal;
    takerRate: Decimal;
  },
): Decimal {
  const { direction, entryPrice, marginPerUnit } = options;
  const buffer = options.maintenanceRate.plus(options.takerRate);
  return direction === "long"
    ? divide(entryPrice.minus(marginPerUnit), ONE.minus(buffer))
    : divide(entryPrice.plus(marginPerUnit), ONE.plus(buffer));
}

/** Bybit, the older style for isolated margin: `E (1 − d / leverage + d m)`. */
export function bybitLiquidationPrice(
  options: {
    direction: Direction;
    entryPrice: Decimal;
    leverage: number;
    maintenanceRate: Decimal;
  },
): Decimal {
  const { direction, entryPrice, leverage, maintenanceRate } = options;
  const distance = divide(ONE, decimal(leverage)).minus(maintenanceRate);
  return entryPrice.times(
    direction === "long" ? ONE.minus(distance) : ONE.plus(distance),
  );
}

/** Maintenance in parts of the margin balance: 1 or more is liquidated. Null without a positive balance, which is liquidated as well. */
export function marginRatio(
  maintenance: Decimal,
  marginBalance: Decimal,
): Decimal | null {
  return marginBalance.gt(ZERO) ? divide(maintenance, marginBalance) : null;
}

/** Whether a venue liquidates at this mark price: the margin balance no longer exceeds the maintenance of its tier. */
export function isLiquidated(
  { position, wallet, others, tiers, markPrice }: MarginedPosition & {
    tiers: readonly MaintenanceTier[];
    markPrice: Decimal;
  },
): boolean {
  const notional = position.quantity.times(markPrice);
  const own = maintenanceMargin(notional, tierOf(notional, tiers));
  const balance = wallet.plus(unrealisedPnl(position, markPrice))
    .plus(others?.unrealisedPnl ?? ZERO);
  return balance.lte(own.plus(others?.maintenance ?? ZERO));
}
