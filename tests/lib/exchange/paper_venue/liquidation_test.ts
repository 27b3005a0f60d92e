import assert from "node:assert/strict";
import { maintenanceTiers } from "../../../../agents/risk/liquidation.ts";
import { decimal, ZERO } from "../../../../lib/core/decimal.ts";
import { setUp, SYMBOL } from "./support.ts";

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
