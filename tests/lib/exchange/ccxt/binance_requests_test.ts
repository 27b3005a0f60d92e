/** Requests field by field. Names and values follow Binance's documentation of its interfaces. */
import assert from "node:assert/strict";
import type { VenueOrderRequest } from "../../../../lib/contracts/venue.ts";
import type { VenueGateway } from "../../../../lib/exchange/gateway/port.ts";
import { SPOT_ANSWERS, SWAP_ANSWERS } from "./binance_answers.ts";
import { CREDENTIALS, limitOrder, openGateway, stopOrder } from "./support.ts";
import {
  bytesOf,
  hmac,
  paramsOf,
  type SeenRequest,
  startVenueServer,
  type VenueServer,
} from "./venue_server.ts";

const SPOT = { exchange: "binance", market: "spot" } as const;
const SWAP = { exchange: "binance", market: "swap" } as const;

/** A request's fields without those of every signed one, after a look at these. */
async function fieldsOf(
  request: SeenRequest | undefined,
): Promise<Record<string, string>> {
  assert.ok(request !== undefined, "nothing was sent");
  const signed = request.method === "POST" || request.method === "PUT"
    ? request.body
    : request.query;
  const { recvWindow, signature, timestamp, ...fields } = paramsOf(signed);
  const [message] = signed.split("&signature=");
  const digest = await hmac(
    "SHA-256",
    bytesOf(CREDENTIALS.secret),
    bytesOf(message!),
  );
  assert.equal(signature, digest.toHex());
  assert.equal(recvWindow, "3000");
  assert.ok(Math.abs(Number(timestamp) - Date.now()) < 60_000);
  assert.equal(request.headers.get("x-mbx-apikey"), CREDENTIALS.apiKey);
  return fields;
}

async function sent(
  { gateway, server }: { gateway: VenueGateway; server: VenueServer },
  order: VenueOrderRequest,
): Promise<Record<string, string> & { path?: string }> {
  server.seen.length = 0;
  const outcome = await gateway.create(order);
  assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
  assert.equal(server.seen.length, 1, "one order is one request");
  const [request] = server.seen;
  return { path: request!.path, ...await fieldsOf(request) };
}

Deno.test("CcxtGateway sends spot orders to Binance as it documents them", async () => {
  await using server = startVenueServer(SPOT_ANSWERS);
  const gateway = await openGateway(server.url, SPOT);
  const send = (more: Partial<VenueOrderRequest>) =>
    sent({ gateway, server }, limitOrder(more));
  const always = {
    path: "/api/v3/order",
    symbol: "BTCUSDT",
    side: "BUY",
    newClientOrderId: "sf0000001",
    newOrderRespType: "FULL",
    quantity: "0.01",
  };
  const limit = { ...always, type: "LIMIT", price: "25000.1" };
  assert.deepEqual(await send({}), { ...limit, timeInForce: "GTC" });
  assert.deepEqual(await send({ timeInForce: "IOC" }), {
    ...limit,
    timeInForce: "IOC",
  });
  assert.deepEqual(await send({ timeInForce: "FOK" }), {
    ...limit,
    timeInForce: "FOK",
  });
  assert.deepEqual(await send({ postOnly: true }), {
    ...limit,
    type: "LIMIT_MAKER",
  });
  assert.deepEqual(await send({ type: "market", price: null, side: "sell" }), {
    ...always,
    side: "SELL",
    type: "MARKET",
  });
  assert.deepEqual(await sent({ gateway, server }, stopOrder()), {
    ...always,
    side: "SELL",
    type: "STOP_LOSS",
    stopPrice: "24000.5",
  });
  await gateway.close();
});

Deno.test("CcxtGateway sends orders to Binance's futures, stops to their own book", async () => {
  await using server = startVenueServer(SWAP_ANSWERS);
  const gateway = await openGateway(server.url, SWAP);
  const send = (order: VenueOrderRequest) => sent({ gateway, server }, order);
  const limit = {
    path: "/fapi/v1/order",
    symbol: "BTCUSDT",
    side: "BUY",
    newClientOrderId: "sf0000001",
    newOrderRespType: "RESULT",
    quantity: "0.01",
    type: "LIMIT",
    price: "25000.1",
  };
  assert.deepEqual(await send(limitOrder()), { ...limit, timeInForce: "GTC" });
  assert.deepEqual(await send(limitOrder({ postOnly: true })), {
    ...limit,
    timeInForce: "GTX",
  });
  assert.deepEqual(
    await send(limitOrder({ reduceOnly: true, side: "sell" })),
    { ...limit, side: "SELL", timeInForce: "GTC", reduceOnly: "true" },
  );
  assert.deepEqual(await send(stopOrder({ reduceOnly: true })), {
    path: "/fapi/v1/algoOrder",
    algoType: "CONDITIONAL",
    symbol: "BTCUSDT",
    side: "SELL",
    type: "STOP_MARKET",
    clientAlgoId: "sf0000001",
    quantity: "0.01",
    triggerPrice: "24000.5",
    newOrderRespType: "RESULT",
    reduceOnly: "true",
  });
  await gateway.close();
});

