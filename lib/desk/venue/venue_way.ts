import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { DriverCore } from "./driver.ts";

/** What the accounts of one key share on their way to the venue. */
export type VenueWay = Pick<
  StopMeasures["accounts"][number],
  "roundTripMs" | "breakers" | "sent"
>;

/** How the way to the venue stands now. */
export function wayOf(
  { calls, health, messages, ordersLastMinute }: Pick<
    DriverCore,
    "calls" | "health" | "messages" | "ordersLastMinute"
  >,
): VenueWay {
  return {
    roundTripMs: calls.roundTripMs,
    breakers: health.breakerViews(),
    sent: { orders: ordersLastMinute(), requests: messages.total },
  };
}
