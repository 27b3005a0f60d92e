/**
 * Further orders of an intent at a venue: parts, and what is left of one at
 * another price once it is certain what was filled of it.
 *
 * @module
 */
import {
  checkPart,
  checkTrigger,
} from "../../../../agents/risk/part_controls.ts";
import type { Refusal } from "../../../../agents/risk/refusal.ts";
import { DENIAL_CAUSES, type OpenOrder } from "../../../contracts/order.ts";
import type { Quote } from "../../../contracts/venue.ts";
import { decimal, divide } from "../../../core/decimal.ts";
import type { AccountLog } from "../account_log.ts";
import { entryOrderOf } from "../orders.ts";
import { isMoving } from "../parts/parent.ts";
import {
  type PartDesk,
  pendingPart,
  stoppedBy,
  type WantedPart,
} from "../parts/requests.ts";
import { sentOf, type WorkingEntry } from "../parts/reserved.ts";
import type { LiveIntent } from "../trade.ts";
import { raiseDrift } from "./drift.ts";
import { entryPriceText, venueContext, whyNotHere } from "./entries.ts";
import { workingEntries } from "./exit_orders.ts";
import { stopPriceOf } from "./protection.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { PlacedOrder } from "./venue_state.ts";

/** See {@link PartDesk}. */
export class VenueParts implements PartDesk {
  readonly #desk: VenueDesk;

  constructor(desk: VenueDesk) {
    this.#desk = desk;
  }

  get log(): AccountLog {
    return this.#desk.log;
  }

  entries(): readonly WorkingEntry[] {
    return workingEntries(this.#desk);
  }

  working(intentId: string, part: number): OpenOrder | null {
    return this.#find(intentId, part)?.order ?? null;
  }

  movable(intentId: string, part: number): OpenOrder | null {
    const placed = this.#find(intentId, part);
    if (placed === null || placed.phase === "settling") return null;
    const parent = this.log.book.liveIntent(intentId)?.parent;
    return placed.cancel === null || isMoving(parent, part)
      ? placed.order
      : null;
  }

  stopPrice(live: LiveIntent): number {
    return stopPriceOf(live);
  }

  check(wanted: WantedPart): Refusal | null {
    const desk = this.#desk;
    const { intent } = wanted;
    const context = venueContext(desk, { intent, isKnown: false }, wanted);
    const { ledger: { position }, config } = desk.log.book;
    const held = position === null
      ? decimal(0)
      : divide(position.cost, decimal(config.risk.leverage));
    const verdict = checkPart({
      ...context,
      reservedMargin: context.reservedMargin.plus(held),
    }, wanted);
    return verdict.ok ? null : verdict.error;
  }

  place(wanted: WantedPart): Refusal | null {
    const desk = this.#desk;
    const { intent, ...more } = wanted;
    const { seq } = desk.log.book;
    const order = entryOrderOf(intent, { ...more, seq, delay: null });
    return whyNotHere(desk, intent.intentId) ??
      desk.place({ ...order, price: entryPriceText(desk, intent) });
  }

  move({ orderId }: OpenOrder): void {
    const placed = this.#desk.book.find(orderId);
    if (placed !== null) {
      this.#desk.takeAway(placed);
    }
  }

  #find(intentId: string, part: number): PlacedOrder | null {
    return this.#desk.book.working.find(({ order }) =>
      order.role === "entry" && order.intentId === intentId &&
      (order.part ?? 0) === part
    ) ?? null;
  }
}

