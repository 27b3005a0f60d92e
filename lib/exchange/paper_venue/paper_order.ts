import {
  type Decimal,
  decimal,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type {
  VenueOrder,
  VenueOrderRequest,
  VenueOrderStatus,
} from "../../contracts/venue.ts";

/** An order at the paper venue. */
export interface PaperOrder {
  readonly request: VenueOrderRequest;
  readonly venueOrderId: string;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly triggerPrice: Decimal | null;
  filled: Decimal;
  /** What the other orders of its group were filled since it came: it has so much less to do. */
  filledByGroup: Decimal;
  status: VenueOrderStatus;
  at: EpochMs;
  /** It has not met a price yet: where it crosses the first one, it takes. */
  isArriving: boolean;
  /** The market has traded through its price once: nobody waits in front of it any more. */
  wasCrossed: boolean;
}

/** Makes an open order of a request. */
export function paperOrder(
  request: VenueOrderRequest,
  options: { venueOrderId: string; at: EpochMs; isArriving: boolean },
): PaperOrder {
  return {
    request,
    venueOrderId: options.venueOrderId,
    quantity: decimal(request.quantity),
    price: request.price === null ? null : decimal(request.price),
    triggerPrice: request.triggerPrice === null
      ? null
      : decimal(request.triggerPrice),
    filled: ZERO,
    filledByGroup: ZERO,
    status: "open",
    at: options.at,
    isArriving: options.isArriving,
    wasCrossed: false,
  };
}

/** What the order may still fill, as far as its group lets it. */
export function openQuantity(order: PaperOrder): Decimal {
  const open = order.quantity.minus(order.filled).minus(order.filledByGroup);
  return open.lt(ZERO) ? ZERO : open;
}

/** The order as a venue reports it. */
export function toVenueOrder(order: PaperOrder): VenueOrder {
  const { request } = order;
  return {
    clientOrderId: request.clientOrderId,
    venueOrderId: order.venueOrderId,
    symbol: request.symbol,
    side: request.side,
    type: request.type,
    price: request.price,
    triggerPrice: request.triggerPrice,
    quantity: request.quantity,
    filled: toDecimalText(order.filled),
    status: order.status,
    reduceOnly: request.reduceOnly,
    at: order.at,
  };
}
