/**
 * Orders at the venue with an id of ours that no working order has: lost with
 * the end of a journal, or taken for absent. They are taken in, withdrawn, and
 * what they made is closed.
 *
 * @module
 */
import type { OpenOrder, OrderIntent } from "../../../contracts/order.ts";
import type { Side } from "../../../contracts/primitives.ts";
import type { VenueOrder, VenueTrade } from "../../../contracts/venue.ts";
import { decimal, type DecimalText } from "../../../core/decimal.ts";
import { parseClientOrderId } from "../../venue/client_order_id.ts";
import { raiseDrift } from "./drift.ts";
import type { VenueDesk } from "./venue_desk.ts";
import type { PlacedOrder } from "./venue_state.ts";

/**
 * Takes an order in that the venue has. One that was taken for absent or refused
 * is what it was; one without a record needs `mayAdopt`, or an id that may have
 * been lost. Null for an order that is over and known to be.
 */
export function adoptOrder(
  desk: VenueDesk,
  reported: VenueOrder,
  { mayAdopt }: { mayAdopt: boolean },
): PlacedOrder | null {
  const { clientOrderId, venueOrderId, status, filled, quantity } = reported;
  if (clientOrderId === null) return null;
  const ended = desk.book.findEnded(clientOrderId);
  if (ended !== null) {
    const isAlive = status === "open" || Number(filled) > 0;
    const wasDenied = ended.end === "absent" || ended.end === "rejected";
    // Known from a trade alone before.
    const isLarger = decimal(quantity).gt(decimal(ended.order.quantity));
    if (!(wasDenied || isLarger) || !isAlive) return null;
    return take(desk, {
      order: isLarger ? { ...ended.order, quantity } : ended.order,
      clientOrderId,
      venueOrderId,
      intent: null,
    });
  }
  if (status !== "open" && Number(filled) === 0) return null;
  if (!isOurs(desk, clientOrderId)) return null;
  if (!mayAdopt && !desk.ids.mayBeLost(clientOrderId)) return null;
  return take(desk, {
    ...lostOrder(desk, { ...reported, clientOrderId }),
    clientOrderId,
    venueOrderId,
  });
}

/** Takes in the order of a trade; null where its id is no lost one. */
export function adoptTrade(
  desk: VenueDesk,
  trade: VenueTrade,
): PlacedOrder | null {
  const { clientOrderId, venueOrderId, side, price, quantity } = trade;
  if (clientOrderId === null || !isOurs(desk, clientOrderId)) return null;
  const isLost = desk.ids.mayBeLost(clientOrderId) ||
    (desk.ids.isBeyondRecord(clientOrderId) && reducesHeld(desk, trade));
  if (!isLost) return null;
  return take(desk, {
    ...lostOrder(desk, {
      clientOrderId,
      side,
      price,
      quantity,
      type: "market",
      triggerPrice: null,
    }),
    clientOrderId,
    venueOrderId,
  });
}

function take(
  desk: VenueDesk,
  { order, clientOrderId, venueOrderId, intent }: {
    order: OpenOrder;
    clientOrderId: string;
    venueOrderId: string;
    intent: OrderIntent | null;
  },
): PlacedOrder {
  desk.log.record({
    type: "ADOPT",
    order,
    clientOrderId,
    venueOrderId,
    intent,
    at: desk.ports.nowMs(),
  });
  raiseDrift(
    desk,
    `The venue has order ${clientOrderId}, which was not expected there`,
  );
  const placed = desk.book.findByClientId(clientOrderId)!;
  desk.withdraw(placed, "It was not expected at the venue");
  return placed;
}

/** Whether a trade takes something off what the books hold, and no more than that. */
function reducesHeld(
  { positionQuantity: held }: VenueDesk,
  { side, quantity }: Pick<VenueTrade, "side" | "quantity">,
): boolean {
  const isAgainst = side === "sell" ? held.gt(0) : held.lt(0);
  return isAgainst && decimal(quantity).lte(held.abs());
}

function isOurs({ execution }: VenueDesk, clientOrderId: string): boolean {
  const parsed = parseClientOrderId(clientOrderId);
  return parsed !== null && parsed.namespace === execution.namespace &&
    parsed.agentKey === execution.agentKey;
}

/** An order of which only the venue has a record. An exit belongs to the position, if there is one. */
function lostOrder(
  { log }: VenueDesk,
  reported: {
    clientOrderId: string;
    side: Side;
    type: VenueOrder["type"];
    price: DecimalText | null;
    triggerPrice: DecimalText | null;
    quantity: DecimalText;
  },
): { order: OpenOrder; intent: OrderIntent | null } {
  const { clientOrderId, side, type, quantity } = reported;
  const { seq, ledger } = log.book;
  const role = parseClientOrderId(clientOrderId)!.role;
  const price = reported.triggerPrice ?? reported.price;
  const position = role === "entry" ? null : ledger.position;
  const intentId = position?.intentId ?? `lost-${clientOrderId}`;
  return {
    order: {
      orderId: `lost-${clientOrderId}`,
      intentId,
      role,
      side,
      type: type === "other" ? "market" : type,
      price,
      quantity,
      reduceOnly: role !== "entry",
      placedSeq: seq,
      expireAfterSeq: null,
    },
    intent: position !== null ? null : {
      intentId,
      seq,
      side,
      entry: { type: "market" },
      stopPrice: Number(price ?? 0),
      targetPrice: null,
      riskPct: 0,
      expireAfterSeq: null,
      strategy: "lost order",
      reasons: ["The venue has an order that is on no record here"],
    },
  };
}
