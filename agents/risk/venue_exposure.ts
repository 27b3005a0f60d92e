/**
 * What an account at a venue holds and may still get, exactly and as an
 * estimate: the controls look at the estimate first, which makes no decimals.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  estimateOf,
  ZERO,
} from "../../lib/core/decimal.ts";
import type { VenueControlContext, WorkingLeg } from "./venue_controls.ts";

/** Which working entries count. */
export type LegFilter = (leg: WorkingLeg) => boolean;

/** All of them. */
export const EVERY_LEG: LegFilter = () => true;

/** Those that the venue may not have set money aside for yet. */
export const UNCOUNTED_LEG: LegFilter = ({ phase }) =>
  phase === "queued" || phase === "sending" || phase === "unknown";

/** What entries are valued by: market orders at this price. */
interface EntryQuery {
  price: Decimal;
  counts: LegFilter;
}

/** Value of what the working entries may still fill, in quote currency. */
export function entriesNotional(
  { working }: VenueControlContext,
  { price, counts }: EntryQuery,
): Decimal {
  let sum = ZERO;
  for (const leg of working) {
    const { order, filled } = leg;
    if (order.role !== "entry" || !counts(leg)) continue;
    const left = decimal(order.quantity).minus(decimal(filled));
    sum = sum.plus(
      left.times(order.price === null ? price : decimal(order.price)),
    );
  }
  return sum;
}

/** About {@link entriesNotional}. */
export function estimatedEntries(
  { working }: VenueControlContext,
  { price, counts }: EntryQuery,
): number {
  let sum = 0;
  for (const leg of working) {
    const { order, filled } = leg;
    if (order.role !== "entry" || !counts(leg)) continue;
    const left = Number(order.quantity) - Number(filled);
    sum += left *
      (order.price === null ? estimateOf(price) : Number(order.price));
  }
  return sum;
}

/** A venue whose position is known. */
export type KnownVenue = VenueControlContext & { positionQuantity: Decimal };

/** Whether the position is known. */
export function isKnown(venue: VenueControlContext): venue is KnownVenue {
  return venue.positionQuantity !== null;
}

/** Value of the position and of every entry that may still fill, unknown ones included. */
export function heldNotional(venue: KnownVenue, price: Decimal): Decimal {
  return venue.positionQuantity.abs().times(price)
    .plus(entriesNotional(venue, { price, counts: EVERY_LEG }));
}

/** About {@link heldNotional}. */
export function estimatedHeld(venue: KnownVenue, price: Decimal): number {
  return Math.abs(estimateOf(venue.positionQuantity)) * estimateOf(price) +
    estimatedEntries(venue, { price, counts: EVERY_LEG });
}
