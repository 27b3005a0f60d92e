/**
 * Further orders of an intent as an agent asks for them: a part, or another
 * price for one. What both kinds of desk share; a decision that is taken in again
 * after a crash changes nothing.
 *
 * @module
 */
import { entryOrderId } from "../../../../agents/execution/parts.ts";
import type { PartOfIntent } from "../../../../agents/risk/part_controls.ts";
import { deny, type Refusal } from "../../../../agents/risk/refusal.ts";
import type {
  DeskAction,
  EntryOrder,
  OpenOrder,
  OrderIntent,
} from "../../../contracts/order.ts";
import { decimal, toDecimalText, ZERO } from "../../../core/decimal.ts";
import type { AccountLog } from "../account_log.ts";
import { refusalOf, type SubmitContext } from "../submission.ts";
import type { LiveIntent } from "../trade.ts";
import { partField } from "./book_parts.ts";
import { leftOfPart, parentOfOne, type ParentState } from "./parent.ts";
import { sentOf, type WorkingEntry } from "./reserved.ts";

export type PartAction = Extract<DeskAction, { kind: "part" }>;
export type RepriceAction = Extract<DeskAction, { kind: "reprice" }>;

/** A further order of an intent, sized and with its entry. */
export interface WantedPart extends PartOfIntent {
  /** The intent with the entry of this order, the candle it was decided on and the stop where it is now. */
  intent: OrderIntent;
  part: number;
  /** Orders made for the part before. */
  attempt: number;
  /** The order whose place it takes. */
  replaces?: string;
}

/** What a desk does with further orders. */
export interface PartDesk {
  readonly log: AccountLog;
  /** Entries that work, with what they may still be filled for. */
  entries(): readonly WorkingEntry[];
  /** The order of a part that is not over, or null. */
  working(intentId: string, part: number): OpenOrder | null;
  /** The same where it may be moved: nobody wants it withdrawn. */
  movable(intentId: string, part: number): OpenOrder | null;
  /** Where the stop of an intent is, as a number. */
  stopPrice(live: LiveIntent): number;
  /** Runs the controls; null lets it pass. */
  check(wanted: WantedPart): Refusal | null;
  /** Lets it out; a refusal where that is not possible. */
  place(wanted: WantedPart): Refusal | null;
  /** Takes the working order away, so that {@link PartDesk.place} may follow at once or when it is over. */
  move(order: OpenOrder, wanted: WantedPart): void;
}

/** Takes in a request for a part. Part of the transaction under way. */
export function takePart(
  desk: PartDesk,
  { intentId, part, entry }: PartAction,
  { decidedSeq, index, freshIds }: SubmitContext,
): void {
  const { log } = desk;
  const state = log.book.liveIntent(intentId)?.parent?.parts[part];
  const key = `${intentId}#${part}`;
  const isRepeated = state === undefined
    ? isToldDenied(log, { intentId, part, type: "OrderDenied" }) ||
      isToldPlaced(log, { intentId, part })
    : state.askedSeq === decidedSeq;
  if (isRepeated && !freshIds.has(key)) {
    freshIds.add(repeatedKey(key));
    return;
  }
  freshIds.add(key);
  log.record({ type: "PART", intentId, part, decidedSeq });
  const wanted = wantedPart(desk, { intentId, part, entry, seq: decidedSeq });
  const verdict = stoppedBy(log, index) ??
    ("code" in wanted ? wanted : desk.check(wanted));
  log.judged();
  const refusal = verdict ?? desk.place(wanted as WantedPart);
  if (refusal !== null) {
    log.record({ type: "DENIED", intentId, ...refusal, part });
  }
}

/** Takes in another price for a working part. Part of the transaction under way. */
export function takeReprice(
  desk: PartDesk,
  { intentId, part, price, reason }: RepriceAction,
  { decidedSeq, index, freshIds }: SubmitContext,
): void {
  const { log } = desk;
  const order = desk.movable(intentId, part);
  // Filled, withdrawn or denied meanwhile: the agent is told of that already.
  if (order === null) return;
  const key = `${intentId}#${part}@`;
  const state = log.book.liveIntent(intentId)?.parent?.parts[part];
  const isRepeated = state?.movedSeq === decidedSeq ||
    isToldDenied(log, { intentId, part, type: "RepriceDenied" });
  if (isRepeated && !freshIds.has(key)) return;
  // A decision that is made again finds what it places later, which it could not
  // move at first. Part 0 comes with its intent, which nobody moves before it is there.
  const partKey = `${intentId}#${part}`;
  const isPlacedLater = state?.askedSeq === decidedSeq &&
    !freshIds.has(partKey) && !freshIds.has(repeatedKey(partKey)) &&
    order.placedSeq >= decidedSeq && part > 0;
  if (isPlacedLater) return;
  freshIds.add(key);
  const wanted = wantedMove(desk, { order, price, seq: decidedSeq });
  const refusal = stoppedBy(log, index) ??
    ("code" in wanted ? wanted : desk.check(wanted));
  if (refusal !== null || "code" in wanted) {
    const { code, detail } = refusal ?? (wanted as Refusal);
    log.record({ type: "REPRICE_DENIED", intentId, part, code, detail });
    return;
  }
  const { entry } = wanted.intent;
  log.record({ type: "REPRICE", intentId, part, entry, decidedSeq, reason });
  desk.move(order, wanted);
}

