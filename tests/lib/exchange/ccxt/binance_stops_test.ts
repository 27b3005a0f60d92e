/** Stops of Binance's futures, which have a book of their own. Names and values follow its documentation. */
import assert from "node:assert/strict";
import { SPOT_ANSWERS, SWAP_ANSWERS } from "./binance_answers.ts";
import { byText, openWire, OWN_REF } from "./wire.ts";

const SWAP = { exchange: "binance", market: "swap" } as const;
const SPOT = { exchange: "binance", market: "spot" } as const;
const STOP_REF = { ...OWN_REF, isStop: true };
const FIELDS = { symbol: "BTCUSDT", recvWindow: "3000" };

function algo(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    algoId: 77,
    clientAlgoId: "sf0000001",
    algoType: "CONDITIONAL",
    orderType: "STOP_MARKET",
    symbol: "BTCUSDT",
    side: "SELL",
    positionSide: "BOTH",
    timeInForce: "GTC",
    quantity: "0.010",
    algoStatus: "NEW",
    actualOrderId: "",
    triggerPrice: "24000.0",
    price: "0.0",
    reduceOnly: true,
    closePosition: false,
    createTime: 1_700_000_000_000,
    updateTime: 1_700_000_001_000,
    ...more,
  };
}

Deno.test("CcxtGateway asks both books of Binance's futures, and names stops by our id", async () => {
  await using wire = await openWire(SWAP, {
    ...SWAP_ANSWERS,
    "GET /fapi/v1/openOrders": () => [],
    "GET /fapi/v1/openAlgoOrders": () => [algo()],
    "DELETE /fapi/v1/algoOrder": () => ({ algoId: 77, code: "200" }),
  });
  const { gateway } = wire;
  assert.deepEqual(
    byText(await wire.said(() => gateway.openOrders("BTC/USDT"))),
    [
      ["GET /fapi/v1/openAlgoOrders", FIELDS],
      ["GET /fapi/v1/openOrders", FIELDS],
    ],
  );
  const [stop] = await gateway.openOrders(null);
  assert.deepEqual(
    [stop!.clientOrderId, stop!.venueOrderId, stop!.type, stop!.triggerPrice],
    ["sf0000001", "77", "stop", "24000"],
  );
  assert.deepEqual(
    await wire.said(() => gateway.cancel({ ...STOP_REF, venueOrderId: "77" })),
    [["DELETE /fapi/v1/algoOrder", { ...FIELDS, clientAlgoId: "sf0000001" }]],
  );
});

Deno.test("order() of a stop at Binance tells no end before its order does", async () => {
  await using wire = await openWire(SWAP, SWAP_ANSWERS);
  const { answers } = wire.server;
  const readStop = (more: Record<string, unknown>) => {
    answers["GET /fapi/v1/algoOrder"] = () => algo(more);
    return wire.gateway.order(STOP_REF);
  };
  const canceled = await readStop({ algoStatus: "CANCELED" });
  assert.deepEqual([canceled.status, canceled.filled], ["canceled", "0"]);
  await assert.rejects(readStop({ algoStatus: "TRIGGERED" }), {
    kind: "unknown",
  });
  answers["GET /fapi/v1/order"] = ({ query }) => {
    assert.match(query, /orderId=501/);
    return {
      symbol: "BTCUSDT",
      orderId: 501,
      clientOrderId: "of its own",
      status: "PARTIALLY_FILLED",
      type: "MARKET",
      side: "SELL",
      price: "0",
      origQty: "0.010",
      executedQty: "0.004",
      cumQuote: "96",
      reduceOnly: true,
      time: 1_700_000_002_000,
      updateTime: 1_700_000_002_000,
    };
  };
  for (const algoStatus of ["TRIGGERED", "FINISHED"]) {
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    const order = await readStop({ algoStatus, actualOrderId: "501" });
    assert.deepEqual(
      [order.clientOrderId, order.venueOrderId, order.type, order.filled],
      ["sf0000001", "501", "stop", "0.004"],
    );
    assert.equal(order.status, "open");
  }
});

Deno.test("openOrders() of Binance reads every order of a long list", async () => {
  await using wire = await openWire(SPOT, {
    ...SPOT_ANSWERS,
    "GET /api/v3/openOrders": () =>
      Array.from({ length: 120 }, (_, index) => ({
        symbol: "BTCUSDT",
        orderId: index,
        clientOrderId: `sf${index}`,
        status: "NEW",
        type: "LIMIT",
        side: "SELL",
        price: "26000.0",
        origQty: "0.01",
        executedQty: "0",
        time: 1_700_000_000_000 + index,
      })),
  });
  assert.equal((await wire.gateway.openOrders("BTC/USDT")).length, 120);
});