Deno.test("CcxtGateway finds and cancels orders by either id", async () => {
  await using server = startVenueServer(SPOT_ANSWERS);
  const gateway = await openGateway(server.url, SPOT);
  const ref = {
    symbol: "BTC/USDT",
    clientOrderId: "sf0000001",
    venueOrderId: null,
    isStop: false,
  };
  const order = await gateway.order(ref);
  assert.equal(order.clientOrderId, "sf0000001");
  assert.deepEqual(await fieldsOf(server.at("GET /api/v3/order")[0]), {
    symbol: "BTCUSDT",
    origClientOrderId: "sf0000001",
  });
  const ended = await gateway.cancel({ ...ref, venueOrderId: "28" });
  assert.equal(ended?.status, "canceled");
  assert.equal(ended?.filled, "0.004");
  assert.deepEqual(await fieldsOf(server.at("DELETE /api/v3/order")[0]), {
    symbol: "BTCUSDT",
    orderId: "28",
  });
  await gateway.close();
});

Deno.test("CcxtGateway tells the market's rules and what is held, as decimal text", async () => {
  await using server = startVenueServer(SPOT_ANSWERS);
  const gateway = await openGateway(server.url, SPOT);
  const { makerRate, takerRate, ...rules } = gateway.rules("BTC/USDT");
  assert.deepEqual(rules, {
    symbol: "BTC/USDT",
    quantityStep: "0.0001",
    priceStep: "0.1",
    minQuantity: "0.0001",
    maxQuantity: "1000",
    minNotional: "5",
    maxNotional: null,
  });
  assert.ok(makerRate !== null && takerRate !== null);
  assert.throws(() => gateway.rules("XYZ/USDT"), { code: "MARKET_UNKNOWN" });
  assert.equal((await gateway.position("BTC/USDT")).quantity, "0.75");
  assert.deepEqual(await gateway.balances(), [
    { currency: "BTC", total: "0.75", free: "0.5" },
    { currency: "USDT", total: "100", free: "100" },
  ]);
  assert.equal(gateway.profile.isSimulated, true);
  assert.ok(Math.abs(gateway.clockErrorMs()!) < 1_000);
  await gateway.close();
});

Deno.test("CcxtGateway sends nothing that the venue would have to round or refuse", async () => {
  await using server = startVenueServer(SPOT_ANSWERS);
  const gateway = await openGateway(server.url, SPOT);
  server.seen.length = 0;
  const orders: Partial<VenueOrderRequest>[] = [
    { quantity: "0.00015" },
    { quantity: "0" },
    { price: "25000.15" },
    { price: null },
    { triggerPrice: "24000" },
    { reduceOnly: true },
    { clientOrderId: "has a space" },
    { clientOrderId: "x".repeat(37) },
  ];
  for (const order of orders) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    const outcome = await gateway.create(limitOrder(order));
    assert.equal(outcome.kind, "rejected", JSON.stringify(order));
  }
  assert.equal(server.seen.length, 0);
  await gateway.close();
});

Deno.test("CcxtGateway reads Binance's rights of a key, and prepares one-way isolated futures", async () => {
  await using server = startVenueServer({
    ...SWAP_ANSWERS,
    "GET /sapi/v1/account/apiRestrictions": () => ({
      ipRestrict: true,
      enableReading: true,
      enableSpotAndMarginTrading: false,
      enableFutures: true,
      enableWithdrawals: false,
      enableInternalTransfer: false,
      permitsUniversalTransfer: true,
    }),
    "GET /api/v3/account": () => ({ uid: 354_937_868, balances: [] }),
    "GET /fapi/v1/positionSide/dual": () => ({ dualSidePosition: false }),
    "POST /fapi/v1/marginType": () =>
      Response.json(
        { code: -4046, msg: "No need to change margin type." },
        { status: 400 },
      ),
    "POST /fapi/v1/leverage": () => ({ leverage: 5, symbol: "BTCUSDT" }),
    "POST /fapi/v1/countdownCancelAll": () => ({ symbol: "BTCUSDT" }),
  });
  const gateway = await openGateway(server.url, SWAP);
  assert.deepEqual(await gateway.keyRights(), {
    canRead: true,
    canTrade: true,
    canWithdraw: false,
    canTransfer: true,
    isAddressBound: true,
  });
  assert.equal(await gateway.accountId(), "354937868");
  await gateway.prepare("BTC/USDT", { leverage: 5 });
  assert.deepEqual(await fieldsOf(server.at("POST /fapi/v1/marginType")[0]), {
    symbol: "BTCUSDT",
    marginType: "ISOLATED",
  });
  assert.deepEqual(await fieldsOf(server.at("POST /fapi/v1/leverage")[0]), {
    symbol: "BTCUSDT",
    leverage: "5",
  });
  await gateway.cancelAfter(60_000);
  assert.deepEqual(
    await fieldsOf(server.at("POST /fapi/v1/countdownCancelAll")[0]),
    { symbol: "BTCUSDT", countdownTime: "60000" },
  );
  server.answers["GET /fapi/v1/positionSide/dual"] = () => ({
    dualSidePosition: true,
  });
  await assert.rejects(gateway.prepare("BTC/USDT", { leverage: 5 }), {
    kind: "refused",
  });
  await gateway.close();
});
