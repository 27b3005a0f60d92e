/** Requests and answers of Kraken's spot exchange. Names and values follow its documentation. */
import assert from "node:assert/strict";
import type { VenueOrder } from "../../../../lib/contracts/venue.ts";
import { KRAKEN_ANSWERS } from "./other_answers.ts";
import { limitOrder, stopOrder } from "./support.ts";
import {
  openWire,
  OWN_REF,
  RESTING_STOP,
  type Said,
  type Wire,
} from "./wire.ts";

const SPOT = { exchange: "kraken", market: "spot" } as const;
const TXID = "OABCDE-FGHIJ-KLMNOP";

function kraken(result: unknown): unknown {
  return { error: [], result };
}

const ANSWERS = {
  ...KRAKEN_ANSWERS,
  "POST /0/private/CancelOrder": () => kraken({ count: 1 }),
  "POST /0/private/CancelAllOrdersAfter": () => kraken({}),
  "POST /0/private/OpenOrders": () => kraken({ open: {} }),
  "POST /0/private/ClosedOrders": () => kraken({ closed: {}, count: 0 }),
  "POST /0/private/TradesHistory": () => kraken({ trades: {}, count: 0 }),
};

/** An order as the lists hold it. */
function row(more: Record<string, unknown> = {}): Record<string, unknown> {
  const { descr, ...rest } = more;
  return {
    refid: null,
    userref: 0,
    cl_ord_id: "sf0000001",
    status: "open",
    opentm: 1_700_000_000.5,
    starttm: 0,
    expiretm: 0,
    descr: {
      pair: "XBTUSDT",
      type: "sell",
      ordertype: "limit",
      price: "26000.5",
      price2: "0",
      leverage: "none",
      ...descr as object,
    },
    vol: "0.01000000",
    vol_exec: "0.00000000",
    cost: "0.00000",
    fee: "0.00000",
    price: "0.00000",
    stopprice: "0.00000",
    limitprice: "0.00000",
    misc: "",
    oflags: "fciq",
    ...rest,
  };
}

async function readAs(
  wire: Wire,
  more: Record<string, unknown>,
): Promise<VenueOrder> {
  wire.server.answers["POST /0/private/QueryOrders"] = () =>
    kraken({ [TXID]: row(more) });
  return await wire.gateway.order({ ...OWN_REF, venueOrderId: TXID });
}

Deno.test("CcxtGateway names orders at Kraken by either id", async () => {
  await using wire = await openWire(SPOT, ANSWERS);
  const { gateway } = wire;
  const own = { cl_ord_id: "sf0000001" };
  const byId = { ...OWN_REF, venueOrderId: TXID };
  assert.deepEqual(await wire.said(() => gateway.cancel(OWN_REF)), [
    ["POST /0/private/CancelOrder", own],
  ]);
  assert.deepEqual(await wire.said(() => gateway.cancel(byId)), [
    ["POST /0/private/CancelOrder", { txid: TXID }],
  ]);
  assert.deepEqual(
    await wire.said(() =>
      assert.rejects(gateway.order(OWN_REF), { kind: "not_found" })
    ),
    [
      ["POST /0/private/OpenOrders", own],
      ["POST /0/private/ClosedOrders", own],
    ],
  );
  assert.deepEqual(await wire.said(() => readAs(wire, {})), [
    ["POST /0/private/QueryOrders", { txid: TXID, trades: "true" }],
  ]);
  assert.deepEqual(await wire.said(() => gateway.cancelAfter(60_000)), [
    ["POST /0/private/CancelAllOrdersAfter", { timeout: "60" }],
  ]);
});

Deno.test("CcxtGateway sends every kind of order to Kraken by its own names", async () => {
  await using wire = await openWire(SPOT, ANSWERS);
  const sent = async (order: Parameters<typeof wire.gateway.create>[0]) =>
    await wire.said(() => wire.gateway.create(order));
  const as = (more: Record<string, string>): Said[] => [[
    "POST /0/private/AddOrder",
    {
      pair: "XBTUSDT",
      type: "buy",
      volume: "0.01",
      cl_ord_id: "sf0000001",
      ...more,
    },
  ]];
  const limit = limitOrder({ price: "25000" });
  const limited = { ordertype: "limit", price: "25000" };
  assert.deepEqual(await sent(limit), as(limited));
  assert.deepEqual(
    await sent({ ...limit, timeInForce: "IOC" }),
    as({ ...limited, timeinforce: "IOC" }),
  );
  assert.deepEqual(
    await sent({ ...limit, timeInForce: "FOK" }),
    as({ ...limited, timeinforce: "FOK" }),
  );
  assert.deepEqual(
    await sent({ ...limit, type: "market", price: null }),
    as({ ordertype: "market" }),
  );
  assert.deepEqual(
    await sent(stopOrder({ triggerPrice: "24000" })),
    as({ type: "sell", ordertype: "stop-loss", price: "24000" }),
  );
});

