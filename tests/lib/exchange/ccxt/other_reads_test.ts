/** Answers as the exchanges document them, read in our words. */
import assert from "node:assert/strict";
import {
  bybit,
  BYBIT_ANSWERS,
  KRAKEN_ANSWERS,
  KRAKEN_FUTURES_ANSWERS,
  OKX_ANSWERS,
} from "./other_answers.ts";
import { openGateway } from "./support.ts";
import { paramsOf, startVenueServer } from "./venue_server.ts";

const REF = {
  symbol: "BTC/USDT",
  clientOrderId: "sf0000001",
  venueOrderId: null,
  isStop: false,
};

Deno.test("order() at Kraken finds an ended order by our id among the closed ones", async () => {
  await using server = startVenueServer({
    ...KRAKEN_ANSWERS,
    "POST /0/private/OpenOrders": () => ({ error: [], result: { open: {} } }),
    "POST /0/private/ClosedOrders": ({ body }) => ({
      error: [],
      result: {
        count: 1,
        closed: paramsOf(body).cl_ord_id === "sf0000001"
          ? {
            "OU22CG-KLAF2-FWUDD7": {
              userref: 0,
              cl_ord_id: "sf0000001",
              status: "canceled",
              opentm: 1_700_000_000.5,
              closetm: 1_700_000_100.5,
              vol: "0.01000000",
              vol_exec: "0.00400000",
              cost: "100",
              fee: "0.2",
              price: "25000.0",
              descr: {
                pair: "XBTUSDT",
                type: "buy",
                ordertype: "limit",
                price: "25000.0",
                price2: "0",
              },
            },
          }
          : {},
      },
    }),
  });
  const gateway = await openGateway(server.url, {
    exchange: "kraken",
    market: "spot",
  });
  const order = await gateway.order(REF);
  assert.deepEqual(
    [order.clientOrderId, order.venueOrderId, order.status, order.filled],
    ["sf0000001", "OU22CG-KLAF2-FWUDD7", "canceled", "0.004"],
  );
  await assert.rejects(gateway.order({ ...REF, clientOrderId: "sfOther" }), {
    kind: "not_found",
  });
  await gateway.close();
});

Deno.test("order() at OKX tells quantities in base currency, and follows a triggered stop", async () => {
  const order = {
    instType: "SWAP",
    instId: "BTC-USDT-SWAP",
    ordId: "312",
    clOrdId: "sf0000001",
    side: "sell",
    ordType: "limit",
    state: "partially_filled",
    px: "26000",
    sz: "4",
    accFillSz: "1.5",
    avgPx: "26000",
    fee: "-0.1",
    feeCcy: "USDT",
    reduceOnly: "true",
    cTime: "1700000000000",
    uTime: "1700000001000",
  };
  await using server = startVenueServer({
    ...OKX_ANSWERS,
    "GET /api/v5/trade/order": ({ query }) => ({
      code: "0",
      msg: "",
      data: [
        paramsOf(query).ordId === "777"
          ? {
            ...order,
            ordId: "777",
            clOrdId: "",
            state: "filled",
            sz: "1",
            accFillSz: "1",
            ordType: "market",
            px: "",
          }
          : order,
      ],
    }),
    "GET /api/v5/trade/order-algo": () => ({
      code: "0",
      msg: "",
      data: [{
        instType: "SWAP",
        instId: "BTC-USDT-SWAP",
        algoId: "900",
        algoClOrdId: "sf0000002",
        clOrdId: "",
        ordId: "777",
        side: "sell",
        ordType: "trigger",
        state: "effective",
        sz: "1",
        triggerPx: "24000",
        ordPx: "-1",
        cTime: "1700000000000",
      }],
    }),
  });
  const gateway = await openGateway(server.url, {
    exchange: "okx",
    market: "swap",
  });
  const { at, ...limit } = await gateway.order(REF);
  assert.deepEqual(limit, {
    clientOrderId: "sf0000001",
    venueOrderId: "312",
    symbol: "BTC/USDT",
    side: "sell",
    type: "limit",
    price: "26000",
    triggerPrice: null,
    quantity: "0.04",
    filled: "0.015",
    status: "open",
    reduceOnly: true,
    placedAt: 1_700_000_000_000,
  });
  assert.equal(at, 1_700_000_001_000);
  const stop = await gateway.order({
    ...REF,
    clientOrderId: "sf0000002",
    isStop: true,
  });
  assert.deepEqual(
    [stop.clientOrderId, stop.venueOrderId, stop.status, stop.filled],
    ["sf0000002", "777", "filled", "0.01"],
  );
  assert.equal(stop.type, "stop");
  await gateway.close();
});

