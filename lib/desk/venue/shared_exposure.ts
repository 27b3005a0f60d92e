import { decimal, toDecimalText, ZERO } from "../../core/decimal.ts";
import type { DecimalText } from "../../core/decimal.ts";
import type { VenueSide } from "./port.ts";

/** An account of a key, with the latest price of its market; null while it is not known. */
export interface Exposed {
  side: VenueSide;
  price: number | null;
}

/**
 * What all accounts of a key hold and may come to hold, at the latest prices;
 * null as soon as one part of it is not known.
 */
export function grossNotional(
  accounts: readonly Exposed[],
): DecimalText | null {
  let sum = ZERO;
  for (const { side, price } of accounts) {
    const position = decimal(side.positionQuantity()).abs();
    const entries = side.workingOrders().filter(({ order }) =>
      order.role === "entry"
    );
    if (position.eq(0) && entries.length === 0) continue;
    if (price === null) return null;
    const open = entries.reduce(
      (total, { order, filled }) =>
        total.plus(decimal(order.quantity).minus(decimal(filled))),
      position,
    );
    sum = sum.plus(open.times(decimal(price)));
  }
  return toDecimalText(sum);
}
