import assert from "node:assert/strict";
import { setUp } from "./support.ts";

Deno.test("PaperVenue fills market orders at the best price of the other side", async () => {
  const { quote, place, tradeTexts } = await setUp();
  await quote(100, 101);
  assert.equal((await place({ type: "market" })).status, "filled");
  assert.equal(
    (await place({ type: "market", side: "sell" })).status,
    "filled",
  );
  assert.deepEqual(tradeTexts(), ["buy 1 @ 101", "sell 1 @ 100"]);
});

Deno.test("PaperVenue lets what is beyond the size at the best price slide, rounded against the order", async () => {
  const { quote, place, tradeTexts } = await setUp({
    costs: { slippageBp: 5 },
  });
  await quote(100, 101, { bidSize: 0.4004, askSize: 0.3 });
  await place({ type: "market" });
  await place({ type: "market", side: "sell", quantity: "2" });
  assert.deepEqual(tradeTexts(), [
    "buy 0.3 @ 101",
    "buy 0.7 @ 101.1",
    "sell 0.4 @ 100",
    "sell 1.6 @ 99.9",
  ]);
});

Deno.test("PaperVenue lets the whole order slide where the size is unknown", async () => {
  const { quote, place, tradeTexts } = await setUp({
    costs: { slippageBp: 10 },
  });
  await quote(100, 101, { askSize: null, bidSize: null });
  await place({ type: "market" });
  await place({ type: "market", side: "sell" });
  assert.deepEqual(tradeTexts(), ["buy 1 @ 101.2", "sell 1 @ 99.9"]);
});

Deno.test("PaperVenue gives the size of one quote once, and that of the next one again", async () => {
  const { quote, place, tradeTexts } = await setUp({
    costs: { slippageBp: 100 },
  });
  await quote(100, 101, { askSize: 1 });
  await place({ type: "market" });
  await place({ type: "market" });
  await quote(100, 101, { askSize: 1 });
  await place({ type: "market" });
  assert.deepEqual(tradeTexts(), [
    "buy 1 @ 101",
    "buy 1 @ 102.1",
    "buy 1 @ 101",
  ]);
});

Deno.test("PaperVenue takes fees in quote currency by maker and taker rate", async () => {
  const { quote, place, trades } = await setUp({
    costs: { makerFeeBp: 2, takerFeeBp: 5 },
  });
  await quote(100, 101);
  await place({ type: "market", quantity: "2" });
  await place({ side: "sell", price: "110", quantity: "2" });
  await quote(111, 112);
  assert.deepEqual(
    trades().map((
      { fee, feeCurrency, liquidity },
    ) => [fee, feeCurrency, liquidity]),
    [["0.101", "USDT", "taker"], ["0.044", "USDT", "maker"]],
  );
});

Deno.test("PaperVenue fills a resting order only when the market trades through its price", async () => {
  const { quote, place, tradeTexts, order } = await setUp();
  await quote(100, 101);
  await place({ clientOrderId: "bid", price: "99" });
  await place({ clientOrderId: "offer", side: "sell", price: "102" });
  await quote(98, 99);
  await quote(102, 103);
  assert.deepEqual(tradeTexts(), []);
  await quote(97, 98.9);
  await quote(102.1, 103);
  assert.deepEqual(tradeTexts(), ["buy 1 @ 99", "sell 1 @ 102"]);
  assert.equal((await order("bid")).status, "filled");
});

Deno.test("PaperVenue fills a resting order up to the size on the other side, and its rest at a touch once it was crossed", async () => {
  const { quote, place, tradeTexts, order } = await setUp();
  await quote(100, 101);
  await place({ clientOrderId: "bid", price: "99", quantity: "3" });
  await quote(98, 98.5, { askSize: 1 });
  assert.equal((await order("bid")).filled, "1");
  assert.equal((await order("bid")).status, "open");
  await quote(98.5, 99, { askSize: 0.5 });
  await quote(98.5, 99.1, { askSize: 5 });
  await quote(98, 99, { askSize: 5 });
  assert.deepEqual(tradeTexts(), [
    "buy 1 @ 99",
    "buy 0.5 @ 99",
    "buy 1.5 @ 99",
  ]);
});

