/** OKX's requests and answers. Names and values follow its documentation of V5. */
import assert from "node:assert/strict";
import type { VenueOrder } from "../../../../lib/contracts/venue.ts";
import { OKX_ANSWERS } from "./other_answers.ts";
import { stopOrder } from "./support.ts";
import { byText, openWire, OWN_REF, type Wire } from "./wire.ts";

const SPOT = { exchange: "okx", market: "spot" } as const;
const SWAP = { exchange: "okx", market: "swap" } as const;

const STOP_REF = { ...OWN_REF, isStop: true };
const INST = "BTC-USDT-SWAP";

function okx(...data: unknown[]): unknown {
  return { code: "0", msg: "", data };
}

const ANSWERS = {
  ...OKX_ANSWERS,
  "POST /api/v5/trade/cancel-order": () => okx({ sCode: "0", sMsg: "" }),
  "POST /api/v5/trade/cancel-algos": () => okx({ sCode: "0", sMsg: "" }),
  "GET /api/v5/trade/orders-pending": () => okx(),
  "GET /api/v5/trade/orders-algo-pending": () => okx(),
  "GET /api/v5/trade/fills-history": () => okx(),
  "POST /api/v5/account/set-leverage": () => okx({}),
  "POST /api/v5/trade/cancel-all-after": () => okx({}),
};

/** An order of the book. */
function order(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    instType: "SWAP",
    instId: INST,
    ordId: "312",
    clOrdId: "sf0000001",
    algoClOrdId: "",
    side: "sell",
    ordType: "limit",
    state: "live",
    px: "26000",
    sz: "4",
    accFillSz: "0",
    avgPx: "",
    slTriggerPx: "",
    tpTriggerPx: "",
    fee: "0",
    feeCcy: "USDT",
    reduceOnly: "false",
    cTime: "1700000000000",
    uTime: "1700000001000",
    ...more,
  };
}

/** A stop. */
function algo(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    instType: "SWAP",
    instId: INST,
    algoId: "900",
    algoClOrdId: "sf0000001",
    clOrdId: "",
    ordId: "",
    ordIdList: [],
    side: "sell",
    ordType: "conditional",
    state: "live",
    sz: "1",
    ordPx: "",
    triggerPx: "",
    slTriggerPx: "24000",
    slOrdPx: "-1",
    tpTriggerPx: "",
    tpOrdPx: "",
    reduceOnly: "true",
    cTime: "1700000000000",
    uTime: "1700000001000",
    ...more,
  };
}

async function readAs(
  wire: Wire,
  more: Record<string, unknown>,
): Promise<VenueOrder> {
  wire.server.answers["GET /api/v5/trade/order"] = () => okx(order(more));
  return await wire.gateway.order(OWN_REF);
}

Deno.test("CcxtGateway keeps stops of OKX's perpetuals in the book that reduces, of spot in the other", async () => {
  await using spot = await openWire(SPOT, ANSWERS);
  const stop = stopOrder({ triggerPrice: "24000" });
  assert.deepEqual(await spot.said(() => spot.gateway.create(stop)), [
    ["POST /api/v5/trade/order-algo", {
      instId: "BTC-USDT",
      tdMode: "cash",
      side: "sell",
      ordType: "trigger",
      sz: "0.01",
      tgtCcy: "base_ccy",
      triggerPx: "24000",
      orderPx: "-1",
      clOrdId: "sf0000001",
      algoClOrdId: "sf0000001",
    }],
  ]);
  await using swap = await openWire(SWAP, ANSWERS);
  const buy = { ...stop, side: "buy", reduceOnly: true } as const;
  const [said] = await swap.said(() => swap.gateway.create(buy));
  const fields = said![1] as Record<string, unknown>;
  assert.deepEqual(
    [fields.ordType, fields.side, fields.slTriggerPx, fields.reduceOnly],
    ["conditional", "buy", "24000", true],
  );
});

Deno.test("CcxtGateway names orders at OKX by either id, stops by ours in their own book", async () => {
  await using wire = await openWire(SWAP, {
    ...ANSWERS,
    "GET /api/v5/trade/order": () => okx(order()),
    "GET /api/v5/trade/order-algo": () => okx(algo()),
  });
  const { gateway } = wire;
  const byId = { ...OWN_REF, venueOrderId: "312" };
  const own = { instId: INST, clOrdId: "sf0000001" };
  const ownStop = { instId: INST, algoClOrdId: "sf0000001" };
  assert.deepEqual(await wire.said(() => gateway.cancel(OWN_REF)), [
    ["POST /api/v5/trade/cancel-order", own],
  ]);
  assert.deepEqual(await wire.said(() => gateway.cancel(byId)), [
    ["POST /api/v5/trade/cancel-order", { instId: INST, ordId: "312" }],
  ]);
  assert.deepEqual(await wire.said(() => gateway.cancel(STOP_REF)), [
    ["POST /api/v5/trade/cancel-algos", [ownStop]],
  ]);
  assert.deepEqual(await wire.said(() => gateway.order(OWN_REF)), [
    ["GET /api/v5/trade/order", own],
  ]);
  assert.deepEqual(await wire.said(() => gateway.order(STOP_REF)), [
    ["GET /api/v5/trade/order-algo", ownStop],
  ]);
});

