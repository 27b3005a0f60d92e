/**
 * Looks at the working orders of an account at a venue.
 *
 * @module
 */
import type { OpenOrder, OrderRole } from "../../../contracts/order.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  floorToStep,
  toDecimalText,
  ZERO,
} from "../../../core/decimal.ts";
import { sentOf, type WorkingEntry } from "../parts/reserved.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { VenueBook } from "./venue_book.ts";
import type { PlacedOrder } from "./venue_state.ts";

/** Exits that work, oldest first. */
export function workingExits(
  { book }: Pick<VenueDesk, "book">,
): PlacedOrder[] {
  return book.working.filter(({ order }) => order.role !== "entry");
}

/** Entries that work, with what they may still be filled for. */
export function workingEntries(
  { book }: Pick<VenueDesk, "book">,
): WorkingEntry[] {
  return book.working.flatMap((placed) =>
    placed.order.role !== "entry" ? [] : [{
      ...placed.order,
      quantity: toDecimalText(openQuantity(placed)),
    }]
  );
}

/** What the intent of an entry was sized to, `quantity` where it is in one part, and what went out for it. */
export function parentOf(
  desk: Pick<VenueDesk, "book" | "log">,
  { intentId }: OpenOrder,
  quantity: DecimalText,
): { intended: DecimalText; sent: DecimalText } {
  const parent = desk.log.book.liveIntent(intentId)?.parent;
  if (parent === undefined) return { intended: quantity, sent: "0" };
  const sent = sentOf(parent, workingEntries(desk), intentId);
  return { intended: parent.quantity, sent: toDecimalText(sent) };
}

/** What may still be filled of an order that is not over. */
export function openQuantity(
  { order, filled, overFilled }: PlacedOrder,
): Decimal {
  const left = decimal(overFilled ?? order.quantity).minus(decimal(filled));
  return left.lt(ZERO) ? ZERO : left;
}

/** What some orders may still be filled for together. */
export function sumOf(orders: readonly PlacedOrder[]): Decimal {
  return orders.reduce(
    (sum, placed) => sum.plus(openQuantity(placed)),
    ZERO,
  );
}

/** A quantity in whole steps of the market; zero while its rules are unknown. */
export function inSteps(
  { rules }: Pick<VenueDesk, "rules">,
  quantity: Decimal,
): Decimal {
  return rules === null
    ? ZERO
    : floorToStep(quantity, decimal(rules.quantityStep));
}

/** Whether stops rest at the venue for all of `quantity` that can be sold, and nothing is about to withdraw them. */
export function isCovered(book: VenueBook, quantity: Decimal): boolean {
  if (book.rules === null) return false;
  const resting = book.working.filter(({ order, phase, cancel }) =>
    order.role === "stop" && phase === "open" && cancel === null
  );
  return sumOf(resting).gte(inSteps(book, quantity));
}

/** Id of a further order of an intent; each has one of its own. */
export function exitOrderId(
  { book }: Pick<VenueDesk, "book">,
  { intentId, role }: { intentId: string; role: OrderRole },
): string {
  return `${intentId}-${role}-${book.ids.epoch}.${book.ids.nextId}`;
}

/**
 * Whether an exit is for more than is held, at a venue that would fill all of
 * it: what is beyond the position is sold from the owner's other coins.
 */
export function sellsBeyond(
  desk: Pick<VenueDesk, "isCareful" | "positionQuantity">,
  placed: PlacedOrder,
): boolean {
  return desk.isCareful && placed.order.role !== "entry" &&
    openQuantity(placed).gt(desk.positionQuantity.abs());
}