Deno.test("PaperVenue shares the size among resting orders: the best price, then the oldest", async () => {
  const { quote, place, order } = await setUp();
  await quote(100, 101);
  await place({ clientOrderId: "low", price: "98" });
  await place({ clientOrderId: "old", price: "99" });
  await place({ clientOrderId: "young", price: "99" });
  await quote(97, 97.5, { askSize: 1.5 });
  const filled = await Promise.all(
    ["low", "old", "young"].map(async (id) => (await order(id)).filled),
  );
  assert.deepEqual(filled, ["0", "1", "0.5"]);
});

Deno.test("PaperVenue lets a limit order take what is there and rest with what is left", async () => {
  const { quote, place, tradeTexts, trades } = await setUp({
    costs: { slippageBp: 10 },
  });
  await quote(100, 101, { askSize: 0.4 });
  const placed = await place({ price: "101" });
  assert.deepEqual([placed.status, placed.filled], ["open", "0.4"]);
  await quote(100, 101, { askSize: 5 });
  await quote(99, 100, { askSize: 5 });
  assert.deepEqual(tradeTexts(), ["buy 0.4 @ 101", "buy 0.6 @ 101"]);
  assert.deepEqual(trades().map(({ liquidity }) => liquidity), [
    "taker",
    "maker",
  ]);
});

Deno.test("PaperVenue lets a limit order slide as far as its limit", async () => {
  const { quote, place, tradeTexts } = await setUp({
    costs: { slippageBp: 10 },
  });
  await quote(100, 101, { bidSize: 0.4 });
  await place({ side: "sell", price: "99.9" });
  assert.deepEqual(tradeTexts(), ["sell 0.4 @ 100", "sell 0.6 @ 99.9"]);
});

for (
  const [side, price, ok] of [["buy", "101", "100.9"], [
    "sell",
    "100",
    "100.1",
  ]] as const
) {
  Deno.test(`PaperVenue rejects a post-only ${side} that would take`, async () => {
    const { quote, place, rejected } = await setUp();
    await quote(100, 101);
    assert.equal(await rejected({ side, price, postOnly: true }), "WOULD_TAKE");
    const placed = await place({ side, price: ok, postOnly: true });
    assert.deepEqual([placed.status, placed.filled], ["open", "0"]);
  });
}

Deno.test("PaperVenue ends an IOC order with what it got", async () => {
  const { quote, place, tradeTexts } = await setUp({
    costs: { slippageBp: 50 },
  });
  await quote(100, 101, { askSize: 0.4 });
  const part = await place({ price: "101", timeInForce: "IOC" });
  assert.deepEqual([part.status, part.filled], ["canceled", "0.4"]);
  const none = await place({ price: "99", timeInForce: "IOC" });
  assert.deepEqual([none.status, none.filled], ["canceled", "0"]);
  assert.deepEqual(tradeTexts(), ["buy 0.4 @ 101"]);
});

Deno.test("PaperVenue fills a FOK order wholly or not at all", async () => {
  const { quote, place, tradeTexts } = await setUp({
    costs: { slippageBp: 50 },
  });
  await quote(100, 101, { askSize: 0.4 });
  const none = await place({ price: "101", timeInForce: "FOK" });
  assert.deepEqual([none.status, none.filled], ["canceled", "0"]);
  const all = await place({ price: "102", timeInForce: "FOK" });
  assert.equal(all.status, "filled");
  assert.deepEqual(tradeTexts(), ["buy 0.4 @ 101", "buy 0.6 @ 101.6"]);
});

Deno.test("PaperVenue triggers the stops of a perpetual by the mark price", async () => {
  const { quote, place, tradeTexts } = await setUp();
  await quote(100, 101, { mark: 100.5 });
  await place({ type: "stop", side: "sell", triggerPrice: "95" });
  await place({ type: "stop", side: "buy", triggerPrice: "105" });
  await quote(90, 110, { mark: 100 });
  assert.deepEqual(tradeTexts(), []);
  await quote(99, 100, { mark: 95 });
  await quote(101, 102, { mark: 105 });
  assert.deepEqual(tradeTexts(), ["sell 1 @ 99", "buy 1 @ 102"]);
});

