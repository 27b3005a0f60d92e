/** Requests and answers of Kraken's futures exchange. Names and values follow its documentation. */
import assert from "node:assert/strict";
import {
  API,
  kraken,
  ORDERS,
  QUIET_ANSWERS,
  REF,
  STOP_REF,
  SWAP,
  UID,
} from "./kraken_futures.ts";
import { stopOrder } from "./support.ts";
import { openWire, RESTING_STOP } from "./wire.ts";

const ANSWERS = {
  ...QUIET_ANSWERS,
  [`POST ${API}/cancelallorders`]: () => kraken({ cancelStatus: {} }),
  [`POST ${API}/cancelallordersafter`]: () => kraken({ status: {} }),
  [`PUT ${API}/leveragepreferences`]: () => kraken({}),
};

Deno.test("CcxtGateway rests a stop at Kraken's futures that reduces, and names orders by either id", async () => {
  await using wire = await openWire(SWAP, {
    ...ANSWERS,
    [`POST ${API}/cancelorder`]: () =>
      kraken({
        cancelStatus: {
          status: "cancelled",
          order_id: UID,
          receivedTime: "2023-11-14T22:13:20.000Z",
          orderEvents: [{
            type: "CANCEL",
            uid: UID,
            order: {
              orderId: UID,
              cliOrdId: "sf0000001",
              type: "lmt",
              symbol: "PF_XBTUSD",
              side: "sell",
              quantity: 0.01,
              filled: 0.004,
              limitPrice: 26_000,
              reduceOnly: true,
              timestamp: "2023-11-14T22:13:20.000Z",
              lastUpdateTimestamp: "2023-11-14T22:13:20.000Z",
            },
          }],
        },
      }),
  });
  const { gateway } = wire;
  const stop = stopOrder({
    symbol: "BTC/USD",
    triggerPrice: "24000",
    reduceOnly: true,
  });
  assert.deepEqual(await wire.said(() => gateway.create(stop)), [
    [`POST ${API}/sendorder`, {
      symbol: "PF_XBTUSD",
      side: "sell",
      size: "0.01",
      orderType: "stp",
      stopPrice: "24000",
      triggerSignal: "last",
      reduceOnly: "true",
      cliOrdId: "sf0000001",
    }],
  ]);
  assert.deepEqual(await wire.said(() => gateway.cancel(REF)), [
    [`POST ${API}/cancelorder`, { cliOrdId: "sf0000001" }],
  ]);
  const byId = { ...REF, venueOrderId: UID };
  assert.deepEqual(await wire.said(() => gateway.cancel(byId)), [
    [`POST ${API}/cancelorder`, { order_id: UID }],
  ]);
  const canceled = await gateway.cancel(REF);
  assert.deepEqual(
    [canceled!.status, canceled!.filled, canceled!.clientOrderId],
    ["canceled", "0.004", "sf0000001"],
  );
  assert.deepEqual(await wire.said(() => gateway.cancelAll("BTC/USD")), [
    [`POST ${API}/cancelallorders`, { symbol: "PF_XBTUSD" }],
  ]);
  assert.deepEqual(await wire.said(() => gateway.cancelAfter(60_000)), [
    [`POST ${API}/cancelallordersafter`, { timeout: "60" }],
  ]);
  assert.deepEqual(
    await wire.said(() => gateway.prepare("BTC/USD", { leverage: 3 })),
    [[`PUT ${API}/leveragepreferences`, {
      symbol: "PF_XBTUSD",
      maxLeverage: "3",
    }]],
  );
});

Deno.test("order() at Kraken's futures finds an open stop by our id", async () => {
  await using wire = await openWire(SWAP, {
    ...ANSWERS,
    [`GET ${API}/openorders`]: () =>
      kraken({
        openOrders: [{
          order_id: UID,
          cliOrdId: "sf0000001",
          symbol: "PF_XBTUSD",
          side: "sell",
          orderType: "stop",
          stopPrice: 24_000,
          triggerSignal: "last",
          unfilledSize: 0.01,
          filledSize: 0,
          receivedTime: "2023-11-14T22:13:20.000Z",
          lastUpdateTime: "2023-11-14T22:13:20.000Z",
          status: "untouched",
          reduceOnly: true,
        }],
      }),
  });
  const { at: _at, ...stop } = await wire.gateway.order(STOP_REF);
  assert.deepEqual(stop, {
    ...RESTING_STOP,
    venueOrderId: UID,
    symbol: "BTC/USD",
    placedAt: 1_700_000_000_000,
  });
  assert.equal(wire.server.at(ORDERS).length, 0);
});

Deno.test("trades() of Kraken's futures reads every page of all markets, and tells no fee", async () => {
  const firstAt = Date.now() - 3_600_000;
  const fills = Array.from({ length: 230 }, (_, index) => ({
    fill_id: `f${index}`,
    order_id: UID,
    cliOrdId: "sf0000001",
    symbol: index % 3 === 0 ? "PF_XBTUSD" : "PF_ETHUSD",
    side: "buy",
    size: 0.001,
    price: 25_000.5,
    // Several share a moment.
    fillTime: new Date(firstAt + Math.floor(index / 4) * 1_000).toISOString(),
    fillType: "taker",
  })).reverse();
  await using wire = await openWire(SWAP, {
    ...ANSWERS,
    [`GET ${API}/fills`]: ({ query }) => {
      const before = new URLSearchParams(query).get("lastFillTime");
      const page = fills.filter(({ fillTime }) =>
        before === null || fillTime < before
      );
      return kraken({ fills: page.slice(0, 100) });
    },
  });
  const trades = await wire.gateway.trades({
    symbol: "BTC/USD",
    sinceAt: firstAt,
  });
  assert.equal(trades.length, 77);
  assert.equal(wire.server.at(`GET ${API}/fills`).length, 3);
  assert.deepEqual(trades[0], {
    tradeId: "f0",
    venueOrderId: UID,
    clientOrderId: "sf0000001",
    symbol: "BTC/USD",
    side: "buy",
    price: "25000.5",
    quantity: "0.001",
    // The library would make one up from a rate.
    fee: null,
    feeCurrency: null,
    liquidity: "taker",
    at: firstAt,
  });
});
