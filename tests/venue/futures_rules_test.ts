import assert from "node:assert/strict";
import { DirectClient } from "./direct_client.ts";
import { applyFunding, movePrice, setMark } from "./engine/market_moves.ts";
import { toText } from "./money/units.ts";

const SYMBOL = "BTCUSDT";
const MARKET = { symbol: SYMBOL, side: "BUY", type: "MARKET", quantity: "0.1" };

function client(futuresFunds = "10000"): DirectClient {
  const client = new DirectClient({ futuresFunds });
  movePrice(client.venue, SYMBOL, "40000");
  return client;
}

Deno.test("POST fapi order refuses conditional types, small notionals, missing margin, a needless reduceOnly and a taking GTX", async () => {
  const it = client();
  const cases: [Record<string, string>, number][] = [
    [{ type: "STOP_MARKET", stopPrice: "39000" }, -4120],
    [{ quantity: "0.002" }, -4164],
    [{ quantity: "0.0001" }, -4003],
    [{ quantity: "0.1001" }, -1111],
    [{ quantity: "6" }, -2019],
    [{ reduceOnly: "true" }, -2022],
    [{ type: "LIMIT", timeInForce: "GTX", price: "41000" }, -5022],
    [{ type: "LIMIT", timeInForce: "GTC", price: "39000.05" }, -4014],
    [{ type: "LIMIT", timeInForce: "FOK", price: "39000" }, -5021],
  ];
  for (const [change, code] of cases) {
    const { body } = await it.send("POST /fapi/v1/order", {
      ...MARKET,
      ...change,
    });
    assert.equal(body.code, code, JSON.stringify({ change, body }));
  }
});

Deno.test("POST fapi order reduceOnly never turns a position round", async () => {
  const it = client();
  await it.send("POST /fapi/v1/order", MARKET);
  const { body } = await it.send("POST /fapi/v1/order", {
    ...MARKET,
    side: "SELL",
    quantity: "0.3",
    reduceOnly: true,
    newOrderRespType: "RESULT",
  });
  assert.equal(body.executedQty, "0.10000000");
  assert.equal(body.status, "EXPIRED");
  assert.equal(it.venue.account.position(SYMBOL).quantity, 0n);
});

Deno.test("algoOrder goes off as an ordinary order with the same client id, and closes the whole position if asked", async () => {
  const it = client();
  await it.send("POST /fapi/v1/order", MARKET);
  const stop = {
    algoType: "CONDITIONAL",
    symbol: SYMBOL,
    side: "SELL",
    type: "STOP_MARKET",
    closePosition: true,
    triggerPrice: "39000",
    clientAlgoId: "stop-1",
  };
  const placed = await it.send("POST /fapi/v1/algoOrder", stop);
  assert.equal(placed.body.algoStatus, "NEW");
  const second = await it.send("POST /fapi/v1/algoOrder", {
    ...stop,
    clientAlgoId: "stop-2",
  });
  assert.equal(second.body.code, -4130);
  const open = await it.send("GET /fapi/v1/openOrders", { symbol: SYMBOL });
  assert.deepEqual(open.body, [], "it lives in another book");
  movePrice(it.venue, SYMBOL, "38990");
  const { body } = await it.send("GET /fapi/v1/algoOrder", {
    clientAlgoId: "stop-1",
  });
  assert.equal(body.algoStatus, "FINISHED");
  const actual = await it.send("GET /fapi/v1/order", {
    symbol: SYMBOL,
    orderId: body.actualOrderId,
  });
  assert.equal(actual.body.clientOrderId, "stop-1");
  assert.equal(actual.body.status, "FILLED");
  assert.equal(it.venue.account.position(SYMBOL).quantity, 0n);
});

Deno.test("income tells funding that the position has paid", async () => {
  const it = client();
  await it.send("POST /fapi/v1/order", MARKET);
  applyFunding(it.venue, SYMBOL, "0.0001");
  const { body } = await it.send("GET /fapi/v1/income", {
    symbol: SYMBOL,
    incomeType: "FUNDING_FEE",
  });
  assert.equal(body[0].income, "-0.40000000");
});

Deno.test("a position is liquidated when the margin does not carry it, and the insurance pays what is missing", async () => {
  const it = client("500");
  await it.send("POST /fapi/v1/order", MARKET);
  const resting = {
    ...MARKET,
    type: "LIMIT",
    timeInForce: "GTC",
    quantity: "0.005",
    price: "20000",
  };
  assert.equal((await it.send("POST /fapi/v1/order", resting)).status, 200);
  setMark(it.venue, SYMBOL, "39000");
  assert.notEqual(it.venue.account.position(SYMBOL).quantity, 0n);
  movePrice(it.venue, SYMBOL, "30000");
  setMark(it.venue, SYMBOL, "30000");
  const { account, engines, ledgers } = it.venue;
  assert.equal(account.position(SYMBOL).quantity, 0n);
  const last = engines.futures.orders.all().at(-1)!;
  assert.match(last.clientOrderId, /^autoclose-/);
  assert.equal(toText(account.wallet), "0.00000000");
  assert.ok(ledgers.futures.balance("insurance", "USDT") < 0n);
  assert.deepEqual(engines.futures.orders.open(), []);
});

Deno.test("countdownCancelAll cancels the symbol's orders unless it is asked again in time", async () => {
  const it = client();
  const limit = {
    ...MARKET,
    type: "LIMIT",
    timeInForce: "GTC",
    price: "30000",
  };
  await it.send("POST /fapi/v1/order", limit);
  const count = (countdownTime: number) =>
    it.send("POST /fapi/v1/countdownCancelAll", {
      symbol: SYMBOL,
      countdownTime,
    });
  await count(5_000);
  it.clock.advance(4_000);
  await count(5_000);
  it.clock.advance(4_000);
  const { orders } = it.venue.engines.futures;
  assert.equal(orders.open().length, 1);
  await count(0);
  it.clock.advance(60_000);
  assert.equal(orders.open().length, 1, "0 ends it");
  await count(5_000);
  it.clock.advance(5_000);
  assert.equal(orders.open().length, 0);
});

Deno.test("positionRisk v3 tells only what is held, with the margin type and leverage of v2 beside it", async () => {
  const it = client();
  await it.send("POST /fapi/v1/leverage", { symbol: SYMBOL, leverage: 5 });
  await it.send("POST /fapi/v1/marginType", {
    symbol: SYMBOL,
    marginType: "ISOLATED",
  });
  const again = await it.send("POST /fapi/v1/marginType", {
    symbol: SYMBOL,
    marginType: "ISOLATED",
  });
  assert.equal(again.body.code, -4046);
  assert.deepEqual((await it.send("GET /fapi/v3/positionRisk")).body, []);
  await it.send("POST /fapi/v1/order", { ...MARKET, side: "SELL" });
  const v3 = await it.send("GET /fapi/v3/positionRisk");
  assert.equal(v3.body[0].positionAmt, "-0.10000000");
  assert.equal(v3.body[0].leverage, undefined);
  const v2 = await it.send("GET /fapi/v2/positionRisk", { symbol: SYMBOL });
  assert.equal(v2.body[0].leverage, "5");
  assert.equal(v2.body[0].marginType, "isolated");
});
