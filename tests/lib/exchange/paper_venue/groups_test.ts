import assert from "node:assert/strict";
import type { VenueOrder } from "../../../../lib/contracts/venue.ts";
import { type Setup, setUp } from "./support.ts";

const EXIT = { reduceOnly: true, ocoGroup: "exits", quantity: "10" } as const;

/** Ten held, with a stop at 90 and a target at 110 in one group. */
async function bracket(side: "buy" | "sell" = "buy"): Promise<Setup> {
  const setup = await setUp();
  await setup.quote(100, 100);
  await setup.place({ type: "market", side, quantity: "10" });
  const isLong = side === "buy";
  const exit = { ...EXIT, side: isLong ? "sell" : "buy" } as const;
  await setup.place({
    ...exit,
    clientOrderId: "stop",
    type: "stop",
    triggerPrice: isLong ? "90" : "110",
  });
  await setup.place({
    ...exit,
    clientOrderId: "target",
    price: isLong ? "110" : "90",
  });
  return setup;
}

function standing({ status, filled }: VenueOrder) {
  return `${status} ${filled}`;
}

async function ends({ order }: Setup) {
  return [standing(await order("stop")), standing(await order("target"))];
}

for (const side of ["buy", "sell"] as const) {
  const isLong = side === "buy";

  Deno.test(`PaperVenue cancels the target when the stop of a ${side} is triggered`, async () => {
    const setup = await bracket(side);
    await setup.quote(isLong ? 89 : 110, isLong ? 90 : 111);
    assert.deepEqual(await ends(setup), ["filled 10", "canceled 0"]);
  });

  Deno.test(`PaperVenue cancels the stop when the target of a ${side} is filled`, async () => {
    const setup = await bracket(side);
    await setup.quote(isLong ? 111 : 88, isLong ? 112 : 89);
    assert.deepEqual(await ends(setup), ["canceled 0", "filled 10"]);
  });

  Deno.test(`PaperVenue lets the stop of a ${side} close what a part of the target left`, async () => {
    const setup = await bracket(side);
    const size = isLong ? { bidSize: 4 } : { askSize: 4 };
    await setup.quote(isLong ? 111 : 88, isLong ? 112 : 89, size);
    assert.deepEqual(await ends(setup), ["open 0", "open 4"]);
    await setup.quote(isLong ? 89 : 110, isLong ? 90 : 111);
    assert.deepEqual(await ends(setup), ["canceled 6", "canceled 4"]);
    assert.equal((await setup.venue.position("BTC/USDT")).quantity, "0");
  });
}

Deno.test("PaperVenue counts the stop where one quote reaches stop and target", async () => {
  const setup = await bracket();
  await setup.quote(111, 112, { mark: 90 });
  assert.deepEqual(await ends(setup), ["filled 10", "canceled 0"]);
  assert.equal(setup.tradeTexts().at(-1), "sell 10 @ 111");
});

Deno.test("PaperVenue leaves an order of a group alone when the other is canceled, also one that comes in its place", async () => {
  const setup = await bracket();
  const stop = await setup.order("stop");
  await setup.venue.cancel({ ...stop, clientOrderId: "stop", isStop: true });
  await setup.place({
    ...EXIT,
    clientOrderId: "moved",
    side: "sell",
    type: "stop",
    triggerPrice: "95",
  });
  await setup.quote(95, 96);
  assert.equal(standing(await setup.order("moved")), "filled 10");
  assert.deepEqual(await ends(setup), ["canceled 0", "canceled 0"]);
});

Deno.test("PaperVenue rejects a reduce-only order that would not reduce", async () => {
  const { quote, place, rejected } = await setUp();
  await quote(100, 101);
  assert.equal(await rejected({ reduceOnly: true }), "REDUCE_ONLY");
  await place({ type: "market" });
  assert.equal(await rejected({ reduceOnly: true }), "REDUCE_ONLY");
  await place({ type: "market", side: "sell", quantity: "2" });
  assert.equal(
    await rejected({ side: "sell", price: "110", reduceOnly: true }),
    "REDUCE_ONLY",
  );
});

Deno.test("PaperVenue cuts a reduce-only order to the position and cancels its rest", async () => {
  const { quote, place, venue } = await setUp();
  await quote(100, 101);
  await place({ type: "market", quantity: "2" });
  const closed = await place({
    type: "market",
    side: "sell",
    quantity: "5",
    reduceOnly: true,
  });
  assert.equal(standing(closed), "canceled 2");
  assert.equal((await venue.position("BTC/USDT")).quantity, "0");
});

Deno.test("PaperVenue cancels resting reduce-only orders when the position is flat or turned round", async () => {
  const { quote, place, order } = await setUp();
  await quote(100, 101);
  await place({ type: "market", quantity: "2" });
  await place({
    clientOrderId: "exit",
    side: "sell",
    price: "110",
    reduceOnly: true,
    quantity: "2",
  });
  await place({ type: "market", side: "sell" });
  assert.equal(standing(await order("exit")), "open 0");
  await place({ type: "market", side: "sell", quantity: "3" });
  assert.equal(standing(await order("exit")), "canceled 0");
});

Deno.test("PaperVenue takes a part that one order of a group was filled off what the others may fill", async () => {
  const { quote, place, order } = await setUp();
  await quote(100, 101);
  const entry = { quantity: "10", ocoGroup: "entries" } as const;
  await place({ ...entry, clientOrderId: "dip", price: "95" });
  await place({
    ...entry,
    clientOrderId: "breakout",
    type: "stop",
    triggerPrice: "110",
  });
  await quote(93, 94, { askSize: 4 });
  assert.equal(standing(await order("breakout")), "open 0");
  await quote(110, 111);
  assert.equal(standing(await order("breakout")), "canceled 6");
  assert.equal(standing(await order("dip")), "canceled 4");
});

Deno.test("PaperVenue cancels a larger order of a group when a smaller one is filled", async () => {
  const { quote, place, order } = await setUp();
  await quote(100, 101);
  await place({ clientOrderId: "small", price: "95", ocoGroup: "entries" });
  await place({
    clientOrderId: "large",
    price: "90",
    quantity: "5",
    ocoGroup: "entries",
  });
  await quote(93, 94);
  assert.equal(standing(await order("small")), "filled 1");
  assert.equal(standing(await order("large")), "canceled 0");
});
