import type { OpenPosition } from "../../../../agents/portfolio/ledger.ts";
import { toDecimalText, ZERO } from "../../../core/decimal.ts";
import { exitQuantity } from "./exit_quantity.ts";
import { exitOrderId, sumOf, workingExits } from "./exit_orders.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { Closing, PlacedOrder } from "./venue_state.ts";

/**
 * Closes the position at the market. Where the venue holds exits to reducing,
 * the close goes out at once and the stop stays until the position is gone;
 * elsewhere every other exit must be proven gone before, because it locks what
 * the close would sell, or could be filled besides it.
 */
export function followClosing(
  desk: VenueDesk,
  { position, closing }: { position: OpenPosition; closing: Closing },
): void {
  const exits = workingExits(desk);
  const closers = exits.filter(isCloser);
  if (desk.isCareful) {
    for (const other of exits) {
      if (!isCloser(other)) desk.withdraw(other, closing.reason);
    }
    if (workingExits(desk).some((exit) => !isCloser(exit))) return;
  }
  const { role } = closing;
  const wanted = position.quantity.minus(sumOf(closers));
  const quantity = exitQuantity(desk, { wanted, price: desk.price });
  if (quantity.lte(ZERO) || desk.held.has(role)) return;
  const { intentId, direction } = position;
  const refusal = desk.place({
    orderId: exitOrderId(desk, { intentId, role }),
    intentId,
    role,
    side: direction === "long" ? "sell" : "buy",
    type: "market",
    price: null,
    quantity: toDecimalText(quantity),
    reduceOnly: true,
    placedSeq: desk.log.book.seq,
    expireAfterSeq: null,
  });
  if (refusal !== null) desk.held.add(role);
}

/** A market order that closes, and that nobody wants withdrawn. */
function isCloser({ order, cancel }: PlacedOrder): boolean {
  return order.type === "market" && cancel === null;
}