Deno.test("keyRights() at Kraken's futures tries what has no effect", async () => {
  let canCancel = true;
  await using server = startVenueServer({
    ...KRAKEN_FUTURES_ANSWERS,
    "GET /derivatives/api/v3/accounts": () => ({
      result: "success",
      accounts: {
        flex: { type: "multiCollateralMarginAccount", currencies: {} },
      },
    }),
    "POST /derivatives/api/v3/cancelorder": () =>
      canCancel
        ? { result: "success", cancelStatus: { status: "notFound" } }
        : { result: "error", error: "authenticationError" },
  });
  const gateway = await openGateway(server.url, {
    exchange: "kraken",
    market: "swap",
  });
  const rights = await gateway.keyRights();
  assert.deepEqual([rights.canRead, rights.canTrade], [true, true]);
  assert.equal(rights.canWithdraw, null);
  assert.equal(await gateway.accountId(), null);
  canCancel = false;
  assert.equal((await gateway.keyRights()).canTrade, false);
  await gateway.close();
});

Deno.test("position() and funding() are signed by us: short is negative, paid is positive", async () => {
  const at = Date.now() - 3_600_000;
  await using server = startVenueServer({
    ...BYBIT_ANSWERS,
    ...OKX_ANSWERS,
    "GET /v5/position/list": () =>
      bybit({
        category: "linear",
        list: [{
          positionIdx: 0,
          symbol: "BTCUSDT",
          side: "Sell",
          size: "0.03",
          avgPrice: "25000.5",
          positionValue: "750",
          leverage: "3",
          markPrice: "25010",
          liqPrice: "33000",
          unrealisedPnl: "-0.2",
        }],
      }),
    // A fee: positive is paid.
    "GET /v5/execution/list": () =>
      bybit({
        nextPageCursor: "",
        list: [{
          symbol: "BTCUSDT",
          execId: "f1",
          execFee: "0.12",
          execType: "Funding",
          execTime: String(at),
          feeRate: "0.0001",
        }],
      }),
    "GET /api/v5/account/positions": () => ({
      code: "0",
      msg: "",
      data: [{
        instType: "SWAP",
        instId: "BTC-USDT-SWAP",
        mgnMode: "isolated",
        posSide: "net",
        pos: "-3",
        avgPx: "25000.5",
        liqPx: "33000",
        lever: "3",
        markPx: "25010",
      }],
    }),
    // A change of the balance: negative is paid.
    "GET /api/v5/account/bills-archive": () => ({
      code: "0",
      msg: "",
      data: [{
        balChg: "-0.12",
        billId: "f1",
        ccy: "USDT",
        instId: "BTC-USDT-SWAP",
        instType: "SWAP",
        subType: "173",
        type: "8",
        ts: String(at),
      }],
    }),
  });
  for (const exchange of ["bybit", "okx"]) {
    const venue = { exchange, market: "swap" } as const;
    // deno-lint-ignore no-await-in-loop -- one after the other
    const gateway = await openGateway(server.url, venue);
    const symbol = "BTC/USDT";
    // deno-lint-ignore no-await-in-loop -- one after the other
    assert.deepEqual(await gateway.position(symbol), {
      symbol,
      quantity: "-0.03",
      entryPrice: "25000.5",
      liquidationPrice: "33000",
      leverage: 3,
    });
    // deno-lint-ignore no-await-in-loop -- one after the other
    assert.deepEqual(await gateway.funding({ symbol, sinceAt: at - 1 }), [
      { fundingId: "f1", symbol, amount: "0.12", at },
    ]);
    // deno-lint-ignore no-await-in-loop -- one after the other
    await gateway.close();
  }
});
