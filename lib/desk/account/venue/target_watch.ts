/**
 * Targets that the desk holds because they do not rest at the venue.
 *
 * @module
 */
import type { Candle } from "../../../contracts/candle.ts";
import type { Quote } from "../../../contracts/venue.ts";
import { workingExits } from "./exit_orders.ts";
import type { VenueDesk } from "./venue_desk.ts";

/** Whether the best price that the position could be left at has reached its target. */
export function isTargetInQuote(
  desk: VenueDesk,
  { bid, ask }: Quote,
): boolean {
  const target = heldTarget(desk);
  if (target === null) return false;
  return target.isLong ? bid >= target.price : ask <= target.price;
}

/** Whether a candle after the one in which the position was entered reached its target, or the close of that one is beyond it. */
export function isTargetInCandle(
  desk: VenueDesk,
  { seq, high, low, close }: Candle,
): boolean {
  const target = heldTarget(desk);
  if (target === null) return false;
  // The entry was filled while the candle after `entrySeq` ran: its extremes may be older.
  const isWhole = seq > target.entrySeq + 1;
  return target.isLong
    ? (isWhole ? high : close) >= target.price
    : (isWhole ? low : close) <= target.price;
}

/** The target that the desk has to watch; null for none, or where it rests at the venue. */
function heldTarget(
  desk: VenueDesk,
): { price: number; isLong: boolean; entrySeq: number } | null {
  // Withdrawn by an emergency stop, wherever it was held.
  if (desk.log.stop?.withdrawsExits === true) return null;
  const { position } = desk.log.book.ledger;
  if (position === null || desk.book.closing !== null) return null;
  const live = desk.log.book.liveIntent(position.intentId);
  const price = live?.intent.targetPrice ?? null;
  if (price === null) return null;
  const rests = workingExits(desk).some(({ order, phase }) =>
    order.role === "target" && phase === "open"
  );
  const { direction, entrySeq } = position;
  return rests ? null : { price, isLong: direction === "long", entrySeq };
}
