/**
 * What records of entries in parts do to a book, on candles and at a venue.
 *
 * @module
 */
import { entryOrderId } from "../../../../agents/execution/parts.ts";
import { orderIdOf } from "../../../../agents/execution/matching.ts";
import {
  DENIAL_CAUSES,
  type DeskEvent,
  type Fill,
} from "../../../contracts/order.ts";
import { assert } from "../../../core/assert.ts";
import { decimal } from "../../../core/decimal.ts";
import type { BookRecord, PartRecord } from "../../journal/records.ts";
import type { Book } from "../book.ts";
import { withSlippageOf } from "../slippage.ts";
import type { LiveIntent } from "../trade.ts";
import {
  ended,
  isMoving,
  openParent,
  parentOfOne,
  type ParentState,
  withFill,
  withPart,
} from "./parent.ts";

/** What the agent is told of an order that is over. */
type CanceledEvent = Extract<DeskEvent, { type: "OrderCanceled" }>;

/** `part` as events and orders carry it: left out for the first or only one. */
export function partField(part: number): { part?: number } {
  return part === 0 ? {} : { part };
}

/** Applies a record that only an intent with more than one entry order has. */
export function applyPart(
  book: Book,
  record: PartRecord,
  toldSeq: number,
): DeskEvent[] {
  const { intents } = book;
  const { intentId } = record;
  const parent = intents.get(intentId)?.parent;
  switch (record.type) {
    case "PART":
      book.countOrder();
      if (parent !== undefined) {
        const { part, decidedSeq: askedSeq } = record;
        intents.setParent(intentId, withPart(parent, part, { askedSeq }));
      }
      return [];
    case "REPRICE":
      moved(book, record, parent ?? parentOfEntry(book, intentId));
      return [];
    case "REPRICE_DENIED": {
      const { part, code, detail } = record;
      return [{
        type: "RepriceDenied",
        seq: toldSeq,
        intentId,
        ...partField(part),
        code,
        detail,
        cause: DENIAL_CAUSES[code],
      }];
    }
    case "PART_OVER":
      return partOver(book, record, toldSeq);
    case "PARENT_OVER": {
      const { reason, cause } = record;
      if (parent === undefined) return [];
      intents.setParent(intentId, ended(parent, { reason, cause }));
      tidyParent(book, intentId);
      return [];
    }
  }
}

function moved(
  book: Book,
  record: Extract<PartRecord, { type: "REPRICE" }>,
  parent: ParentState,
): void {
  const { intentId, part, entry, reason, decidedSeq: movedSeq } = record;
  book.countOrder();
  book.intents.setParent(
    intentId,
    withPart(parent, part, { movedSeq, pending: { entry, reason } }),
  );
}

/** Of an intent in one part, whose order is moved for the first time. */
function parentOfEntry({ venue, gateway }: Book, intentId: string) {
  const orderId = orderIdOf(intentId, "entry");
  const placed = venue?.find(orderId);
  const order = placed?.order ?? gateway.get(orderId);
  assert(order !== null, `Order ${orderId} to be moved does not work`);
  return parentOfOne({
    quantity: order.quantity,
    filled: placed?.filled ?? "0",
  });
}

function partOver(
  book: Book,
  record: Extract<PartRecord, { type: "PART_OVER" }>,
  toldSeq: number,
): DeskEvent[] {
  const { intentId, part, reason, cause } = record;
  const parent = book.intents.get(intentId)?.parent;
  const state = parent?.parts[part];
  if (parent === undefined || state === undefined) return [];
  const isPending = state.pending !== null;
  const isWorking = hasOrderOf(book, { intentId, part });
  clearPending(book, { intentId, part, reason, cause });
  // An order that is still at the venue is told of when it is over.
  if (!isPending || isWorking) return [];
  return [{
    type: "OrderCanceled",
    seq: toldSeq,
    orderId: entryOrderId({ intentId, part, attempt: state.attempts - 1 }),
    intentId,
    role: "entry",
    reason,
    ...partField(part),
    cause,
  }];
}

