import type { OpenPosition } from "../../../../agents/portfolio/ledger.ts";
import {
  stopPriceOnStep,
  targetPriceOnStep,
} from "../../../../agents/risk/market_rules.ts";
import type { OpenOrder } from "../../../contracts/order.ts";
import type { Side } from "../../../contracts/primitives.ts";
import {
  type Decimal,
  decimal,
  toDecimalText,
  ZERO,
} from "../../../core/decimal.ts";
import { WORKING_STOPS_MAX } from "../../limits.ts";
import type { LiveIntent } from "../trade.ts";
import { exitQuantity } from "./exit_quantity.ts";
import {
  exitOrderId,
  inSteps,
  isCovered,
  openQuantity,
  sumOf,
  workingExits,
} from "./exit_orders.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { PlacedOrder } from "./venue_state.ts";

/** Price at which the stop of an intent belongs now, before it is rounded. */
export function stopPriceOf({ intent, moved }: LiveIntent): number {
  return moved?.stopPrice ?? intent.stopPrice;
}

/**
 * Keeps a stop for all that is held, and the target beside it where both may
 * rest.
 *
 * Where exits lock what they would sell, each further fill of the entry gets a
 * further stop for what is not covered, so that nothing is locked twice and what
 * is covered stays so; a stop that has to move, or a rest too small for a stop of
 * its own, takes a withdrawal first. Where the venue holds exits to reducing,
 * one stop for the whole is placed and the others go when it rests.
 */
export function followProtection(
  desk: VenueDesk,
  position: OpenPosition,
): void {
  const live = desk.log.book.liveIntent(position.intentId);
  if (live === null || desk.rules === null) return;
  const side = position.direction === "long" ? "buy" : "sell";
  const price = stopPriceOnStep(side, decimal(stopPriceOf(live)), desk.rules);
  const view: Exits = {
    position,
    side,
    price: toDecimalText(price),
    held: inSteps(desk, position.quantity),
  };
  if (desk.isCareful) keepFurtherStops(desk, view);
  else keepOneStop(desk, view);
  if (desk.restsTarget) keepTarget(desk, view, live);
}

/** The exits of a position as they should be. */
interface Exits {
  position: OpenPosition;
  /** Of the entry. */
  side: Side;
  /** Of the stop, on the market's step. */
  price: string;
  /** What is held, in whole steps. */
  held: Decimal;
}

/** Whether the position is to stay, and its protection rests at the venue for all of it that can be sold, or somebody wants it to have none. */
export function isProtected(desk: VenueDesk): boolean {
  const { book, log } = desk;
  return log.book.ledger.position === null ||
    log.stop?.withdrawsExits === true ||
    (book.closing === null && hasItsStop(desk));
}

/** Whether a stop rests at the venue for all that is held and can be sold. */
export function hasItsStop({ book, log }: VenueDesk): boolean {
  const { position } = log.book.ledger;
  return position === null || isCovered(book, position.quantity);
}

function keepFurtherStops(desk: VenueDesk, view: Exits): void {
  for (const stop of stopsOf(desk)) {
    if (stop.order.price !== view.price) {
      desk.withdraw(stop, "The stop moves");
    }
  }
  const working = workingExits(desk);
  const locked = sumOf(working);
  const stops = working.filter((placed) => isWanted(placed, view));
  const uncovered = view.held.minus(locked);
  if (uncovered.lt(ZERO)) {
    // More is locked than is held: the last one goes and comes again smaller.
    const last = stops.at(-1);
    if (last !== undefined) desk.withdraw(last, "It is for more than is held");
    return;
  }
  if (uncovered.eq(ZERO)) return;
  const quantity = exitQuantity(desk, {
    wanted: uncovered,
    price: Number(view.price),
  });
  if (quantity.gt(ZERO) && stops.length < WORKING_STOPS_MAX) {
    placeStop(desk, view, quantity);
  } else if (stops.length > 0 && (quantity.gt(ZERO) || !hasEntry(desk))) {
    // Together they are large enough, or few enough.
    desk.withdraw(stops.at(-1)!, "It is replaced by one for more");
  }
}

function keepOneStop(desk: VenueDesk, view: Exits): void {
  const stops = stopsOf(desk);
  const whole = stops.filter((stop) =>
    isWanted(stop, view) && openQuantity(stop).gte(view.held)
  );
  const resting = whole.find(({ phase }) => phase === "open");
  if (resting !== undefined) {
    for (const stop of stops) {
      if (stop !== resting) desk.withdraw(stop, "Another stop took its place");
    }
    return;
  }
  if (whole.length > 0 || stops.length >= WORKING_STOPS_MAX) return;
  const quantity = exitQuantity(desk, {
    wanted: view.held,
    price: Number(view.price),
  });
  if (quantity.gt(ZERO)) placeStop(desk, view, quantity);
}

/** One target for the whole when the entry is over; before and else the desk watches the price. */
function keepTarget(
  desk: VenueDesk,
  view: Exits,
  { intent }: LiveIntent,
): void {
  const { targetPrice } = intent;
  if (targetPrice === null || desk.rules === null || hasEntry(desk)) return;
  const targets = workingExits(desk).filter(({ order }) =>
    order.role === "target"
  );
  for (const target of targets) {
    const isLess = !openQuantity(target).eq(view.held);
    if (isLess) desk.withdraw(target, "It is replaced by one for what is held");
  }
  if (targets.length > 0 || desk.held.has("target") || !isProtected(desk)) {
    return;
  }
  const price = targetPriceOnStep(view.side, decimal(targetPrice), desk.rules);
  const quantity = exitQuantity(desk, {
    wanted: view.held,
    price: targetPrice,
  });
  // Only for the whole: a part would have to be replaced for ever.
  if (!quantity.eq(view.held) || quantity.eq(ZERO)) return;
  const order = exitOf(desk, view, quantity);
  const refusal = desk.place({
    ...order,
    orderId: exitOrderId(desk, { intentId: order.intentId, role: "target" }),
    role: "target",
    type: "limit",
    price: toDecimalText(price),
  });
  if (refusal !== null) desk.held.add("target");
}

function placeStop(desk: VenueDesk, view: Exits, quantity: Decimal): void {
  if (desk.held.has("stop")) return;
  const refusal = desk.place(exitOf(desk, view, quantity));
  if (refusal !== null) desk.held.add("stop");
}

/** A stop of this quantity. */
function exitOf(
  desk: VenueDesk,
  { position: { intentId }, side, price }: Exits,
  quantity: Decimal,
): OpenOrder {
  return {
    orderId: exitOrderId(desk, { intentId, role: "stop" }),
    intentId,
    role: "stop",
    side: side === "buy" ? "sell" : "buy",
    type: "stop",
    price,
    quantity: toDecimalText(quantity),
    reduceOnly: true,
    placedSeq: desk.log.book.seq,
    expireAfterSeq: null,
  };
}

function stopsOf(desk: VenueDesk): PlacedOrder[] {
  return workingExits(desk).filter(({ order }) => order.role === "stop");
}

/** A stop where it belongs, that nobody wants withdrawn. */
function isWanted({ order, cancel, phase }: PlacedOrder, view: Exits): boolean {
  return order.role === "stop" && order.price === view.price &&
    cancel === null && phase !== "settling";
}

function hasEntry({ book }: VenueDesk): boolean {
  return book.working.some(({ order }) => order.role === "entry");
}
