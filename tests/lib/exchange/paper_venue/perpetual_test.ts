import assert from "node:assert/strict";
import { maintenanceTiers } from "../../../../agents/risk/liquidation.ts";
import { decimal, ZERO } from "../../../../lib/core/decimal.ts";
import { setUp, START_MS, SYMBOL } from "./support.ts";

const HOUR_MS = 3_600_000;

Deno.test("PaperVenue sets margin aside by the prepared leverage and rejects what is not covered", async () => {
  const { quote, place, rejected, venue } = await setUp({
    balance: "100",
    leverage: 10,
  });
  await quote(100, 100);
  await place({ type: "market", quantity: "4" });
  assert.deepEqual(await venue.balances(), [
    { currency: "USDT", free: "60", total: "100" },
  ]);
  assert.equal(await rejected({ price: "100", quantity: "6.001" }), "BALANCE");
  await venue.prepare(SYMBOL, { leverage: 20 });
  await place({ price: "90", quantity: "13" });
  assert.equal(await rejected({ type: "market", quantity: "1" }), "BALANCE");
  await assert.rejects(
    venue.prepare(SYMBOL, { leverage: 126 }),
    /from 1 to 125/,
  );
});

Deno.test("PaperVenue lets an order against the position claim margin only for what turns it round", async () => {
  const { quote, place, rejected, venue } = await setUp({
    balance: "101",
    leverage: 10,
  });
  await quote(100, 100);
  await place({ type: "market", quantity: "9" });
  assert.equal(await rejected({ type: "market", quantity: "2" }), "BALANCE");
  await place({ type: "market", side: "sell", quantity: "10" });
  const { quantity, entryPrice } = await venue.position(SYMBOL);
  assert.deepEqual([quantity, entryPrice], ["-1", "100"]);
});

for (
  const { side, back, total } of [
    { side: "buy", back: "sell", total: "1015" },
    { side: "sell", back: "buy", total: "985" },
  ] as const
) {
  Deno.test(`PaperVenue realises the result of a ${side} against the mean entry`, async () => {
    const { quote, place, venue } = await setUp({ balance: "1000" });
    await quote(100, 100);
    await place({ type: "market", side });
    await quote(110, 110);
    await place({ type: "market", side });
    await quote(120, 120);
    await place({ type: "market", side: back });
    assert.equal((await venue.balances())[0]!.total, total);
    assert.equal((await venue.position(SYMBOL)).entryPrice, "105");
  });
}

for (
  const { side, amount } of [{ side: "buy", amount: "0.3" }, {
    side: "sell",
    amount: "-0.3",
  }] as const
) {
  Deno.test(`PaperVenue books funding of a ${side} at 00:00, 08:00 and 16:00 UTC on the mark price`, async () => {
    const setup = await setUp({ costs: { fundingBpPer8h: 10 } });
    await paysFunding(setup, { side, amount });
  });
}

async function paysFunding(
  { clock, quote, place, venue, news }: Awaited<ReturnType<typeof setUp>>,
  { side, amount }: { side: "buy" | "sell"; amount: string },
) {
  await quote(100, 100, { mark: 100 });
  await place({ type: "market", side, quantity: "2" });
  await clock.advance(7 * HOUR_MS - 1);
  await quote(100, 100, { mark: 120 });
  assert.deepEqual(await venue.funding({ symbol: SYMBOL, sinceAt: 0 }), []);
  await clock.advance(1);
  await quote(100, 100, { mark: 150 });
  await quote(100, 100, { mark: 150 });
  const at = START_MS + 7 * HOUR_MS;
  const funding = { fundingId: `funding-${at}`, symbol: SYMBOL, amount, at };
  assert.deepEqual(await venue.funding({ symbol: SYMBOL, sinceAt: at }), [
    funding,
  ]);
  assert.deepEqual(news.filter(({ type }) => type === "funding"), [
    { type: "funding", funding },
  ]);
  assert.equal(
    (await venue.balances())[0]!.total,
    String(100_000 - Number(amount)),
  );
  await clock.advance(16 * HOUR_MS);
  await quote(100, 100);
  assert.equal((await venue.funding({ symbol: SYMBOL, sinceAt: 0 })).length, 3);
}

