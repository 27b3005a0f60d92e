import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { DriverCore } from "./driver.ts";

/** What the accounts of one key share on their way to the venue. */
export type VenueWay = Pick<
  StopMeasures["accounts"][number],
  "roundTripMs" | "breakers" | "sent" | "rateBudget"
>;

/** How the way to the venue stands now. */
export function wayOf(
  { calls, health, messages, ordersLastMinute, venue: { budget } }: Pick<
    DriverCore,
    "calls" | "health" | "messages" | "ordersLastMinute" | "venue"
  >,
): VenueWay {
  return {
    roundTripMs: calls.roundTripMs,
    breakers: health.breakerViews(),
    sent: { orders: ordersLastMinute(), requests: messages.total },
    rateBudget: {
      freeShare: budget.freeShare,
      silentUntilMs: budget.silentUntilMs,
    },
  };
}
