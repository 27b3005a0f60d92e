import assert from "node:assert/strict";
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
