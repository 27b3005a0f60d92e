import { floorTo, over, toText } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import { type Call, type Route, routes } from "./call.ts";
import {
  cancelOrder,
  queryOrder,
  seenOrders,
  seenTrades,
} from "./find_order.ts";
import {
  page,
  readClientId,
  readLimit,
  readOrder,
  readWindow,
} from "./order_params.ts";
import { orderListRoutes } from "./order_list_routes.ts";
import {
  spotAccount,
  spotAck,
  spotCanceled,
  spotOrder,
  spotTrade,
} from "./spot_answers.ts";

/** Signed endpoints of the spot half. */
export function spotRoutes(): Route[] {
  const shared = { market: "spot", security: "signed" } as const;
  return [
    ...routes({ ...shared, kind: "create" }, [
      ["POST", "/api/v3/order", 1, create],
    ]),
    ...routes({ ...shared, kind: "cancel" }, [
      ["DELETE", "/api/v3/order", 1, (call) =>
        spotCanceled(
          cancelOrder("spot", call),
          readClientId(call.params, { name: "newClientOrderId", kind: "spot" }),
        )],
    ]),
    ...routes({ ...shared, kind: "cancelAll" }, [
      ["DELETE", "/api/v3/openOrders", 1, cancelAll],
    ]),
    ...routes({ ...shared, kind: "query" }, [
      [
        "GET",
        "/api/v3/order",
        4,
        (call) => spotOrder(queryOrder("spot", call)),
      ],
    ]),
    ...routes({ ...shared, kind: "openOrders" }, [
      [
        "GET",
        "/api/v3/openOrders",
        { one: 6, all: 80 },
        (call) => seenOrders("spot", call, "open").map(spotOrder),
      ],
    ]),
    ...routes({ ...shared, kind: "orders" }, [
      ["GET", "/api/v3/allOrders", 20, allOrders],
    ]),
    ...routes({ ...shared, kind: "trades" }, [
      ["GET", "/api/v3/myTrades", 20, myTrades],
    ]),
    ...routes({ ...shared, kind: "account" }, [
      ["GET", "/api/v3/account", 20, ({ venue }) => spotAccount(venue)],
    ]),
    ...routes({ ...shared, kind: "settings" }, [
      ["GET", "/api/v3/account/commission", 20, commission],
    ]),
    ...orderListRoutes(),
  ];
}

function create(call: Call): unknown {
  const { params, venue, bend } = call;
  const request = readOrder(params, "spot");
  const forQuote = params.amount("quoteOrderQty");
  if (forQuote > 0n) {
    const { spec, top } = venue.engines.spot.market(request.symbol);
    const price = request.side === "BUY" ? top.ask : top.bid;
    request.quantity = floorTo(over(forQuote, price), spec.step);
  }
  const order = venue.engines.spot.place(request, { bend });
  return spotAck(order, params.text("newOrderRespType"));
}

function commission({ params, venue }: Call): unknown {
  const { spec } = venue.engines.spot.market(params.required("symbol"));
  const { maker, taker } = venue.fees.spot;
  const none = { maker: "0.00000000", taker: "0.00000000" };
  return {
    symbol: spec.id,
    standardCommission: {
      maker: toText(maker),
      taker: toText(taker),
      buyer: "0.00000000",
      seller: "0.00000000",
    },
    taxCommission: none,
    specialCommission: none,
    discount: { enabledForAccount: false, enabledForSymbol: false },
  };
}

function cancelAll(call: Call): unknown {
  const { params, venue } = call;
  params.required("symbol");
  const open = seenOrders("spot", call, "open");
  if (open.length === 0) throw new Refusal(-2011, "Unknown order sent.");
  return open.map((order) => {
    const { engines } = venue;
    const isStillOpen = engines.spot.orders.open(order.symbol).includes(order);
    if (isStillOpen) engines.spot.cancel(order);
    return spotCanceled(order, `cancel-${order.id}`);
  });
}

function allOrders(call: Call): unknown {
  const { params } = call;
  params.required("symbol");
  const fromId = params.integer("orderId") ?? 0;
  const { isWithin, isFromStart } = readWindow(params);
  const orders = seenOrders("spot", call, "all").filter((order) =>
    order.id >= fromId && isWithin(order.createdAt)
  );
  return page(orders, {
    limit: readLimit(params),
    isFromStart: isFromStart || fromId > 0,
  }).map(spotOrder);
}

/** @throws {Refusal} -1128 for a time beside an order or a first trade, as at Binance. */
function myTrades(call: Call): unknown {
  const { params } = call;
  const has = (name: string) => params.text(name) !== null;
  if (
    (has("orderId") || has("fromId")) && (has("startTime") || has("endTime"))
  ) {
    throw new Refusal(-1128, "Combination of optional parameters invalid.");
  }
  const { isWithin, isFromStart } = readWindow(params);
  const trades = seenTrades("spot", call).filter(({ at }) => isWithin(at));
  return page(trades, {
    limit: readLimit(params),
    isFromStart: isFromStart || params.text("fromId") !== null,
  }).map(spotTrade);
}
