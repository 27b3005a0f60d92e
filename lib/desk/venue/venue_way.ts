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

/** Why the venue is asked nothing for now, a sentence without its end mark; null while nothing stands in the way. */
export function holdUpOf(
  { health, venue: { budget } }: Pick<DriverCore, "health" | "venue">,
): string | null {
  if (health.keyProblem !== null) return health.keyProblem;
  const { silentUntilMs } = budget;
  if (silentUntilMs === null) return null;
  const time = new Date(silentUntilMs).toISOString().slice(11, 19);
  return `The venue wants no requests until ${time} UTC; the desk goes on then`;
}
