/** Bybit's requests and answers. Names and values follow its documentation of V5. */
import assert from "node:assert/strict";
import type { VenueOrder } from "../../../../lib/contracts/venue.ts";
import { bybit, BYBIT_ANSWERS } from "./other_answers.ts";
import { limitOrder, stopOrder } from "./support.ts";
import { openWire, OWN_REF, type Wire } from "./wire.ts";

const SPOT = { exchange: "bybit", market: "spot" } as const;
const SWAP = { exchange: "bybit", market: "swap" } as const;

const NOTHING = () => bybit({ list: [], nextPageCursor: "" });

const ANSWERS = {
  ...BYBIT_ANSWERS,
  "GET /v5/order/realtime": NOTHING,
  "GET /v5/order/history": NOTHING,
  "GET /v5/execution/list": NOTHING,
  "GET /v5/position/list": NOTHING,
  "POST /v5/position/set-leverage": () => bybit({}),
  "POST /v5/order/cancel": () =>
    bybit({ orderId: "u-1", orderLinkId: "sf0000001" }),
  "POST /v5/order/cancel-all": () => bybit({ list: [], success: "1" }),
};

/** A row of the lists of orders. */
function row(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    orderId: "u-1",
    orderLinkId: "sf0000001",
    symbol: "BTCUSDT",
    side: "Sell",
    orderType: "Limit",
    orderStatus: "New",
    price: "26000.5",
    qty: "0.010",
    cumExecQty: "0.000",
    leavesQty: "0.010",
    avgPrice: "",
    triggerPrice: "",
    triggerDirection: 0,
    stopOrderType: "",
    stopLoss: "",
    takeProfit: "",
    timeInForce: "GTC",
    reduceOnly: false,
    createdTime: "1700000000000",
    updatedTime: "1700000001000",
    ...more,
  };
}

/** How the gateway reads a row. */
async function readAs(
  wire: Wire,
  more: Record<string, unknown>,
): Promise<VenueOrder> {
  wire.server.answers["GET /v5/order/realtime"] = () =>
    bybit({ category: "linear", nextPageCursor: "", list: [row(more)] });
  return await wire.gateway.order(OWN_REF);
}

Deno.test("CcxtGateway names orders at Bybit by either id, in the book of their market", async () => {
  await using spot = await openWire(SPOT, ANSWERS);
  await using swap = await openWire(SWAP, ANSWERS);
  const stop = { ...OWN_REF, isStop: true };
  const byId = { ...OWN_REF, venueOrderId: "u-1" };
  const all = { symbol: "BTCUSDT", category: "spot" };
  const linear = { symbol: "BTCUSDT", category: "linear" };
  const cancel = "POST /v5/order/cancel";
  assert.deepEqual(await spot.said(() => spot.gateway.cancel(OWN_REF)), [
    [cancel, { ...all, orderFilter: "Order", orderLinkId: "sf0000001" }],
  ]);
  assert.deepEqual(await spot.said(() => spot.gateway.cancel(stop)), [
    [cancel, { ...all, orderFilter: "StopOrder", orderLinkId: "sf0000001" }],
  ]);
  assert.deepEqual(await swap.said(() => swap.gateway.cancel(stop)), [
    [cancel, { ...linear, orderLinkId: "sf0000001" }],
  ]);
  assert.deepEqual(await swap.said(() => swap.gateway.cancel(byId)), [
    [cancel, { ...linear, orderId: "u-1" }],
  ]);
  const missing = { kind: "not_found" };
  assert.deepEqual(
    await swap.said(() => assert.rejects(swap.gateway.order(OWN_REF), missing)),
    [
      ["GET /v5/order/realtime", { ...linear, orderLinkId: "sf0000001" }],
      ["GET /v5/order/history", { ...linear, orderLinkId: "sf0000001" }],
    ],
  );
  assert.deepEqual(
    await spot.said(() => assert.rejects(spot.gateway.order(byId), missing)),
    [
      ["GET /v5/order/realtime", { ...all, orderId: "u-1" }],
      ["GET /v5/order/history", { ...all, orderId: "u-1" }],
    ],
  );
});

