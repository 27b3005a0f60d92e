import type { VenueDesk } from "./venue_desk.ts";
import { dropMoves } from "./venue_parts.ts";

/**
 * Takes up the orders that a restart found. What was not sent is void; what was
 * sent and not answered may be at the venue and is looked for, never sent again;
 * wanted withdrawals are repeated. Ids go on in a new epoch.
 */
export function resume(desk: VenueDesk): void {
  const { book, log } = desk;
  for (const placed of [...book.working]) {
    const { orderId } = placed.order;
    if (placed.phase === "queued") {
      desk.withdraw(placed, "It was not sent before the desk started again");
      continue;
    }
    if (placed.phase === "sending") {
      log.record({
        type: "VENUE",
        orderId,
        outcome: "unknown",
        venueOrderId: null,
        code: null,
        detail: "The desk started again before the venue answered",
        at: desk.ports.nowMs(),
        filled: null,
      });
    }
    if (placed.phase === "unknown") desk.command({ type: "resolve", orderId });
    if (placed.phase === "settling") {
      desk.command({ type: "fetchTrades", orderId });
    } else if (placed.cancel !== null) {
      desk.command({ type: "cancel", orderId });
    }
  }
  dropMoves(desk);
  desk.ids.begin();
}
