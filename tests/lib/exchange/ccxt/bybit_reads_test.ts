/** Bybit's answers, in our words. Names and values follow its documentation of V5. */
import assert from "node:assert/strict";
import type { VenueOrder } from "../../../../lib/contracts/venue.ts";
import { bybit, BYBIT_ANSWERS } from "./other_answers.ts";
import { openWire, OWN_REF, RESTING_STOP, type Wire } from "./wire.ts";

const SWAP = { exchange: "bybit", market: "swap" } as const;

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

Deno.test("order() reads every status of Bybit's", async () => {
  await using wire = await openWire(SWAP, BYBIT_ANSWERS);
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
  await using wire = await openWire(SWAP, BYBIT_ANSWERS);
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
    ...RESTING_STOP,
    venueOrderId: "u-1",
    placedAt: 1_700_000_000_000,
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
    ...BYBIT_ANSWERS,
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
