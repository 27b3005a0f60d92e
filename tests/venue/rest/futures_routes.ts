import { Refusal } from "../refusal.ts";
import { algoRoutes } from "./algo_routes.ts";
import { type Call, type Route, routes } from "./call.ts";
import {
  cancelOrder,
  findOrder,
  queryOrder,
  seenOrders,
  seenTrades,
} from "./find_order.ts";
import { futuresAccountRoutes } from "./futures_account_routes.ts";
import { futuresOrder, futuresTrade } from "./futures_answers.ts";
import { page, readLimit, readOrder, readWindow } from "./order_params.ts";

const WEEK_MS = 7 * 86_400_000;

/** Signed endpoints of the futures half. */
export function futuresRoutes(): Route[] {
  const shared = { market: "futures", security: "signed" } as const;
  return [
    ...routes({ ...shared, kind: "create" }, [
      ["POST", "/fapi/v1/order", 1, create],
    ]),
    ...routes({ ...shared, kind: "cancel" }, [
      [
        "DELETE",
        "/fapi/v1/order",
        1,
        (call) => futuresOrder(cancelOrder("futures", call)),
      ],
    ]),
    ...routes({ ...shared, kind: "cancelAll" }, [
      ["DELETE", "/fapi/v1/allOpenOrders", 1, cancelAll],
    ]),
    ...routes({ ...shared, kind: "query" }, [
      [
        "GET",
        "/fapi/v1/order",
        1,
        (call) => futuresOrder(queryOrder("futures", call)),
      ],
      ["GET", "/fapi/v1/openOrder", 1, openOrder],
    ]),
    ...routes({ ...shared, kind: "openOrders" }, [
      [
        "GET",
        "/fapi/v1/openOrders",
        { one: 1, all: 40 },
        (call) => seenOrders("futures", call, "open").map(futuresOrder),
      ],
    ]),
    ...routes({ ...shared, kind: "orders" }, [
      ["GET", "/fapi/v1/allOrders", 5, allOrders],
    ]),
    ...routes({ ...shared, kind: "trades" }, [
      ["GET", "/fapi/v1/userTrades", 5, userTrades],
    ]),
    ...algoRoutes(),
    ...futuresAccountRoutes(),
  ];
}

function create({ params, venue, bend }: Call): unknown {
  const order = venue.engines.futures.place(readOrder(params, "futures"), {
    bend,
  });
  const answer = futuresOrder(order);
  if (params.text("newOrderRespType") === "RESULT") return answer;
  return { ...answer, status: "NEW", executedQty: "0", cumQuote: "0" };
}

function cancelAll(call: Call): unknown {
  call.params.required("symbol");
  const engine = call.venue.engines.futures;
  for (const order of seenOrders("futures", call, "open")) engine.cancel(order);
  return {
    code: 200,
    msg: "The operation of cancel all open order is done.",
  };
}

function openOrder(call: Call): unknown {
  const order = findOrder("futures", call);
  const open = seenOrders("futures", call, "open");
  if (order !== null && open.includes(order)) return futuresOrder(order);
  throw new Refusal(-2013, "Order does not exist.");
}

function allOrders(call: Call): unknown {
  const { params } = call;
  params.required("symbol");
  checkSpan(call);
  const fromId = params.integer("orderId") ?? 0;
  const { isWithin, isFromStart } = readWindow(params);
  const orders = seenOrders("futures", call, "all").filter((order) =>
    order.id >= fromId && isWithin(order.createdAt)
  );
  return page(orders, {
    limit: readLimit(params),
    isFromStart: isFromStart || fromId > 0,
  }).map(futuresOrder);
}

function userTrades(call: Call): unknown {
  const { params } = call;
  checkSpan(call);
  const { isWithin, isFromStart } = readWindow(params);
  const trades = seenTrades("futures", call).filter(({ at }) => isWithin(at));
  return page(trades, {
    limit: readLimit(params),
    isFromStart: isFromStart || params.text("fromId") !== null,
  }).map(futuresTrade);
}

/** @throws {Refusal} -4166 if the window is longer than seven days. */
function checkSpan({ params }: Call): void {
  const from = params.integer("startTime");
  const to = params.integer("endTime");
  if (from === null || to === null || to - from <= WEEK_MS) return;
  throw new Refusal(
    -4166,
    "Search window is restricted to recent 7 days only.",
  );
}