Deno.test("PaperVenue triggers stops by the price that they take where no mark is told", async () => {
  const { quote, place, tradeTexts } = await setUp({
    costs: { slippageBp: 10 },
  });
  await quote(100, 101);
  await place({ type: "stop", side: "sell", triggerPrice: "95" });
  await place({ type: "stop", side: "buy", triggerPrice: "105" });
  await quote(95.1, 104.9);
  assert.deepEqual(tradeTexts(), []);
  await quote(95, 104.9, { bidSize: 0.5 });
  await quote(103, 106);
  assert.deepEqual(tradeTexts(), [
    "sell 0.5 @ 95",
    "sell 0.5 @ 94.9",
    "buy 1 @ 106",
  ]);
});

for (const [side, triggerPrice] of [["sell", "100"], ["buy", "101"]] as const) {
  Deno.test(`PaperVenue rejects a ${side} stop that is reached already`, async () => {
    const { quote, rejected } = await setUp();
    await quote(100, 101);
    const change = { type: "stop", side, triggerPrice } as const;
    assert.equal(await rejected(change), "WOULD_TRIGGER");
  });
}

Deno.test("PaperVenue rejects what needs a price while none is known", async () => {
  const { quote, rejected, venue, tradeTexts } = await setUp();
  const needs = [
    { type: "market" },
    { price: "100", timeInForce: "IOC" },
    { price: "100", timeInForce: "FOK" },
    { price: "100", postOnly: true },
  ] as const;
  for (const change of needs) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    assert.equal(await rejected(change), "NO_QUOTE");
  }
  await quote(100, 101);
  venue.forgetQuote();
  assert.equal(await rejected({ type: "market" }), "NO_QUOTE");
  await quote(100, Number.NaN);
  assert.equal(await rejected({ type: "market" }), "NO_QUOTE");
  await quote(101, 100);
  assert.equal(await rejected({ type: "market" }), "NO_QUOTE");
  assert.deepEqual(tradeTexts(), []);
});

Deno.test("PaperVenue fills nothing at a price that is too old, by our clock or by its own", async () => {
  const { clock, quote, place, rejected, tradeTexts } = await setUp({
    quoteStaleMs: 5_000,
  });
  await quote(100, 101);
  await place({ price: "99" });
  await clock.advance(4_999);
  await place({ type: "market" });
  await clock.advance(1);
  assert.equal(await rejected({ type: "market" }), "STALE_QUOTE");
  await quote(90, 91, { at: clock.nowMs() - 5_000 });
  assert.equal(await rejected({ type: "market" }), "STALE_QUOTE");
  assert.deepEqual(tradeTexts(), ["buy 1 @ 101"]);
});

Deno.test("PaperVenue takes no notice of a quote that is older than the last", async () => {
  const { clock, quote, place, tradeTexts } = await setUp();
  await quote(100, 101);
  await place({ price: "99" });
  await quote(90, 91, { at: clock.nowMs() - 1 });
  await place({ type: "market" });
  assert.deepEqual(tradeTexts(), ["buy 1 @ 101"]);
});

Deno.test("PaperVenue lets an order that came without a price take at the first one", async () => {
  const { quote, place, trades, tradeTexts } = await setUp();
  await place({ price: "102" });
  await place({ type: "stop", side: "sell", triggerPrice: "100" });
  await quote(100, 101);
  assert.deepEqual(tradeTexts(), ["sell 1 @ 100", "buy 1 @ 101"]);
  assert.deepEqual(trades().map(({ liquidity }) => liquidity), [
    "taker",
    "taker",
  ]);
});

Deno.test("PaperVenue takes quotes again when one from the future has grown old", async () => {
  const { clock, quote, rejected, place } = await setUp();
  await quote(100, 101, { at: clock.nowMs() + 3_600_000 });
  await clock.advance(10_000);
  assert.equal(await rejected({ type: "market" }), "STALE_QUOTE");
  await quote(90, 91);
  assert.equal((await place({ type: "market" })).status, "filled");
});