/** The order of a part, or why there is none. */
function wantedPart(
  desk: PartDesk,
  { intentId, part, entry, seq }: {
    intentId: string;
    part: number;
    entry: EntryOrder;
    seq: number;
  },
): WantedPart | Refusal {
  const live = desk.log.book.liveIntent(intentId);
  const parent = live?.parent;
  if (live === null || parent === undefined) {
    return invalid(`Order ${intentId} has no parts, or is over`);
  }
  const last = parent.parts.length - 1;
  const state = parent.parts[part];
  if (state === undefined || last === 0) {
    return invalid(`Order ${intentId} has parts 0 to ${last}, not ${part}`);
  }
  if (parent.over !== null) {
    return invalid(`Order ${intentId} is over: ${parent.over.reason}`);
  }
  if (desk.working(intentId, part) !== null || state.pending !== null) {
    return invalid(`Part ${part} of order ${intentId} works already`);
  }
  const quantity = leftOfPart(parent, part);
  if (!quantity.gt(ZERO)) {
    return invalid(`Part ${part} of order ${intentId} is filled`);
  }
  return {
    intent: { ...live.intent, entry, seq, stopPrice: desk.stopPrice(live) },
    part,
    attempt: state.attempts,
    quantity,
    intended: decimal(parent.quantity),
    sent: sentOf(parent, desk.entries(), intentId),
  };
}

/** What is left of a working order at another price, or why it stays. */
function wantedMove(
  desk: PartDesk,
  { order, price, seq }: { order: OpenOrder; price: number; seq: number },
): WantedPart | Refusal {
  const { intentId, orderId } = order;
  const live = desk.log.book.liveIntent(intentId);
  if (live === null || (live.parent?.over ?? null) !== null) {
    return invalid(`Order ${intentId} is over`);
  }
  if (order.type !== "limit") {
    return invalid("Only a limit order can be moved to another price");
  }
  if (Number(order.price) === price) {
    return invalid(`The order rests at ${price} already`);
  }
  const entry: EntryOrder = order.postOnly === true
    ? { type: "limit", price, postOnly: true }
    : { type: "limit", price };
  const intent = {
    ...live.intent,
    entry,
    seq,
    stopPrice: desk.stopPrice(live),
  };
  const working = desk.entries().find((each) => each.orderId === orderId);
  const quantity = decimal(working?.quantity ?? order.quantity);
  const filled = toDecimalText(decimal(order.quantity).minus(quantity));
  const parent: ParentState = live.parent ??
    parentOfOne({ quantity: order.quantity, filled });
  const part = order.part ?? 0;
  return {
    intent,
    part,
    attempt: parent.parts[part]!.attempts,
    quantity,
    intended: decimal(parent.quantity),
    sent: sentOf(parent, desk.entries(), intentId).minus(quantity),
    replaces: orderId,
  };
}

/**
 * The order that takes the place of one that is over, for what is left of its
 * part; null where nothing is left or nobody wants it any more.
 */
export function pendingPart(
  desk: PartDesk,
  { live, part }: { live: LiveIntent; part: number },
): WantedPart | null {
  const { parent, intent } = live;
  const state = parent?.parts[part];
  if (parent === undefined || parent.over !== null) return null;
  if (state === undefined || state.pending === null) return null;
  const quantity = leftOfPart(parent, part);
  if (!quantity.gt(ZERO)) return null;
  const { intentId } = intent;
  const { entry } = state.pending;
  const { seq } = desk.log.book;
  return {
    intent: { ...intent, entry, seq, stopPrice: desk.stopPrice(live) },
    part,
    attempt: state.attempts,
    replaces: entryOrderId({ intentId, part, attempt: state.attempts - 1 }),
    quantity,
    intended: decimal(parent.quantity),
    sent: sentOf(parent, desk.entries(), intentId),
  };
}

/** Whether the next step tells of this denial already. */
function isToldDenied(
  { book, events }: AccountLog,
  denial: {
    intentId: string;
    part: number;
    type: "OrderDenied" | "RepriceDenied";
  },
): boolean {
  const untold = events.own(book.seq + 1)?.events ?? [];
  const { part } = partField(denial.part);
  return untold.some((event) =>
    event.type === denial.type && event.intentId === denial.intentId &&
    event.part === part
  );
}

/** Whether the next step tells already that a part was placed, by a decision that ended its order as well. */
function isToldPlaced(
  { book, events }: AccountLog,
  { intentId, part }: { intentId: string; part: number },
): boolean {
  const untold = events.own(book.seq + 1)?.events ?? [];
  return untold.some((event) =>
    event.type === "OrderAccepted" && event.order.intentId === intentId &&
    (event.order.part ?? 0) === part
  );
}

/** What stands in the way of any order, wherever it would go; null for nothing. */
export function stoppedBy(log: AccountLog, index = 0): Refusal | null {
  const verdict = refusalOf(log, index);
  return verdict === null || verdict.ok ? null : verdict.error;
}

/** Marks a part that this decision has placed before a crash. */
function repeatedKey(key: string): string {
  return `${key} again`;
}

function invalid(detail: string): Refusal {
  return deny("PART_INVALID", detail);
}
