/** Requests of orders, field by field. Names and values follow the exchanges' own documentation. */
import assert from "node:assert/strict";
import type {
  MarketKind,
  VenueOrderRequest,
} from "../../../../lib/contracts/venue.ts";
import {
  BYBIT_ANSWERS,
  KRAKEN_ANSWERS,
  KRAKEN_FUTURES_ANSWERS,
  OKX_ANSWERS,
} from "./other_answers.ts";
import { CREDENTIALS, limitOrder, openGateway, stopOrder } from "./support.ts";
import {
  type Answer,
  bytesOf,
  hmac,
  paramsOf,
  type SeenRequest,
  startVenueServer,
} from "./venue_server.ts";

const LIMIT = limitOrder({ price: "25000" });
const STOP = stopOrder({ triggerPrice: "24000" });

/** What each order became on the wire. */
async function requestsOf(
  venue: { exchange: string; market: MarketKind },
  answers: Record<string, Answer>,
  orders: readonly VenueOrderRequest[],
): Promise<SeenRequest[]> {
  await using server = startVenueServer(answers);
  const gateway = await openGateway(server.url, venue);
  server.seen.length = 0;
  for (const order of orders) {
    // deno-lint-ignore no-await-in-loop -- in order
    const outcome = await gateway.create(order);
    assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
  }
  await gateway.close();
  assert.equal(server.seen.length, orders.length, "one order is one request");
  return server.seen;
}

Deno.test("CcxtGateway sends orders to Bybit as it documents them", async () => {
  const spot = await requestsOf(
    { exchange: "bybit", market: "spot" },
    BYBIT_ANSWERS,
    [limitOrder({ type: "market", price: null }), STOP],
  );
  const always = {
    category: "spot",
    symbol: "BTCUSDT",
    orderType: "Market",
    orderLinkId: "sf0000001",
    qty: "0.01",
    marketUnit: "baseCoin",
  };
  assert.deepEqual(JSON.parse(spot[0]!.body), { ...always, side: "Buy" });
  assert.deepEqual(JSON.parse(spot[1]!.body), {
    ...always,
    side: "Sell",
    orderFilter: "StopOrder",
    triggerPrice: "24000",
  });
  const swap = await requestsOf(
    { exchange: "bybit", market: "swap" },
    BYBIT_ANSWERS,
    [
      { ...LIMIT, postOnly: true },
      { ...STOP, reduceOnly: true },
      { ...STOP, side: "buy", reduceOnly: true },
    ],
  );
  assert.deepEqual(JSON.parse(swap[0]!.body), {
    category: "linear",
    symbol: "BTCUSDT",
    side: "Buy",
    orderType: "Limit",
    orderLinkId: "sf0000001",
    price: "25000",
    qty: "0.01",
    timeInForce: "PostOnly",
  });
  const stop = {
    category: "linear",
    symbol: "BTCUSDT",
    orderType: "Market",
    orderLinkId: "sf0000001",
    qty: "0.01",
    triggerPrice: "24000",
    reduceOnly: true,
  };
  assert.deepEqual(JSON.parse(swap[1]!.body), {
    ...stop,
    side: "Sell",
    triggerDirection: 2,
  });
  assert.deepEqual(JSON.parse(swap[2]!.body), {
    ...stop,
    side: "Buy",
    triggerDirection: 1,
  });
  const { body, headers, path } = swap[0]!;
  assert.equal(path, "/v5/order/create");
  const window = headers.get("x-bapi-recv-window")!;
  const at = headers.get("x-bapi-timestamp")!;
  const digest = await hmac(
    "SHA-256",
    bytesOf(CREDENTIALS.secret),
    bytesOf(at + CREDENTIALS.apiKey + window + body),
  );
  assert.equal(headers.get("x-bapi-sign"), digest.toHex());
  assert.equal(window, "5000");
});

Deno.test("CcxtGateway sends orders to OKX in contracts, stops to their own book", async () => {
  const [spot] = await requestsOf(
    { exchange: "okx", market: "spot" },
    OKX_ANSWERS,
    [limitOrder({ type: "market", price: null })],
  );
  assert.deepEqual(JSON.parse(spot!.body), {
    instId: "BTC-USDT",
    tdMode: "cash",
    side: "buy",
    ordType: "market",
    sz: "0.01",
    tgtCcy: "base_ccy",
    clOrdId: "sf0000001",
  });
  const [limit, stop] = await requestsOf(
    { exchange: "okx", market: "swap" },
    OKX_ANSWERS,
    [{ ...LIMIT, quantity: "0.023", timeInForce: "IOC" }, {
      ...STOP,
      reduceOnly: true,
    }],
  );
  // A contract is a hundredth of a coin.
  assert.deepEqual(JSON.parse(limit!.body), {
    instId: "BTC-USDT-SWAP",
    tdMode: "isolated",
    side: "buy",
    ordType: "ioc",
    px: "25000",
    sz: "2.3",
    clOrdId: "sf0000001",
  });
  assert.equal(stop!.path, "/api/v5/trade/order-algo");
  const { clOrdId: _, ...algo } = JSON.parse(stop!.body);
  assert.deepEqual(algo, {
    instId: "BTC-USDT-SWAP",
    tdMode: "isolated",
    side: "sell",
    // Of the two kinds of stops this is the one that is documented to reduce.
    ordType: "conditional",
    sz: "1",
    slTriggerPx: "24000",
    slTriggerPxType: "last",
    slOrdPx: "-1",
    reduceOnly: true,
    algoClOrdId: "sf0000001",
  });
  const { body, headers, method, path } = limit!;
  const at = headers.get("ok-access-timestamp")!;
  const digest = await hmac(
    "SHA-256",
    bytesOf(CREDENTIALS.secret),
    bytesOf(at + method + path + body),
  );
  assert.equal(headers.get("ok-access-sign"), digest.toBase64());
  assert.equal(headers.get("ok-access-passphrase"), CREDENTIALS.passphrase);
});