Deno.test("order() reads every status of Kraken's", async () => {
  await using wire = await openWire(SPOT, ANSWERS);
  const table = [
    ["pending", "0", "open", "0"],
    ["open", "0.00400000", "open", "0.004"],
    ["closed", "0.01000000", "filled", "0.01"],
    ["canceled", "0", "canceled", "0"],
    ["canceled", "0.00400000", "canceled", "0.004"],
    ["expired", "0", "canceled", "0"],
  ] as const;
  for (const [status, vol_exec, want, filled] of table) {
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    const order = await readAs(wire, { status, vol_exec });
    assert.deepEqual([order.status, order.filled], [want, filled], status);
    assert.deepEqual([order.quantity, order.price], ["0.01", "26000.5"]);
  }
});

Deno.test("openOrders() of Kraken tells a stop as one, ids of others as none, and every order", async () => {
  const others = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [
      `OX${index}`,
      row({ userref: 7, cl_ord_id: undefined }),
    ]),
  );
  const stop = row({
    descr: { ordertype: "stop-loss", price: "24000.0" },
    stopprice: "24000.00000",
  });
  await using wire = await openWire(SPOT, {
    ...ANSWERS,
    "POST /0/private/OpenOrders": () =>
      kraken({ open: { [TXID]: stop, ...others } }),
  });
  const orders = await wire.gateway.openOrders("BTC/USDT");
  assert.equal(orders.length, 61);
  const { at, ...own } = orders.find(({ clientOrderId }) =>
    clientOrderId !== null
  )!;
  assert.deepEqual(own, {
    ...RESTING_STOP,
    venueOrderId: TXID,
    reduceOnly: false,
    placedAt: 1_700_000_000_500,
  });
  assert.equal(at, 1_700_000_000_500);
});

Deno.test("trades() and balances() of Kraken's read what is told", async () => {
  const at = Math.floor(Date.now() / 1_000) - 60;
  await using wire = await openWire(SPOT, {
    ...ANSWERS,
    "POST /0/private/TradesHistory": ({ body }) =>
      kraken({
        count: 1,
        trades: new URLSearchParams(body).get("ofs") === "0"
          ? {
            "TABCDE-FGHIJ-KLMNOP": {
              ordertxid: TXID,
              pair: "XBTUSDT",
              time: at + 0.25,
              type: "buy",
              ordertype: "limit",
              price: "25000.50000",
              cost: "100.00200",
              fee: "0.16000",
              vol: "0.00400000",
              margin: "0.00000",
              maker: true,
              misc: "",
            },
          }
          : {},
      }),
    "POST /0/private/BalanceEx": () =>
      kraken({
        XXBT: { balance: "0.7500000000", hold_trade: "0.2500000000" },
        USDT: { balance: "100.00000000", hold_trade: "0.00000000" },
        ZEUR: { balance: "0.0000", hold_trade: "0.0000" },
      }),
  });
  assert.deepEqual(
    await wire.gateway.trades({ symbol: "BTC/USDT", sinceAt: at * 1_000 }),
    [{
      tradeId: "TABCDE-FGHIJ-KLMNOP",
      venueOrderId: TXID,
      clientOrderId: null,
      symbol: "BTC/USDT",
      side: "buy",
      price: "25000.5",
      quantity: "0.004",
      fee: "0.16",
      feeCurrency: "USDT",
      liquidity: "maker",
      at: at * 1_000 + 250,
    }],
  );
  assert.deepEqual(await wire.gateway.balances(), [
    { currency: "BTC", total: "0.75", free: "0.5" },
    { currency: "USDT", total: "100", free: "100" },
  ]);
  assert.equal((await wire.gateway.position("BTC/USDT")).quantity, "0.75");
});
