import type { VenueRun } from "./calls.ts";
import type { VenueCall } from "./opener.ts";
import type { VenueSide } from "./port.ts";
import type { VenueAccount } from "./venue_account.ts";

/**
 * Whether something at the venue may go wrong while nobody looks: a position, an
 * order that has left, orders that the journal may have lost, a difference that
 * nobody has explained.
 */
export function isAtRisk(
  { side, drift }: Pick<VenueAccount, "side" | "drift">,
): boolean {
  return mayBeAtVenue(side) || drift.detail !== null;
}

/** Whether the books say that something of the account is at the venue, or that they cannot know. */
export function mayBeAtVenue(side: VenueSide): boolean {
  return Number(side.positionQuantity()) !== 0 ||
    side.workingOrders().some(({ phase }) => phase !== "queued") ||
    side.openIds().length > 0;
}

/**
 * A read that brings books and venue together. While something is at risk no
 * breaker holds it back for long.
 *
 * @throws {VenueError}
 */
export function readForBooks<T>(
  account: Pick<VenueAccount, "calls" | "side" | "drift">,
  call: VenueCall,
  run: VenueRun<T>,
): Promise<T> {
  return account.calls.read(call, run, { guardsRisk: isAtRisk(account) });
}