Deno.test("CcxtGateway sends orders to Kraken with a deadline for its engine", async () => {
  const [limit, stop] = await requestsOf(
    { exchange: "kraken", market: "spot" },
    KRAKEN_ANSWERS,
    [{ ...LIMIT, postOnly: true }, STOP],
  );
  const { deadline, nonce, ...fields } = paramsOf(limit!.body);
  assert.deepEqual(fields, {
    pair: "XBTUSDT",
    type: "buy",
    ordertype: "limit",
    volume: "0.01",
    price: "25000",
    oflags: "post",
    cl_ord_id: "sf0000001",
  });
  const leftMs = Date.parse(deadline!) - Date.now();
  assert.ok(leftMs > -60_000 && leftMs < 60_000);
  const second = paramsOf(stop!.body);
  assert.equal(second.ordertype, "stop-loss");
  assert.equal(second.price, "24000");
  assert.ok(Number(second.nonce) > Number(nonce), "nonces rise");
  // Kraken signs the path and a hash of the nonce and the form.
  const hash = new Uint8Array(
    await crypto.subtle.digest("SHA-256", bytesOf(nonce! + limit!.body)),
  );
  const message = new Uint8Array([...bytesOf(limit!.path), ...hash]);
  const digest = await hmac(
    "SHA-512",
    Uint8Array.fromBase64(CREDENTIALS.secret),
    message,
  );
  assert.equal(limit!.headers.get("api-sign"), digest.toBase64());
});

Deno.test("CcxtGateway sends perpetual orders to Kraken's futures with a deadline", async () => {
  const usd = { symbol: "BTC/USD" };
  const [limit, fok, stop] = await requestsOf(
    { exchange: "kraken", market: "swap" },
    KRAKEN_FUTURES_ANSWERS,
    [
      { ...LIMIT, ...usd },
      { ...LIMIT, ...usd, timeInForce: "FOK" },
      { ...STOP, ...usd, reduceOnly: true },
    ],
  );
  const { processBefore, ...fields } = paramsOf(limit!.query);
  assert.deepEqual(fields, {
    symbol: "PF_XBTUSD",
    side: "buy",
    size: "0.01",
    orderType: "lmt",
    limitPrice: "25000",
    cliOrdId: "sf0000001",
  });
  assert.ok(!Number.isNaN(Date.parse(processBefore!)));
  assert.equal(paramsOf(fok!.query).orderType, "fok");
  const third = paramsOf(stop!.query);
  assert.equal(third.orderType, "stp");
  assert.equal(third.stopPrice, "24000");
  assert.equal(third.reduceOnly, "true");
});

Deno.test("CcxtGateway tells rules of perpetuals in base currency", async () => {
  await using server = startVenueServer(OKX_ANSWERS);
  const gateway = await openGateway(server.url, {
    exchange: "okx",
    market: "swap",
  });
  const rules = gateway.rules("BTC/USDT");
  assert.equal(rules.quantityStep, "0.001");
  assert.equal(rules.minQuantity, "0.001");
  assert.equal(rules.priceStep, "0.1");
  assert.deepEqual(await gateway.keyRights(), {
    canRead: true,
    canTrade: true,
    canWithdraw: false,
    canTransfer: false,
    isAddressBound: true,
  });
  assert.equal(await gateway.accountId(), "44705892343619584");
  await gateway.close();
});

Deno.test("CcxtGateway reads Bybit's rights of a key", async () => {
  await using server = startVenueServer(BYBIT_ANSWERS);
  const gateway = await openGateway(server.url, {
    exchange: "bybit",
    market: "swap",
  });
  assert.deepEqual(await gateway.keyRights(), {
    canRead: true,
    canTrade: true,
    canWithdraw: false,
    canTransfer: true,
    isAddressBound: false,
  });
  assert.equal(await gateway.accountId(), "24617703");
  await gateway.close();
});
