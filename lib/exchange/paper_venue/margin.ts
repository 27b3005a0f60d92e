import {
  type MaintenanceTier,
  tieredLiquidationPrice,
} from "../../../agents/risk/liquidation.ts";
import { type Decimal, decimal, toBooked, ZERO } from "../../core/decimal.ts";

export type { MaintenanceTier } from "../../../agents/risk/liquidation.ts";

/** Maintenance where the venue's tiers are not known: 0.5 % of the notional. */
export const ASSUMED_TIERS: readonly MaintenanceTier[] = [
  { fromNotional: ZERO, rate: decimal("0.005"), amount: ZERO },
];

/** Fee of a liquidation where the venue's is not known, in basis points. */
export const ASSUMED_LIQUIDATION_FEE_BP = 100;

/** A position with isolated margin. */
export interface IsolatedPosition {
  /** Signed: negative is short; not zero. */
  quantity: Decimal;
  entryPrice: Decimal;
  margin: Decimal;
}

/** Mark price at which the position is liquidated, as published: 8 places. Null where no price does it. */
export function liquidationPriceOf(
  { quantity, entryPrice, margin }: IsolatedPosition,
  tiers: readonly MaintenanceTier[],
): Decimal | null {
  const price = toBooked(tieredLiquidationPrice({
    position: {
      direction: quantity.gt(ZERO) ? "long" : "short",
      quantity: quantity.abs(),
      entryPrice,
    },
    wallet: margin,
    tiers,
  }));
  return price.gt(ZERO) ? price : null;
}

/** Whether a mark price has reached the liquidation price. */
export function hasReached(
  liquidationPrice: Decimal,
  { quantity, mark }: { quantity: Decimal; mark: Decimal },
): boolean {
  return quantity.gt(ZERO)
    ? mark.lte(liquidationPrice)
    : mark.gte(liquidationPrice);
}
