import type {
  DeskEvent,
  OpenOrder,
  RefusalCause,
} from "../../../contracts/order.ts";
import type { EndedOrder, OrderEnd, PlacedOrder } from "./venue_state.ts";

/** An order of which nothing has left the desk. */
export function placedOrder(
  order: OpenOrder,
  clientOrderId: string,
): PlacedOrder {
  return {
    order,
    clientOrderId,
    phase: "queued",
    venueOrderId: null,
    filled: "0",
    sentAt: null,
    cancel: null,
    overFilled: null,
    overReason: null,
    tradeIds: [],
  };
}

/** What is kept of an order that is over. */
export function endedOrder(
  { order, clientOrderId, venueOrderId, filled, tradeIds }: PlacedOrder,
  end: OrderEnd,
): EndedOrder {
  return { order, clientOrderId, venueOrderId, filled, tradeIds, end };
}

/** What the agent is told of an order that is over without being filled in full. */
export function canceledEvent(
  { order: { orderId, intentId, role, part } }: Pick<PlacedOrder, "order">,
  { reason, toldSeq, cause = "withdrawn" }: {
    reason: string;
    toldSeq: number;
    /** Of an entry. */
    cause?: RefusalCause | undefined;
  },
): Extract<DeskEvent, { type: "OrderCanceled" }> {
  return {
    type: "OrderCanceled",
    seq: toldSeq,
    orderId,
    intentId,
    role,
    reason,
    ...(part === undefined ? {} : { part }),
    ...(role === "entry" ? { cause } : {}),
  };
}
