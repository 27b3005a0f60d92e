import type { AlgoOrder } from "../engine/algo_orders.ts";
import { Refusal } from "../refusal.ts";
import { type Call, type Route, routes } from "./call.ts";
import { algoOrder } from "./futures_answers.ts";
import { page, readClientId, readLimit, readWindow } from "./order_params.ts";

/** Conditional orders: where ccxt sends stops of perpetuals. */
export function algoRoutes(): Route[] {
  const shared = { market: "futures", security: "signed" } as const;
  return [
    ...routes({ ...shared, kind: "create" }, [
      ["POST", "/fapi/v1/algoOrder", 1, create],
    ]),
    ...routes({ ...shared, kind: "cancel" }, [
      ["DELETE", "/fapi/v1/algoOrder", 1, cancel],
    ]),
    ...routes({ ...shared, kind: "cancelAll" }, [
      ["DELETE", "/fapi/v1/algoOpenOrders", 1, cancelAll],
    ]),
    ...routes({ ...shared, kind: "query" }, [
      ["GET", "/fapi/v1/algoOrder", 1, query],
    ]),
    ...routes({ ...shared, kind: "openOrders" }, [
      [
        "GET",
        "/fapi/v1/openAlgoOrders",
        { one: 1, all: 40 },
        (call) =>
          seen(call, call.venue.algos.open(symbolOf(call))).map(algoOrder),
      ],
    ]),
    ...routes({ ...shared, kind: "orders" }, [
      ["GET", "/fapi/v1/allAlgoOrders", 5, allOrders],
    ]),
  ];
}

function create({ params, venue, bend }: Call): unknown {
  params.choice("algoType", ["CONDITIONAL"]);
  const type = params.choice("type", [
    "STOP_MARKET",
    "TAKE_PROFIT_MARKET",
    "STOP",
    "TAKE_PROFIT",
  ]);
  const closePosition = params.flag("closePosition");
  const isPriced = !type.endsWith("_MARKET");
  const algo = venue.algos.place({
    type,
    symbol: params.required("symbol"),
    side: params.choice("side", ["BUY", "SELL"]),
    clientAlgoId: readClientId(params, {
      name: "clientAlgoId",
      kind: "futures",
    }),
    quantity: closePosition ? 0n : params.requiredAmount("quantity"),
    triggerPrice: params.requiredAmount("triggerPrice"),
    price: isPriced ? params.requiredAmount("price") : 0n,
    reduceOnly: params.flag("reduceOnly"),
    closePosition,
    isForeign: false,
  }, bend.hiddenMs);
  return algoOrder(algo);
}

function cancel(call: Call): unknown {
  const algo = find(call);
  if (algo?.status !== "NEW") throw new Refusal(-2011, "Unknown order sent.");
  call.venue.algos.cancel(algo);
  return {
    algoId: algo.id,
    clientAlgoId: algo.clientAlgoId,
    code: "200",
    msg: "success",
  };
}

function cancelAll(call: Call): unknown {
  const { algos } = call.venue;
  const open = algos.open(call.params.required("symbol"));
  for (const algo of open) algos.cancel(algo);
  return {
    code: 200,
    msg: "The operation of cancel all open order is done.",
  };
}

function query(call: Call): unknown {
  const algo = find(call);
  if (algo === null) throw new Refusal(-2013, "Order does not exist.");
  return algoOrder(algo);
}

function allOrders(call: Call): unknown {
  const { params, venue } = call;
  const symbol = params.required("symbol");
  const fromId = params.integer("algoId") ?? 0;
  const { isWithin, isFromStart } = readWindow(params);
  const orders = seen(call, venue.algos.all()).filter((algo) =>
    algo.symbol === symbol && algo.id >= fromId && isWithin(algo.createdAt)
  );
  return page(orders, {
    limit: readLimit(params),
    isFromStart: isFromStart || fromId > 0,
  }).map(algoOrder);
}

function find(call: Call): AlgoOrder | null {
  const { params, venue } = call;
  const id = params.integer("algoId");
  const algo = id === null
    ? venue.algos.byClientId(params.required("clientAlgoId"))
    : venue.algos.byId(id);
  return algo === null ? null : seen(call, [algo])[0] ?? null;
}

function seen({ venue }: Call, algos: readonly AlgoOrder[]): AlgoOrder[] {
  return algos.filter((algo) => venue.clock.now() >= algo.hiddenUntil);
}

function symbolOf({ params, venue }: Call): string | undefined {
  const symbol = params.text("symbol") ?? undefined;
  if (symbol !== undefined) venue.engines.futures.market(symbol);
  return symbol;
}
