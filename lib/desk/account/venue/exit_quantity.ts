import {
  type Decimal,
  decimal,
  floorToStep,
  minDecimal,
  ZERO,
} from "../../../core/decimal.ts";
import type { VenueDesk } from "./venue_desk.ts";

/** How much of `wanted` one exit can be for, in whole steps and within the market's most; zero where that is less than the market takes. */
export function exitQuantity(
  desk: VenueDesk,
  { wanted, price }: { wanted: Decimal; price: number | null },
): Decimal {
  const { rules } = desk;
  if (rules === null || wanted.lte(ZERO)) return ZERO;
  const step = decimal(rules.quantityStep);
  let quantity = floorToStep(wanted, step);
  if (rules.maxQuantity !== null) {
    quantity = minDecimal(
      quantity,
      floorToStep(decimal(rules.maxQuantity), step),
    );
  }
  if (rules.minQuantity !== null && quantity.lt(decimal(rules.minQuantity))) {
    return ZERO;
  }
  // What only reduces may be worth less than other orders.
  if (rules.minNotional === null || !desk.isCareful || price === null) {
    return quantity;
  }
  return quantity.times(decimal(price)).gte(decimal(rules.minNotional))
    ? quantity
    : ZERO;
}