Deno.test("PaperVenue takes the exchange's own rate of funding where it is known", async () => {
  const { clock, quote, place, venue } = await setUp({
    costs: { fundingBpPer8h: 10 },
  });
  await quote(100, 100);
  await place({ type: "market" });
  venue.setFundingRate(-0.0005);
  await clock.advance(8 * HOUR_MS);
  await quote(100, 100);
  const [funding] = await venue.funding({ symbol: SYMBOL, sinceAt: 0 });
  assert.equal(funding!.amount, "-0.05");
});

const FREQTRADE_TIERS = [{
  fromNotional: ZERO,
  rate: decimal("0.01"),
  amount: decimal("0.01"),
}];

for (
  const { side, price, before, at } of [
    { side: "buy", price: "8.07070707", before: 8.0708, at: 8.0707 },
    { side: "sell", price: "11.89108911", before: 11.891, at: 11.8911 },
  ] as const
) {
  Deno.test(`PaperVenue liquidates a ${side} at Binance's published price and not before`, async () => {
    const { quote, place, venue, tradeTexts } = await setUp({
      tiers: FREQTRADE_TIERS,
    });
    await venue.prepare(SYMBOL, { leverage: 5 });
    await quote(10, 10);
    await place({ type: "market", side });
    assert.equal((await venue.position(SYMBOL)).liquidationPrice, price);
    await quote(10, 10, { mark: before });
    assert.equal(tradeTexts().length, 1);
    await quote(10, 10, { mark: at });
    assert.equal(tradeTexts().length, 2);
  });
}

for (
  const { what, quantity, entryPrice, rate, amount, published } of [
    {
      what: "ETH",
      quantity: "3683.979",
      entryPrice: "1456.84",
      rate: "0.1",
      amount: "135365",
      published: 1114.78,
    },
    {
      what: "BTC",
      quantity: "109.488",
      entryPrice: "32481.98",
      rate: "0.025",
      amount: "16300",
      published: 18778.73,
    },
  ]
) {
  Deno.test(`PaperVenue publishes the liquidation price of Binance's example in ${what}`, async () => {
    const { venue, quote, trades } = await setUp({
      tiers: [{
        fromNotional: ZERO,
        rate: decimal(rate),
        amount: decimal(amount),
      }],
      state: {
        orders: [],
        position: { quantity, entryPrice, leverage: 20, margin: "1535443.01" },
        balance: "1535443.01",
        tradeCounter: 1,
      },
    });
    const price = Number((await venue.position(SYMBOL)).liquidationPrice);
    assert.equal(Math.round(price * 100) / 100, published);
    await quote(published + 0.1, published + 0.2, { mark: published + 0.01 });
    assert.equal(trades().length, 0);
    await quote(published + 0.1, published + 0.2, { mark: published - 0.01 });
    assert.equal(trades()[0]!.quantity, quantity);
  });
}

Deno.test("PaperVenue takes the maintenance tier that holds at the liquidation price", async () => {
  const tiers = maintenanceTiers([
    { fromNotional: ZERO, rate: decimal("0.01") },
    { fromNotional: decimal("950"), rate: decimal("0.05") },
  ]);
  const { quote, place, venue } = await setUp({ tiers, leverage: 10 });
  await quote(100, 100);
  await place({ type: "market", quantity: "10" });
  // 1,000 of entry value would be the second tier: (100 + 38 − 1000) ÷ (0.5 − 10).
  const { liquidationPrice } = await venue.position(SYMBOL);
  assert.equal(liquidationPrice, "90.90909091");
});