Deno.test("CcxtGateway asks Bybit for lists by market, or by what perpetuals settle in", async () => {
  await using spot = await openWire(SPOT, ANSWERS);
  await using swap = await openWire(SWAP, ANSWERS);
  const symbol = "BTC/USDT";
  const route = "GET /v5/order/realtime";
  assert.deepEqual(await spot.said(() => spot.gateway.openOrders(null)), [
    [route, { category: "spot", limit: "50" }],
  ]);
  assert.deepEqual(await swap.said(() => swap.gateway.openOrders(symbol)), [
    [route, { category: "linear", symbol: "BTCUSDT", limit: "50" }],
  ]);
  assert.deepEqual(await swap.said(() => swap.gateway.openOrders(null)), [
    [route, { category: "linear", settleCoin: "USDT", limit: "50" }],
    [route, { category: "linear", settleCoin: "USDC", limit: "50" }],
  ]);
  const sinceAt = Date.now() - 60_000;
  const [trades] = await swap.said(() =>
    swap.gateway.trades({ symbol, sinceAt, venueOrderId: "u-1" })
  );
  const { endTime, ...asked } = trades![1] as Record<string, string>;
  assert.deepEqual(asked, {
    category: "linear",
    symbol: "BTCUSDT",
    execType: "Trade",
    orderId: "u-1",
    limit: "100",
    startTime: String(sinceAt),
  });
  assert.equal(Number(endTime) - sinceAt, 7 * 86_400_000 - 1);
  assert.deepEqual(await spot.said(() => spot.gateway.cancelAll(symbol)), [
    ["POST /v5/order/cancel-all", { category: "spot", symbol: "BTCUSDT" }],
    ["POST /v5/order/cancel-all", {
      category: "spot",
      symbol: "BTCUSDT",
      orderFilter: "StopOrder",
    }],
  ]);
});

Deno.test("prepare() at Bybit sets both sides' leverage, and refuses hedge mode", async () => {
  await using swap = await openWire(SWAP, ANSWERS);
  const prepare = () => swap.gateway.prepare("BTC/USDT", { leverage: 3 });
  assert.deepEqual(await swap.said(prepare), [
    ["GET /v5/position/list", { category: "linear", symbol: "BTCUSDT" }],
    ["POST /v5/position/set-leverage", {
      category: "linear",
      symbol: "BTCUSDT",
      buyLeverage: "3",
      sellLeverage: "3",
    }],
  ]);
  swap.server.answers["POST /v5/position/set-leverage"] = () =>
    bybit({}, 110043, "leverage not modified");
  await prepare();
  swap.server.answers["GET /v5/position/list"] = () =>
    bybit({ list: [1, 2].map((positionIdx) => ({ positionIdx, size: "0" })) });
  await assert.rejects(prepare(), { kind: "refused" });
  assert.equal(swap.server.at("POST /v5/position/set-leverage").length, 2);
});

Deno.test("order() reads every status of Bybit's", async () => {
  await using wire = await openWire(SWAP, ANSWERS);
  const table = [
    ["New", "0", "open", "0"],
    ["PartiallyFilled", "0.004", "open", "0.004"],
    ["Filled", "0.010", "filled", "0.01"],
    ["Cancelled", "0", "canceled", "0"],
    ["Cancelled", "0.004", "canceled", "0.004"],
    ["PartiallyFilledCanceled", "0.004", "canceled", "0.004"],
    ["Rejected", "0", "rejected", "0"],
    ["Untriggered", "0", "open", "0"],
    ["Triggered", "0", "open", "0"],
    ["Deactivated", "0", "canceled", "0"],
  ] as const;
  for (const [orderStatus, cumExecQty, status, filled] of table) {
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    const order = await readAs(wire, { orderStatus, cumExecQty });
    assert.deepEqual([order.status, order.filled], [status, filled]);
    assert.equal(order.quantity, "0.01", orderStatus);
  }
});