Deno.test("CcxtGateway asks OKX for both kinds of stops of perpetuals", async () => {
  await using spot = await openWire(SPOT, ANSWERS);
  await using swap = await openWire(SWAP, ANSWERS);
  const pending = "GET /api/v5/trade/orders-pending";
  const algos = "GET /api/v5/trade/orders-algo-pending";
  const of = (instType: string) => ({ instType, limit: "50" });
  assert.deepEqual(
    byText(await spot.said(() => spot.gateway.openOrders(null))),
    byText([
      [pending, of("SPOT")],
      [algos, { ...of("SPOT"), ordType: "trigger" }],
    ]),
  );
  assert.deepEqual(
    byText(await swap.said(() => swap.gateway.openOrders(null))),
    byText([
      [pending, of("SWAP")],
      [algos, { ...of("SWAP"), ordType: "conditional" }],
      [algos, { ...of("SWAP"), ordType: "trigger" }],
    ]),
  );
  swap.server.answers[algos] = ({ query }) =>
    query.includes("conditional") ? okx(algo()) : okx(algo({
      algoId: "901",
      algoClOrdId: "sf0000002",
      ordType: "trigger",
      slTriggerPx: "",
      slOrdPx: "",
      triggerPx: "23000",
    }));
  const stops = await swap.gateway.openOrders("BTC/USDT");
  assert.deepEqual(
    stops.map((stop) => [
      stop.clientOrderId,
      stop.venueOrderId,
      stop.type,
      stop.triggerPrice,
      stop.quantity,
      stop.filled,
      stop.reduceOnly,
    ]),
    [
      ["sf0000001", "900", "stop", "24000", "0.01", "0", true],
      ["sf0000002", "901", "stop", "23000", "0.01", "0", true],
    ],
  );
  const said = await swap.said(() => swap.gateway.cancelAll("BTC/USDT"));
  const cancel = "POST /api/v5/trade/cancel-algos";
  assert.deepEqual(
    byText(said.filter(([route]) => route === cancel)),
    byText(["sf0000001", "sf0000002"].map((algoClOrdId) => [
      cancel,
      [{ instId: INST, algoClOrdId }],
    ])),
  );
});

Deno.test("order() reads every status of OKX's, in base currency", async () => {
  await using wire = await openWire(SWAP, ANSWERS);
  const table = [
    ["live", "0", "open", "0"],
    ["partially_filled", "1.5", "open", "0.015"],
    ["filled", "4", "filled", "0.04"],
    ["canceled", "0", "canceled", "0"],
    ["canceled", "1.5", "canceled", "0.015"],
    ["mmp_canceled", "0", "canceled", "0"],
  ] as const;
  for (const [state, accFillSz, status, filled] of table) {
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    const read = await readAs(wire, { state, accFillSz });
    assert.deepEqual([read.status, read.filled], [status, filled], state);
    assert.equal(read.quantity, "0.04");
  }
  // Exits that hang on an order do not make it a stop.
  const limit = await readAs(wire, { slTriggerPx: "24000", slOrdPx: "-1" });
  assert.deepEqual([limit.type, limit.triggerPrice], ["limit", null]);
});

Deno.test("order() of a stop at OKX tells no end before its order does", async () => {
  await using wire = await openWire(SWAP, ANSWERS);
  const { answers } = wire.server;
  const readStop = (more: Record<string, unknown>) => {
    answers["GET /api/v5/trade/order-algo"] = () => okx(algo(more));
    return wire.gateway.order(STOP_REF);
  };
  const waiting = await readStop({});
  assert.deepEqual(
    [waiting.status, waiting.type, waiting.triggerPrice],
    ["open", "stop", "24000"],
  );
  for (const state of ["canceled", "order_failed"]) {
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    const ended = await readStop({ state });
    assert.deepEqual([ended.status, ended.filled], ["canceled", "0"]);
  }
  await assert.rejects(readStop({ state: "effective" }), { kind: "unknown" });
  answers["GET /api/v5/trade/order"] = ({ query }) => {
    assert.match(query, /ordId=777/);
    return okx(order({
      ordId: "777",
      clOrdId: "",
      algoClOrdId: "sf0000001",
      ordType: "market",
      state: "partially_filled",
      px: "",
      sz: "1",
      accFillSz: "0.4",
    }));
  };
  const triggered = await readStop({ state: "effective", ordIdList: ["777"] });
  assert.deepEqual(
    [triggered.clientOrderId, triggered.venueOrderId, triggered.status],
    ["sf0000001", "777", "open"],
  );
  assert.deepEqual(
    [triggered.type, triggered.triggerPrice, triggered.filled],
    ["stop", "24000", "0.004"],
  );
});

Deno.test("order() at OKX is not found by its code alone, and nothing is no order", async () => {
  await using wire = await openWire(SWAP, ANSWERS);
  const { answers } = wire.server;
  answers["GET /api/v5/trade/order"] = () => ({
    code: "51603",
    msg: "Order does not exist",
    data: [],
  });
  await assert.rejects(wire.gateway.order(OWN_REF), { kind: "not_found" });
  answers["GET /api/v5/trade/order"] = () => okx();
  await assert.rejects(wire.gateway.order(OWN_REF), { kind: "unknown" });
});
