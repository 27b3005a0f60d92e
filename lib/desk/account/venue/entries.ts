/**
 * Decisions of the agent on an account at a venue.
 *
 * @module
 */
import {
  checkIntent,
  type ControlContext,
} from "../../../../agents/risk/controls.ts";
import { entryOnStep } from "../../../../agents/risk/market_rules.ts";
import type { Refusal } from "../../../../agents/risk/refusal.ts";
import type {
  VenueControlContext,
  WorkingLeg,
} from "../../../../agents/risk/venue_controls.ts";
import type {
  DeskAction,
  OpenOrder,
  OrderIntent,
} from "../../../contracts/order.ts";
import {
  type Decimal,
  decimal,
  numberToDecimalText,
  toDecimalText,
} from "../../../core/decimal.ts";
import { entryOrderOf, reservedMargin } from "../orders.ts";
import { type UnsentLeg, unsentLegs } from "../parts/reserved.ts";
import { isDenialTold, refusalOf as stopRefusalOf } from "../stop_moves.ts";
import {
  controlContext,
  lastPriceField,
  refusalOf,
  sharesOf,
  type SubmitContext,
} from "../submission.ts";
import { workingEntries } from "./exit_orders.ts";
import { stopPriceOf } from "./protection.ts";
import type { VenueDesk } from "./venue_desk.ts";

/**
 * Takes in one intent: journals it, runs the controls, and lets its order go out
 * or denies it. INTENT, ORDER and SENDING are one write. An intent that was
 * journaled before is left alone.
 */
export function submitEntry(
  desk: VenueDesk,
  intent: OrderIntent,
  { decidedSeq, index, freshIds }: SubmitContext,
): void {
  const { log } = desk;
  const { intentId } = intent;
  const knownSeq = log.book.knownIntentSeq(intentId);
  if (knownSeq === decidedSeq && !freshIds.has(intentId)) return;
  freshIds.add(intentId);
  if (knownSeq === null) log.record({ type: "INTENT", intent });
  const context = venueContext(desk, { intent, isKnown: knownSeq !== null });
  const verdict = refusalOf(log, index) ?? checkIntent(context);
  log.judged();
  if (!verdict.ok) {
    log.record({ type: "DENIED", intentId, ...verdict.error });
    return;
  }
  const { quantity, riskAmount } = verdict.sized;
  const shared = sharesOf(intent, {
    quantity,
    step: decimal(desk.rules!.quantityStep),
  });
  const order = entryOrderOf(intent, {
    quantity: shared.first,
    seq: log.book.seq,
    delay: null,
  });
  const refusal = whyNotHere(desk) ?? desk.place(
    { ...order, price: entryPriceText(desk, intent) },
    {
      riskAmount: toDecimalText(riskAmount),
      ...shared.fields,
      ...lastPriceField(intent, desk.price),
    },
  );
  if (refusal !== null) log.record({ type: "DENIED", intentId, ...refusal });
}

/** Moves the stop of the position, in its favour only; the same decision moves it once. */
export function moveVenueStop(
  desk: VenueDesk,
  { intentId, stopPrice, reason }: Extract<DeskAction, { kind: "moveStop" }>,
  { decidedSeq }: { decidedSeq: number },
): void {
  const { log } = desk;
  const { position } = log.book.ledger;
  const live = log.book.liveIntent(intentId);
  // Closed meanwhile: the agent is told of that already.
  if (position?.intentId !== intentId || live === null) return;
  if (live.moved !== undefined && live.moved.decidedSeq >= decidedSeq) return;
  const refusal = stopRefusalOf({
    side: position.direction === "long" ? "sell" : "buy",
    price: numberToDecimalText(stopPriceOf(live)),
  }, { stopPrice, lastClose: log.book.valuation.close });
  if (refusal === null) {
    log.record({ type: "STOP", intentId, stopPrice, decidedSeq, reason });
  } else if (!isDenialTold(log, intentId)) {
    log.record({ type: "MOVE_DENIED", intentId, ...refusal });
  }
}

/** Limit or trigger of an entry on the market's step; null at the market. */
export function entryPriceText(
  { rules }: VenueDesk,
  { entry, side }: Pick<OrderIntent, "entry" | "side">,
): OpenOrder["price"] {
  return entry.type === "market" ? null : toDecimalText(
    entryOnStep({ side, type: entry.type }, decimal(entry.price), rules!),
  );
}

/** A position needs a stop that rests at the venue, and no other one may be held than that of the intent. */
export function whyNotHere(
  { ports, book, log, positionQuantity }: VenueDesk,
  intentId: string | null = null,
): Refusal | null {
  if (!ports.profile.hasStopOrders) {
    return {
      code: "VENUE_UNAVAILABLE",
      detail:
        "This venue takes no stop orders, so a position could not be protected; choose another one",
    };
  }
  const { position } = log.book.ledger;
  const isOwn = position !== null && position.intentId === intentId &&
    position.exitedQuantity.eq(0);
  const isBusy = book.closing !== null ||
    (!positionQuantity.eq(0) && !isOwn);
  return isBusy
    ? {
      code: "POSITION_EXISTS",
      detail: "The account is being closed; wait until it is flat",
    }
    : null;
}

/** A further order of an intent that is being looked at, and the one whose place it takes. */
interface AskedOrder {
  quantity: Decimal;
  replaces?: string | undefined;
}

/** Everything the controls look at, from the books, the quote and the driver. */
export function venueContext(
  desk: VenueDesk,
  given: { intent: OrderIntent; isKnown: boolean },
  asked: AskedOrder | null = null,
): ControlContext {
  const { log, book } = desk;
  const { config, valuation, intents } = log.book;
  const { intentId } = given.intent;
  const entries = workingEntries(desk)
    .filter(({ orderId }) => orderId !== asked?.replaces);
  const unsent = unsentLegs(
    intents,
    entries,
    asked === null ? null : { intentId, quantity: asked.quantity },
  );
  return {
    ...controlContext(log, given),
    openOrders: book.working.length,
    reservedMargin: reservedMargin([...entries, ...unsent], {
      leverage: config.risk.leverage,
      lastClose: valuation.close,
    }),
    venue: {
      ...venueControls(desk),
      working: [
        // One whose outcome is unknown stands in the way of its own move, too.
        ...book.working.filter(({ order, phase }) =>
          order.orderId !== asked?.replaces || phase === "unknown"
        ),
        ...unsent.map(unsentLeg),
      ],
    },
  };
}

/** Parts that were not sent count like an order that waits. */
function unsentLeg({ side, price, quantity }: UnsentLeg): WorkingLeg {
  const type = price === null ? "market" : "limit";
  return {
    order: { orderId: "", role: "entry", side, type, price, quantity },
    phase: "queued",
    filled: "0",
  };
}

function venueControls(desk: VenueDesk): VenueControlContext {
  const { log, book, ports, quote, rules } = desk;
  const nowMs = ports.nowMs();
  const { cancels, fills } = book.moments.countsOfHour(nowMs);
  return {
    nowMs,
    market: ports.profile.market,
    rules,
    quote,
    block: ports.entryBlock(),
    drift: log.book.causes.drift?.reason ?? null,
    positionQuantity: desk.positionQuantity,
    working: book.working,
    // Orders of other accounts of the key are not known here: one account a market and key.
    keyOrders: [],
    recentEntries: book.moments.entriesOfMinute(nowMs),
    cancelsLastHour: cancels,
    fillsLastHour: fills,
    shared: ports.shared(),
  };
}