Deno.test("PaperVenue tells a liquidation by orders, a trade, the position and a sentence, and cancels what is open", async () => {
  const { quote, place, venue, news, notices } = await setUp({
    balance: "1000",
    leverage: 10,
    liquidationFeeBp: 50,
  });
  await quote(100, 100);
  await place({ type: "market", quantity: "10" });
  await place({
    clientOrderId: "stop",
    type: "stop",
    side: "sell",
    triggerPrice: "80",
    quantity: "10",
    reduceOnly: true,
  });
  news.length = 0;
  await quote(95, 96, { mark: 90 });
  const told = news.map((item) =>
    item.type === "order"
      ? `${item.order.clientOrderId} ${item.order.type} ${item.order.status}`
      : item.type === "trade"
      ? `${item.trade.tradeId} ${item.trade.price} ${item.trade.fee}`
      : item.type === "position"
      ? item.position.quantity
      : item.type
  );
  assert.deepEqual(told, [
    "stop stop canceled",
    "autoclose-2 other filled",
    "autoclose-2-2 95 4.75",
    "0",
  ]);
  assert.match(
    notices.join(),
    /was liquidated at 95: the mark price 90 reached the liquidation price 90\.45/,
  );
  assert.equal((await venue.balances())[0]!.total, "945.25");
  assert.equal((await venue.openOrders(null)).length, 0);
});

for (const side of ["buy", "sell"] as const) {
  Deno.test(`PaperVenue loses no more than the margin of a ${side} in a gap`, async () => {
    const { quote, place, venue } = await setUp({
      balance: "1000",
      leverage: 10,
    });
    await quote(100, 100);
    await place({ type: "market", side, quantity: "10" });
    const gap = side === "buy" ? 50 : 150;
    await quote(gap, gap);
    assert.equal((await venue.balances())[0]!.total, "900");
  });
}

Deno.test("PaperVenue takes funding that the free balance cannot pay out of the margin", async () => {
  const { clock, quote, place, venue } = await setUp({
    balance: "100",
    leverage: 10,
    costs: { fundingBpPer8h: 100 },
  });
  await quote(100, 100);
  await place({ type: "market", quantity: "9.9" });
  const before = Number((await venue.position(SYMBOL)).liquidationPrice);
  await clock.advance(8 * HOUR_MS);
  await quote(100, 100);
  assert.ok(Number((await venue.position(SYMBOL)).liquidationPrice) > before);
  assert.equal((await venue.balances())[0]!.free, "0");
});

Deno.test("PaperVenue wants no margin of an order that only reduces", async () => {
  const { quote, place, venue } = await setUp({ balance: "100", leverage: 10 });
  await quote(100, 100);
  await place({ type: "market", quantity: "9.9" });
  await place({
    type: "market",
    side: "sell",
    quantity: "50",
    reduceOnly: true,
  });
  assert.equal((await venue.position(SYMBOL)).quantity, "0");
});

Deno.test("PaperVenue pays what turns the position round out of the margin that closing sets free", async () => {
  const { quote, place, venue } = await setUp({ balance: "100", leverage: 10 });
  await quote(100, 100);
  await place({ type: "market", quantity: "8" });
  await place({
    type: "stop",
    side: "sell",
    triggerPrice: "95",
    quantity: "9",
  });
  await quote(95, 96);
  assert.equal((await venue.position(SYMBOL)).quantity, "-1");
});

Deno.test("PaperVenue wants the margin of a sell at the price that it takes, not at its lower limit", async () => {
  const { quote, rejected } = await setUp({ balance: "60" });
  await quote(100, 101);
  assert.equal(await rejected({ side: "sell", price: "50" }), "BALANCE");
});

for (
  const { side, mark } of [{ side: "buy", mark: 90 }, {
    side: "sell",
    mark: 110,
  }] as const
) {
  Deno.test(`PaperVenue liquidates a ${side} at a mark price that is the published one`, async () => {
    const tiers = [{ fromNotional: ZERO, rate: ZERO, amount: ZERO }];
    const { quote, place, venue } = await setUp({ tiers, leverage: 10 });
    await quote(100, 100);
    await place({ type: "market", side });
    assert.equal((await venue.position(SYMBOL)).liquidationPrice, String(mark));
    await quote(100, 100, { mark });
    assert.equal((await venue.position(SYMBOL)).quantity, "0");
  });
}
