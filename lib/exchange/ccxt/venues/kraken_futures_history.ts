/**
 * How orders of Kraken's futures ended, by the events of the account's history.
 * They are read here and not by the library, which takes every order that was
 * placed without a fill for a canceled one, and a triggered stop for one without
 * fills. An event counts `quantity` down as it counts `filled` up.
 *
 * Source: docs.kraken.com, "Get order events" and "Get trigger events".
 *
 * @module
 */
import {
  decimal,
  type DecimalText,
  toDecimalText,
} from "../../../core/decimal.ts";
import { type OrderRef, VenueError } from "../../gateway/port.ts";
import { recordOf, textOf } from "../code_table.ts";
import { HISTORY_EVENTS } from "../limits.ts";
import type { CcxtExchange, CcxtRecord } from "../library.ts";
import { toText } from "../numbers.ts";
import { callImplicit, partOf } from "./shared.ts";

/** Where an event keeps the order as it was after it. */
const ORDER_PARTS: Readonly<Record<string, string>> = {
  OrderPlaced: "order",
  OrderUpdated: "newOrder",
  OrderCancelled: "order",
  OrderRejected: "order",
  OrderEditRejected: "oldOrder",
  OrderTriggerPlaced: "order",
  OrderTriggerUpdated: "newOrderTrigger",
  OrderTriggerActivated: "order",
  OrderTriggerCancelled: "order",
  OrderTriggerEditRejected: "oldOrderTrigger",
};

/** Events after which nothing comes. */
const ENDS: Readonly<Record<string, string>> = {
  OrderCancelled: "canceled",
  OrderRejected: "rejected",
  OrderTriggerCancelled: "canceled",
};

interface OrderEvent {
  kind: string;
  order: CcxtRecord;
}

/**
 * The order as it ended, as a record of ccxt's; null where the newest events of
 * its market hold none of it.
 *
 * @throws {VenueError} `unknown` while they do not tell its end.
 */
export async function findEnded(
  exchange: CcxtExchange,
  ref: OrderRef,
): Promise<CcxtRecord | null> {
  const query = {
    tradeable: exchange.markets?.[ref.symbol]?.id,
    count: HISTORY_EVENTS,
    version: "v3",
  };
  const orders = eventsOf(
    await callImplicit(exchange, "historyGetOrders", query),
    ref,
  );
  const ended = endOf(orders, ref);
  if (ended !== null) return ended;
  const triggers = ref.isStop
    ? eventsOf(await callImplicit(exchange, "historyGetTriggers", query), ref)
    : [];
  // A stop that was activated lives on as an order.
  const wasActivated = triggers.some(({ kind }) =>
    kind === "OrderTriggerActivated"
  );
  const canceled = orders.length === 0 && !wasActivated
    ? endOf(triggers, ref)
    : null;
  if (canceled !== null) return canceled;
  if (orders.length + triggers.length === 0) return null;
  throw new VenueError(
    "unknown",
    "kraken lists the order as open no more, and does not tell its end yet",
  );
}

/** Events of one order. */
function eventsOf(answer: CcxtRecord, ref: OrderRef): OrderEvent[] {
  const elements: unknown[] = Array.isArray(answer.elements)
    ? answer.elements
    : [];
  return elements.flatMap((element) => {
    const event = partOf(recordOf(element) ?? {}, "event");
    return Object.keys(event).flatMap((kind) => {
      const part = ORDER_PARTS[kind];
      const order = part === undefined ? {} : partOf(partOf(event, kind), part);
      return isOf(order, ref) ? [{ kind, order }] : [];
    });
  });
}

function isOf(order: CcxtRecord, ref: OrderRef): boolean {
  const clientId = textOf(order, "clientId");
  return (clientId !== null && clientId === ref.clientOrderId) ||
    (ref.venueOrderId !== null && order.uid === ref.venueOrderId);
}

function endOf(
  events: readonly OrderEvent[],
  ref: OrderRef,
): CcxtRecord | null {
  for (const { kind, order } of events) {
    const status = ENDS[kind] ?? (isFilled(order) ? "closed" : null);
    if (status !== null) return toRecord(order, status, ref);
  }
  return null;
}

/** Nothing of it is left, and something was done. */
function isFilled(order: CcxtRecord): boolean {
  const { filled, left } = amountsOf(order);
  return left === "0" && filled !== "0";
}

function amountsOf(
  order: CcxtRecord,
): { filled: DecimalText; left: DecimalText | null } {
  // Stops count no fills: they have none.
  return {
    filled: toText(order.filled) ?? "0",
    left: toText(order.quantity),
  };
}

function toRecord(
  order: CcxtRecord,
  status: string,
  { isStop }: OrderRef,
): CcxtRecord {
  const { filled, left } = amountsOf(order);
  return {
    id: order.uid,
    clientOrderId: textOf(order, "clientId"),
    side: textOf(order, "direction")?.toLowerCase(),
    type: isStop ? "stop" : textOf(order, "orderType")?.toLowerCase(),
    price: order.limitPrice,
    triggerPrice: partOf(order, "triggerOptions").triggerPrice,
    amount: toDecimalText(decimal(left ?? "0").plus(decimal(filled))),
    filled,
    status,
    reduceOnly: order.reduceOnly,
    lastUpdateTimestamp: order.lastUpdateTimestamp,
  };
}