function hasOrderOf(
  { venue, gateway }: Book,
  { intentId, part }: { intentId: string; part: number },
): boolean {
  const orders = venue === null
    ? gateway.entries()
    : venue.working.map(({ order }) => order);
  return orders.some((order) =>
    order.role === "entry" && order.intentId === intentId &&
    (order.part ?? 0) === part
  );
}

/** An entry order was accepted. */
export function entryAccepted(
  { intents }: Book,
  { order, parent, lastPrice }: Extract<BookRecord, { type: "ORDER" }>,
): void {
  const live = intents.get(order.intentId);
  if (live === null) return;
  if (live.decisionPrice === undefined) {
    const price = live.intent.decisionPrice ?? lastPrice ??
      (order.price === null ? null : Number(order.price));
    if (price !== null) live.decisionPrice = price;
  }
  const state = live.parent ??
    (parent === undefined
      ? undefined
      : openParent({ ...parent, parts: live.intent.parts ?? 1 }));
  if (state === undefined) return;
  const part = order.part ?? 0;
  const attempts = (state.parts[part]?.attempts ?? 0) + 1;
  intents.setParent(
    order.intentId,
    withPart(state, part, { attempts, pending: null }),
  );
}

/** An entry was filled. */
export function entryFilled(book: Book, fill: Fill): void {
  const { intents } = book;
  const live = intents.get(fill.intentId);
  book.slippage = withSlippageOf(book.slippage, fill, live?.decisionPrice);
  const parent = live?.parent;
  if (parent === undefined) return;
  const traded = decimal(fill.tradedQuantity ?? fill.quantity);
  intents.setParent(
    fill.intentId,
    withFill(parent, fill.part ?? 0, traded),
  );
}

/** The position of an intent went back to flat: nothing more is sent for it, and on candles nothing more can come of it. */
export function tripClosed(book: Book, live: LiveIntent): void {
  const { intentId } = live.intent;
  if (book.venue === null) return book.intents.delete(intentId);
  live.trips = (live.trips ?? 0) + 1;
  if (live.parent === undefined) return;
  const over = {
    reason: "Its position was closed",
    cause: "withdrawn",
  } as const;
  book.intents.setParent(intentId, ended(live.parent, over));
}

/** Events of a record, less those of entries whose place another order takes. */
export function withReplaced(
  book: Book,
  events: readonly DeskEvent[],
  options?: { isRefused?: boolean },
): DeskEvent[] {
  return events.flatMap((event) =>
    event.type === "OrderCanceled" && event.role === "entry"
      ? entryOver(book, event, options)
      : [event]
  );
}

/**
 * An entry order is over without being filled in full. Where another one takes
 * its place the agent is told of that one instead.
 */
function entryOver(
  book: Book,
  event: CanceledEvent,
  { isRefused = false } = {},
): DeskEvent[] {
  const { intentId, reason, cause = "withdrawn", part = 0 } = event;
  const parent = book.intents.get(intentId)?.parent;
  if (parent === undefined) {
    if (book.venue === null) book.intents.delete(intentId);
    return [event];
  }
  const isReplaced = !isRefused && parent.over === null &&
    isMoving(parent, part);
  if (isReplaced) return [];
  clearPending(book, { intentId, part, reason, cause });
  return [event];
}

function clearPending(
  book: Book,
  { intentId, part, reason, cause }: Pick<
    Extract<PartRecord, { type: "PART_OVER" }>,
    "intentId" | "part" | "reason" | "cause"
  >,
): void {
  const parent = book.intents.get(intentId)?.parent;
  if (parent === undefined) return;
  const next = withPart(parent, part, { pending: null });
  const isOnly = parent.parts.length === 1;
  book.intents.setParent(
    intentId,
    isOnly ? ended(next, { reason, cause }) : next,
  );
  tidyParent(book, intentId);
}

/** Forgets an intent on candles of which nothing can come any more; at a venue late fills are waited for. */
export function tidyParent(book: Book, intentId: string): void {
  const { venue, ledger, gateway, intents } = book;
  if (venue !== null || ledger.position?.intentId === intentId) return;
  const parent = intents.get(intentId)?.parent;
  if (parent === undefined || parent.over === null) return;
  const rests = gateway.entries().some((order) => order.intentId === intentId);
  if (!rests) intents.delete(intentId);
}
