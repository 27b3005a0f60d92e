/** Bybit's requests. Names and values follow its documentation of V5. */
import assert from "node:assert/strict";
import { bybit, BYBIT_ANSWERS } from "./other_answers.ts";
import { limitOrder, stopOrder } from "./support.ts";
import { byText, openWire, OWN_REF } from "./wire.ts";

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
  assert.deepEqual(
    byText(await swap.said(() => swap.gateway.openOrders(null))),
    byText([
      [route, { category: "linear", settleCoin: "USDT", limit: "50" }],
      [route, { category: "linear", settleCoin: "USDC", limit: "50" }],
    ]),
  );
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
  const all = { category: "spot", symbol: "BTCUSDT" };
  assert.deepEqual(
    byText(await spot.said(() => spot.gateway.cancelAll(symbol))),
    byText([
      ["POST /v5/order/cancel-all", all],
      ["POST /v5/order/cancel-all", { ...all, orderFilter: "StopOrder" }],
    ]),
  );
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
