import assert from "node:assert/strict";
import { DirectClient } from "./direct_client.ts";
import { closeMinute, movePrice, setTop } from "./engine/market_moves.ts";

const ORDER = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.1",
  price: "30000",
};

const MARKET = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "MARKET",
  quantity: "0.1",
};

function client(): DirectClient {
  const client = new DirectClient({ spotFunds: { USDT: "50000", BTC: "1" } });
  movePrice(client.venue, "BTCUSDT", "40000");
  return client;
}

Deno.test("POST order takes a client id again once its order has ended, and only then", async () => {
  const it = client();
  const send = () =>
    it.send("POST /api/v3/order", { ...ORDER, newClientOrderId: "same" });
  assert.equal((await send()).status, 200);
  assert.equal((await send()).body.code, -2010);
  movePrice(it.venue, "BTCUSDT", "29000");
  movePrice(it.venue, "BTCUSDT", "40000");
  const again = await send();
  assert.equal(again.status, 200, "the first one is filled: the trap");
  const queried = await it.send("GET /api/v3/order", {
    symbol: "BTCUSDT",
    origClientOrderId: "same",
  });
  assert.equal(queried.body.orderId, again.body.orderId);
});

Deno.test("POST order refuses what breaks a filter or the balance, and keeps nothing of it", async () => {
  const it = client();
  const cases: [Record<string, string>, number, RegExp][] = [
    [{ price: "30000.001" }, -1013, /PRICE_FILTER/],
    [{ quantity: "0.000001" }, -1013, /LOT_SIZE/],
    [{ quantity: "0.100001" }, -1013, /LOT_SIZE/],
    [{ quantity: "0.0001" }, -1013, /NOTIONAL/],
    [{ quantity: "2" }, -2010, /insufficient/],
    [{ symbol: "NOUSDT" }, -1121, /symbol/],
    [{ side: "HOLD" }, -1116, /side/],
    [{ quantity: "" }, -1102, /quantity/],
    [{ quantity: "0.123456789" }, -1111, /precision/],
    [{ newClientOrderId: "not allowed" }, -1100, /newClientOrderId/],
    [{ type: "LIMIT_MAKER", price: "41000" }, -2010, /immediately match/],
  ];
  for (const [change, code, message] of cases) {
    const { status, body } = await it.send("POST /api/v3/order", {
      ...ORDER,
      ...change,
    });
    assert.equal(status, 400, JSON.stringify(change));
    assert.equal(body.code, code, JSON.stringify(body));
    assert.match(body.msg, message);
  }
  assert.deepEqual(it.venue.engines.spot.orders.all(), []);
});

Deno.test("POST order MARKET charges a buyer in base currency and a seller in quote currency", async () => {
  const it = client();
  const buy = await it.send("POST /api/v3/order", MARKET);
  assert.equal(buy.body.fills[0].price, "40000.01000000");
  assert.equal(buy.body.fills[0].commission, "0.00010000");
  assert.equal(buy.body.fills[0].commissionAsset, "BTC");
  const sell = await it.send("POST /api/v3/order", {
    ...MARKET,
    side: "SELL",
  });
  assert.equal(sell.body.fills[0].commission, "3.99999900");
  assert.equal(sell.body.fills[0].commissionAsset, "USDT");
});

Deno.test("POST order fills no more than stands in the book: GTC rests, IOC and MARKET expire, FOK does all or nothing", async () => {
  const it = client();
  const fill = (type: string, timeInForce: string) => {
    setTop(it.venue, {
      kind: "spot",
      symbol: "BTCUSDT",
      top: { ask: "40000", askSize: "0.04", bid: "39999" },
    });
    return it.send("POST /api/v3/order", {
      ...MARKET,
      type,
      ...(type === "LIMIT" ? { timeInForce, price: "40000" } : {}),
    });
  };
  const gtc = await fill("LIMIT", "GTC");
  assert.equal(gtc.body.status, "PARTIALLY_FILLED");
  assert.equal(gtc.body.executedQty, "0.04000000");
  const ioc = await fill("LIMIT", "IOC");
  assert.equal(ioc.body.status, "EXPIRED");
  const fok = await fill("LIMIT", "FOK");
  assert.equal(fok.body.executedQty, "0.00000000");
  assert.equal(fok.body.status, "EXPIRED");
  const market = await fill("MARKET", "");
  assert.equal(market.body.status, "EXPIRED");
  assert.equal(market.body.executedQty, "0.04000000");
});