Deno.test("order() tells a stop of Bybit's from an order that exits hang on", async () => {
  await using wire = await openWire(SWAP, ANSWERS);
  const { at, ...stop } = await readAs(wire, {
    orderType: "Market",
    orderStatus: "Untriggered",
    price: "0",
    triggerPrice: "24000",
    triggerDirection: 2,
    stopOrderType: "Stop",
    reduceOnly: true,
  });
  assert.deepEqual(stop, {
    clientOrderId: "sf0000001",
    venueOrderId: "u-1",
    symbol: "BTC/USDT",
    side: "sell",
    type: "stop",
    price: null,
    triggerPrice: "24000",
    quantity: "0.01",
    filled: "0",
    status: "open",
    reduceOnly: true,
  });
  assert.equal(at, 1_700_000_001_000);
  const limit = await readAs(wire, {
    orderLinkId: "sf0000001",
    stopLoss: "24000",
    takeProfit: "28000",
  });
  assert.deepEqual([limit.type, limit.triggerPrice], ["limit", null]);
});

Deno.test("trades() and balances() of Bybit's leave out what is not told", async () => {
  const at = Date.now() - 60_000;
  const trade = {
    symbol: "BTCUSDT",
    execId: "t-1",
    orderId: "u-1",
    orderLinkId: "sf0000001",
    side: "Buy",
    execPrice: "25000.5",
    execQty: "0.004",
    execFee: "0.055",
    feeCurrency: "USDT",
    isMaker: true,
    execType: "Trade",
    execTime: String(at),
  };
  await using wire = await openWire(SWAP, {
    ...ANSWERS,
    "GET /v5/execution/list": () =>
      bybit({
        nextPageCursor: "",
        list: [
          trade,
          {
            ...trade,
            execId: "t-2",
            execFee: "",
            orderLinkId: "",
            isMaker: false,
          },
        ],
      }),
    "GET /v5/account/wallet-balance": () =>
      bybit({
        list: [{
          accountType: "UNIFIED",
          coin: [
            {
              coin: "USDT",
              equity: "110",
              walletBalance: "100",
              locked: "10",
              availableToWithdraw: "",
              totalPositionIM: "20",
              totalOrderIM: "5",
              borrowAmount: "0",
              accruedInterest: "0",
            },
            { coin: "BTC", equity: "0", walletBalance: "0", locked: "0" },
          ],
        }],
      }),
  });
  const [first, second] = await wire.gateway.trades({
    symbol: "BTC/USDT",
    sinceAt: at - 1,
  });
  assert.deepEqual(first, {
    tradeId: "t-1",
    venueOrderId: "u-1",
    clientOrderId: "sf0000001",
    symbol: "BTC/USDT",
    side: "buy",
    price: "25000.5",
    quantity: "0.004",
    fee: "0.055",
    feeCurrency: "USDT",
    liquidity: "maker",
    at,
  });
  assert.deepEqual(
    [second!.fee, second!.feeCurrency, second!.clientOrderId],
    [null, null, null],
  );
  assert.equal(second!.liquidity, "taker");
  assert.deepEqual(await wire.gateway.balances(), [
    { currency: "USDT", total: "100", free: "65" },
  ]);
});

Deno.test("create() at Bybit sends times in force by their own names", async () => {
  await using swap = await openWire(SWAP, ANSWERS);
  const sent = async (order: Parameters<typeof swap.gateway.create>[0]) => {
    const [said] = await swap.said(() => swap.gateway.create(order));
    return said![1] as Record<string, unknown>;
  };
  const limit = limitOrder({ price: "25000" });
  assert.equal("timeInForce" in await sent(limit), false, "GTC is the default");
  for (const timeInForce of ["IOC", "FOK"] as const) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    const fields = await sent({ ...limit, timeInForce, reduceOnly: true });
    assert.deepEqual(
      [fields.timeInForce, fields.reduceOnly],
      [timeInForce, true],
    );
  }
  const stop = await sent(stopOrder({ triggerPrice: "24000" }));
  assert.equal("reduceOnly" in stop, false, "only where it is wanted");
});
