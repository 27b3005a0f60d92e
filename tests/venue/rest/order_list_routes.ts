import { isOpen, type NewOrder, type Order } from "../engine/order.ts";
import { Refusal } from "../refusal.ts";
import { type Call, type Route, routes } from "./call.ts";
import { readClientId } from "./order_params.ts";
import { orderList, spotAck, spotCanceled } from "./spot_answers.ts";

const LEG_TYPES = [
  "LIMIT_MAKER",
  "STOP_LOSS",
  "STOP_LOSS_LIMIT",
  "TAKE_PROFIT",
  "TAKE_PROFIT_LIMIT",
] as const;

/** One-cancels-the-other orders of the spot half, in the form with `above` and `below`. */
export function orderListRoutes(): Route[] {
  const shared = { market: "spot", security: "signed" } as const;
  return [
    ...routes({ ...shared, kind: "create" }, [
      ["POST", "/api/v3/orderList/oco", 1, createOco],
    ]),
    ...routes({ ...shared, kind: "cancel" }, [
      ["DELETE", "/api/v3/orderList", 1, cancelList],
    ]),
    ...routes({ ...shared, kind: "query" }, [
      ["GET", "/api/v3/orderList", 4, (call) => orderList(legsOf(call))],
    ]),
    ...routes({ ...shared, kind: "openOrders" }, [
      ["GET", "/api/v3/openOrderList", 6, openLists],
    ]),
  ];
}

function createOco(call: Call): unknown {
  const { params, venue, bend } = call;
  const engine = venue.engines.spot;
  const listId = engine.orders.nextListId();
  const above = readLeg(call, "above", listId);
  const below = readLeg(call, "below", listId);
  // Of a purchase the upper leg is the dearer one: what it locks is enough for both.
  const first = engine.place(above, { bend });
  let second: Order;
  try {
    second = engine.place(below, { bend, hold: first.hold });
  } catch (error) {
    engine.cancel(first);
    throw error;
  }
  const legs = [first, second];
  return {
    ...orderList(legs),
    listClientOrderId: params.text("listClientOrderId") ?? `list-${listId}`,
    orderReports: legs.map((leg) => spotAck(leg, "RESULT")),
  };
}

function readLeg(
  { params }: Call,
  name: "above" | "below",
  listId: number,
): NewOrder {
  return {
    symbol: params.required("symbol"),
    side: params.choice("side", ["BUY", "SELL"]),
    type: params.choice(`${name}Type`, LEG_TYPES),
    timeInForce: "GTC",
    quantity: params.requiredAmount("quantity"),
    price: params.amount(`${name}Price`),
    stopPrice: params.amount(`${name}StopPrice`),
    clientOrderId: readClientId(params, {
      name: `${name}ClientOrderId`,
      kind: "spot",
    }),
    reduceOnly: false,
    closePosition: false,
    listId,
    isForeign: false,
  };
}

function legsOf({ params, venue }: Call): Order[] {
  const listId = params.integer("orderListId");
  const legs = venue.engines.spot.orders.all().filter((order) =>
    order.listId === listId && listId >= 0
  );
  if (legs.length > 0) return legs;
  throw new Refusal(-2018, "Order list does not exist.");
}

function cancelList(call: Call): unknown {
  const legs = legsOf(call);
  const open = legs.find(isOpen);
  if (open === undefined) throw new Refusal(-2011, "Unknown order list sent.");
  call.venue.engines.spot.cancel(open);
  return {
    ...orderList(legs),
    orderReports: legs.map((leg) => spotCanceled(leg, `cancel-${leg.id}`)),
  };
}

function openLists({ venue }: Call): unknown {
  const open = venue.engines.spot.orders.open().filter((order) =>
    order.listId >= 0
  );
  const ids = [...new Set(open.map(({ listId }) => listId))];
  return ids.map((id) => orderList(open.filter(({ listId }) => listId === id)));
}