/** Places what is left of the parts whose orders are over because they move. */
export function followMoves(desk: VenueDesk): void {
  const { intents } = desk.log.book;
  if (intents.openParents === 0) return;
  const parts = new VenueParts(desk);
  for (const live of intents.withOpenParent()) {
    live.parent.parts.forEach((state, part) => {
      const { intentId } = live.intent;
      if (state.pending === null) return;
      if (parts.working(intentId, part) !== null) return;
      const wanted = pendingPart(parts, { live, part });
      const refusal = wanted === null
        ? { code: "PART_INVALID" as const, detail: "Nothing is left of it" }
        : stoppedBy(desk.log) ?? parts.check(wanted) ?? parts.place(wanted);
      if (refusal === null) return;
      const { code, detail: reason } = refusal;
      const cause = DENIAL_CAUSES[code];
      desk.log.record({ type: "PART_OVER", intentId, part, reason, cause });
    });
  }
}

/** After a restart nothing takes the place of an order that was over before it. */
export function dropMoves(desk: VenueDesk): void {
  const parts = new VenueParts(desk);
  for (const { intent, parent } of desk.log.book.intents.withOpenParent()) {
    parent.parts.forEach(({ pending }, part) => {
      const { intentId } = intent;
      if (pending === null || parts.working(intentId, part) !== null) return;
      desk.log.record({
        type: "PART_OVER",
        intentId,
        part,
        reason: "It was not placed again before the desk started again",
        cause: "withdrawn",
      });
    });
  }
}

/** A late fill may make more of an intent than it was sized to, together with what still works: that goes. */
export function withdrawExcess(desk: VenueDesk): void {
  for (const { intent, parent } of desk.log.book.intents.withOpenParent()) {
    const { intentId } = intent;
    const sent = sentOf(parent, workingEntries(desk), intentId);
    if (sent.lte(decimal(parent.quantity))) continue;
    const reason = "An order was filled for more than it was made for";
    raiseDrift(desk, reason);
    endIntent(desk, { intentId, reason });
  }
}

/** Withdraws what works of an intent, and sends nothing more of it. */
export function endIntent(
  desk: VenueDesk,
  { intentId, reason }: { intentId: string; reason: string },
): void {
  const parent = desk.log.book.liveIntent(intentId)?.parent;
  if (parent !== undefined && parent.over === null) {
    const cause = "withdrawn";
    desk.log.record({ type: "PARENT_OVER", intentId, reason, cause });
  }
  for (const placed of [...desk.book.working]) {
    const { role, intentId: ofIntent } = placed.order;
    if (role === "entry" && ofIntent === intentId) {
      desk.withdraw(placed, reason);
    }
  }
}

/** Sends the stop entries that this quote triggers: a buy by the ask, a sell by the bid. One that may not go out now is withdrawn. */
export function triggerHeldEntries(desk: VenueDesk, quote: Quote): void {
  let reached: PlacedOrder[] | null = null;
  for (const placed of desk.book.working) {
    if (!desk.isHeld(placed)) continue;
    const { side, price } = placed.order;
    const isReached = side === "buy"
      ? quote.ask >= Number(price)
      : quote.bid <= Number(price);
    if (isReached) (reached ??= []).push(placed);
  }
  for (const placed of reached ?? []) trigger(desk, placed);
}

function trigger(desk: VenueDesk, placed: PlacedOrder): void {
  const { orderId, intentId } = placed.order;
  const live = desk.log.book.liveIntent(intentId);
  const refusal = live === null
    ? { code: "PART_INVALID" as const, detail: "Its order is over" }
    : whyNotNow(desk, live);
  if (refusal !== null) {
    const { code, detail } = refusal;
    return desk.withdraw(placed, detail, DENIAL_CAUSES[code]);
  }
  desk.triggered.add(orderId);
  desk.dispatch(placed);
}

function whyNotNow(desk: VenueDesk, live: LiveIntent): Refusal | null {
  const stopped = stoppedBy(desk.log);
  if (stopped !== null) return stopped;
  const intent = {
    ...live.intent,
    entry: { type: "market" as const },
    stopPrice: stopPriceOf(live),
  };
  const { intentId } = intent;
  return checkTrigger(venueContext(desk, { intent, isKnown: false })) ??
    whyNotHere(desk, intentId);
}
