import assert from "node:assert/strict";
import { setUp, SYMBOL } from "./support.ts";

const SPOT = { market: "spot", balance: "1000" } as const;

Deno.test("PaperVenue sells nothing on spot that is not held", async () => {
  const { quote, place, rejected, venue } = await setUp(SPOT);
  await quote(100, 101);
  assert.equal(await rejected({ type: "market", side: "sell" }), "BALANCE");
  await place({ type: "market", quantity: "2" });
  assert.equal(
    await rejected({ side: "sell", price: "110", quantity: "2.001" }),
    "BALANCE",
  );
  const { quantity, entryPrice, leverage, liquidationPrice } = await venue
    .position(SYMBOL);
  assert.deepEqual({ quantity, entryPrice, leverage, liquidationPrice }, {
    quantity: "2",
    entryPrice: "101",
    leverage: null,
    liquidationPrice: null,
  });
});

Deno.test("PaperVenue locks base currency by resting sells and frees it when they are over", async () => {
  const { quote, place, rejected, venue } = await setUp(SPOT);
  await quote(100, 101);
  await place({ type: "market", quantity: "2" });
  const resting = await place({
    clientOrderId: "offer",
    side: "sell",
    price: "110",
    quantity: "1.5",
  });
  assert.equal(await rejected({ type: "market", side: "sell" }), "BALANCE");
  assert.deepEqual((await venue.balances())[0], {
    currency: "BTC",
    free: "0.5",
    total: "2",
  });
  await venue.cancel({ ...resting, clientOrderId: "offer", isStop: false });
  await place({ type: "market", side: "sell", quantity: "2" });
  assert.deepEqual(await venue.balances(), [
    { currency: "BTC", free: "0", total: "0" },
    { currency: "USDT", free: "998", total: "998" },
  ]);
});

Deno.test("PaperVenue locks quote currency with the fee by resting buys", async () => {
  const { quote, place, rejected, venue } = await setUp({
    ...SPOT,
    costs: { takerFeeBp: 100 },
  });
  await quote(100, 101);
  assert.equal(await rejected({ price: "100", quantity: "10" }), "BALANCE");
  await place({ price: "50", quantity: "10" });
  const free = (await venue.balances())[1]!.free;
  assert.equal(free, "494.99999998");
  assert.equal(await rejected({ type: "market", quantity: "5" }), "BALANCE");
  assert.equal(
    (await place({ type: "market", quantity: "4" })).status,
    "filled",
  );
});

Deno.test("PaperVenue lets stop and target of a group lock the same base currency once", async () => {
  const { quote, place, order } = await setUp(SPOT);
  await quote(100, 101);
  await place({ type: "market", quantity: "2" });
  const exit = {
    side: "sell",
    quantity: "2",
    ocoGroup: "exits",
    reduceOnly: true,
  } as const;
  await place({ ...exit, clientOrderId: "target", price: "110" });
  await place({
    ...exit,
    clientOrderId: "stop",
    type: "stop",
    triggerPrice: "95",
  });
  await quote(94, 95);
  assert.equal((await order("stop")).status, "filled");
  assert.equal((await order("target")).status, "canceled");
});

Deno.test("PaperVenue rejects a reduce-only buy on spot and pays no funding there", async () => {
  const { clock, quote, place, rejected, venue } = await setUp({
    ...SPOT,
    costs: { fundingBpPer8h: 100 },
  });
  await quote(100, 101);
  await place({ type: "market" });
  assert.equal(
    await rejected({ reduceOnly: true, price: "90" }),
    "REDUCE_ONLY",
  );
  await clock.advance(8 * 3_600_000);
  await quote(100, 101);
  assert.deepEqual(await venue.funding({ symbol: SYMBOL, sinceAt: 0 }), []);
  await venue.prepare(SYMBOL, { leverage: 5 });
});

Deno.test("PaperVenue cancels a triggered buy stop that the balance cannot pay any more", async () => {
  const { quote, place, order } = await setUp(SPOT);
  await quote(100, 101);
  await place({
    clientOrderId: "breakout",
    type: "stop",
    triggerPrice: "110",
    quantity: "9",
  });
  await quote(119, 120);
  assert.deepEqual([
    (await order("breakout")).status,
    (await order("breakout")).filled,
  ], ["canceled", "0"]);
});