Deno.test("STOP_LOSS waits for its trigger and sells at the bid then", async () => {
  const it = client();
  const stop = { ...MARKET, side: "SELL", type: "STOP_LOSS" };
  const early = await it.send("POST /api/v3/order", {
    ...stop,
    stopPrice: "40500",
  });
  assert.equal(early.body.code, -2010);
  const { body } = await it.send("POST /api/v3/order", {
    ...stop,
    stopPrice: "39000",
  });
  closeMinute(it.venue, {
    symbol: "BTCUSDT",
    candle: { open: 40_000, high: 40_100, low: 38_900, close: 39_500 },
  });
  const order = it.venue.engines.spot.orders.byId(body.orderId)!;
  assert.equal(order.status, "FILLED");
  assert.equal(order.trades[0]!.price, 3_889_999_000_000n);
});

Deno.test("orderList/oco locks once for both legs, and one leg's fill ends the other", async () => {
  const it = client();
  const oco = await it.send("POST /api/v3/orderList/oco", {
    symbol: "BTCUSDT",
    side: "SELL",
    quantity: "0.8",
    aboveType: "LIMIT_MAKER",
    abovePrice: "42000",
    belowType: "STOP_LOSS",
    belowStopPrice: "39000",
  });
  assert.equal(oco.status, 200, JSON.stringify(oco.body));
  const { spot } = it.venue.ledgers;
  assert.equal(spot.balance("locked", "BTC"), 80_000_000n);
  movePrice(it.venue, "BTCUSDT", "42001");
  const [above, below] = it.venue.engines.spot.orders.all();
  assert.equal(above!.status, "FILLED");
  assert.equal(below!.status, "EXPIRED");
  assert.equal(spot.balance("locked", "BTC"), 0n);
});

Deno.test("DELETE order says -2011 for an order that is not open, GET order -2013 for one that never was", async () => {
  const it = client();
  const ref = { symbol: "BTCUSDT", origClientOrderId: "nobody" };
  assert.equal((await it.send("DELETE /api/v3/order", ref)).body.code, -2011);
  assert.equal((await it.send("GET /api/v3/order", ref)).body.code, -2013);
});

Deno.test("POST order refuses a sixth waiting stop of one symbol", async () => {
  const it = client();
  const stop = (stopPrice: number) =>
    it.send("POST /api/v3/order", {
      ...MARKET,
      side: "SELL",
      type: "STOP_LOSS",
      stopPrice,
    });
  for (let index = 0; index < 5; index++) {
    assert.equal((await stop(30_000 + index)).status, 200);
  }
  assert.match((await stop(29_000)).body.msg, /MAX_NUM_ALGO_ORDERS/);
});

Deno.test("GET myTrades refuses a time beside an order or a first trade", async () => {
  const it = client();
  const ask = (more: Record<string, number>) =>
    it.send("GET /api/v3/myTrades", { symbol: "BTCUSDT", ...more });
  const refused: Record<string, number>[] = [
    { orderId: 1, startTime: 1 },
    { orderId: 1, endTime: 1 },
    { fromId: 1, startTime: 1 },
  ];
  const taken: Record<string, number>[] = [
    {},
    { orderId: 1 },
    { orderId: 1, fromId: 1 },
    { startTime: 1, endTime: 2 },
  ];
  for (const more of refused) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    assert.equal((await ask(more)).body.code, -1128, JSON.stringify(more));
  }
  for (const more of taken) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    assert.equal((await ask(more)).status, 200, JSON.stringify(more));
  }
});
