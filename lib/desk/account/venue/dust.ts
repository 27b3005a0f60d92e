import {
  averageEntryPrice,
  type OpenPosition,
} from "../../../../agents/portfolio/ledger.ts";
import {
  decimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../../core/decimal.ts";
import { exitQuantity } from "./exit_quantity.ts";
import type { VenueDesk } from "./venue_desk.ts";

/**
 * Whether what is left of a position cannot be sold: no exit may be so small,
 * and no order works any more that could change it.
 */
export function isDust(desk: VenueDesk, position: OpenPosition): boolean {
  if (desk.rules === null || desk.book.working.length > 0) return false;
  // Further parts of its entry may make it large enough.
  const parent = desk.log.book.liveIntent(position.intentId)?.parent;
  if (parent !== undefined && parent.over === null) return false;
  const { quantity } = position;
  return exitQuantity(desk, { wanted: quantity, price: desk.price })
    .eq(ZERO);
}

/** Gives the rest up in the books; the venue keeps it in the owner's balance. */
export function writeOffDust(desk: VenueDesk, position: OpenPosition): void {
  const { log, price } = desk;
  const { seq } = log.book;
  log.record({
    type: "WRITE_OFF",
    quantity: toDecimalText(position.quantity),
    price: toDecimalText(
      price === null ? toBooked(averageEntryPrice(position)) : decimal(price),
    ),
    seq,
    at: desk.ports.nowMs(),
    reason: "The rest is smaller than the smallest order of the market",
  });
  log.hasFilled = true;
}
