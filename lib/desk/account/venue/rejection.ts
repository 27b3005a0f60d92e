import type { CreateOutcome } from "../../../exchange/gateway/port.ts";
import { causeOf } from "../../../exchange/gateway/refusal_cause.ts";
import { STOP_ATTEMPTS_MAX } from "../../limits.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { PlacedOrder } from "./venue_state.ts";

type Rejection = Pick<
  Extract<CreateOutcome, { kind: "rejected" }>,
  "errorKind" | "venueCode" | "detail" | "cause"
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
  rejection: Rejection,
): void {
  const { orderId, role } = order;
  const { errorKind, venueCode, detail } = rejection;
  desk.log.record({
    type: "VENUE",
    orderId,
    outcome: "rejected",
    venueOrderId: null,
    code: venueCode ?? errorKind,
    detail,
    at: desk.ports.nowMs(),
    filled: null,
    ...(role === "entry" ? { cause: causeOf(rejection) } : {}),
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
