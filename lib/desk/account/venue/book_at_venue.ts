/**
 * What the records of an account at a venue do to its book.
 *
 * @module
 */
import { writeOff } from "../../../../agents/portfolio/write_off.ts";
import type { DeskEvent } from "../../../contracts/order.ts";
import { assert } from "../../../core/assert.ts";
import type { VenueRecord } from "../../journal/records.ts";
import type { Book } from "../book.ts";
import { withReplaced } from "../parts/book_parts.ts";

/** Applies a record that only an account at a venue has. */
export function applyAtVenue(
  book: Book,
  record: VenueRecord,
  toldSeq: number,
): DeskEvent[] {
  const { venue, intents } = book;
  assert(venue !== null, `${record.type} needs an account at a venue`);
  if (record.type === "WRITE_OFF") {
    const { ledger, closed } = writeOff(book.ledger, record);
    book.rebase(ledger);
    return [book.closeTrip(closed, toldSeq)];
  }
  if (record.type === "ADOPT" && record.intent !== null) {
    intents.add(record.intent, { isAdopted: true });
  }
  if (record.type === "STOP") {
    const { intentId, stopPrice, decidedSeq } = record;
    const live = intents.get(intentId);
    if (live !== null) live.moved = { stopPrice, decidedSeq };
  }
  const isRefused = record.type === "VENUE" &&
    (record.outcome === "rejected" || record.outcome === "absent");
  return withReplaced(book, venue.apply(record, toldSeq), { isRefused });
}

/** Ends what a transaction leaves over: a wish that has come true, and intents that nothing can come of any more. */
export function tidyAtVenue({ venue, ledger, intents }: Book): void {
  if (venue === null) return;
  const hasEntries = venue.working.some(({ order }) => order.role === "entry");
  if (ledger.position === null && !hasEntries) venue.closing = null;
  for (const { intent: { intentId }, parent } of intents.all()) {
    if (ledger.position?.intentId === intentId) continue;
    if (parent !== undefined && parent.over === null) continue;
    if (!venue.hasOrderOf(intentId)) intents.delete(intentId);
  }
}
