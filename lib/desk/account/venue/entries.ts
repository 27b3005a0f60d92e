/**
 * Decisions of the agent on an account at a venue.
 *
 * @module
 */
import {
  checkIntent,
  type ControlContext,
} from "../../../../agents/risk/controls.ts";
import { entryPriceOnStep } from "../../../../agents/risk/market_rules.ts";
import type { VenueControlContext } from "../../../../agents/risk/venue_controls.ts";
import type {
  DeskAction,
  OpenOrder,
  OrderIntent,
} from "../../../contracts/order.ts";
import {
  decimal,
  numberToDecimalText,
  toDecimalText,
} from "../../../core/decimal.ts";
import { entryOrderOf, reservedMargin } from "../orders.ts";
import { isDenialTold, refusalOf as stopRefusalOf } from "../stop_moves.ts";
import {
  controlContext,
  refusalOf,
  type SubmitContext,
} from "../submission.ts";
import { openQuantity } from "./exit_orders.ts";
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
  if (!verdict.ok) {
    log.record({ type: "DENIED", intentId, ...verdict.error });
    return;
  }
  const { quantity, riskAmount } = verdict.sized;
  const order = entryOrderOf(intent, {
    quantity,
    seq: log.book.seq,
    delay: null,
  });
  const refusal = whyNotHere(desk) ?? desk.place(
    { ...order, price: entryPriceText(desk, intent) },
    { riskAmount: toDecimalText(riskAmount) },
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

function entryPriceText(
  { rules }: VenueDesk,
  { entry, side }: OrderIntent,
): OpenOrder["price"] {
  return entry.type === "market"
    ? null
    : toDecimalText(entryPriceOnStep(side, decimal(entry.price), rules!));
}

/** A position needs a stop that rests at the venue. */
function whyNotHere({ ports, book, positionQuantity }: VenueDesk) {
  if (!ports.profile.hasStopOrders) {
    return {
      code: "VENUE_UNAVAILABLE" as const,
      detail:
        "This venue takes no stop orders, so a position could not be protected; choose another one",
    };
  }
  const isBusy = book.closing !== null || !positionQuantity.eq(0);
  return isBusy
    ? {
      code: "POSITION_EXISTS" as const,
      detail: "The account is being closed; wait until it is flat",
    }
    : null;
}

/** Everything the controls look at, from the books, the quote and the driver. */
function venueContext(
  desk: VenueDesk,
  intent: { intent: OrderIntent; isKnown: boolean },
): ControlContext {
  const { log, book } = desk;
  const { config, valuation } = log.book;
  const entries = book.working
    .filter(({ order }) => order.role === "entry")
    .map((placed) => ({
      ...placed.order,
      quantity: toDecimalText(openQuantity(placed)),
    }));
  return {
    ...controlContext(log, intent),
    openOrders: book.working.length,
    reservedMargin: reservedMargin(entries, {
      leverage: config.risk.leverage,
      lastClose: valuation.close,
    }),
    venue: venueControls(desk),
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
