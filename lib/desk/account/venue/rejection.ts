import type { CreateOutcome } from "../../../exchange/gateway/port.ts";
import { STOP_ATTEMPTS_MAX } from "../../limits.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { PlacedOrder } from "./venue_state.ts";

type Rejection = Pick<
  Extract<CreateOutcome, { kind: "rejected" }>,
  "errorKind" | "venueCode" | "detail"
>;

/**
 * The venue refuses an order. A stop that it refuses leaves a position without
 * protection: the rest of the entry is withdrawn, and the position is closed
 * where another attempt cannot help. Other exits are tried again with the next
 * candle, or when protection is due.
 */
export function takeRejection(
  desk: VenueDesk,
  { order }: PlacedOrder,
  { errorKind, venueCode, detail }: Rejection,
): void {
  const { orderId, role } = order;
  desk.log.record({
    type: "VENUE",
    orderId,
    outcome: "rejected",
    venueOrderId: null,
    code: venueCode ?? errorKind,
    detail,
    at: desk.ports.nowMs(),
    filled: null,
  });
  if (role === "entry") return;
  if (role !== "stop") {
    desk.held.add(role);
    return;
  }
  const reason = `The stop was refused: ${detail}`;
  desk.withdrawEntries(reason);
  desk.refusedStops++;
  const passes = errorKind !== "refused" && errorKind !== "auth";
  if (passes && desk.refusedStops < STOP_ATTEMPTS_MAX) return;
  desk.refusedStops = 0;
  if (desk.log.book.ledger.position !== null) desk.wishClosed("close", reason);
}
