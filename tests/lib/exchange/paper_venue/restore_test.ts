import assert from "node:assert/strict";
import { DefectError } from "../../../../lib/core/assert.ts";
import type { RestoredState } from "../../../../lib/exchange/paper_venue/options.ts";
import { ref, request, setUp, START_MS, SYMBOL } from "./support.ts";

const STATE: RestoredState = {
  orders: [
    {
      request: request({
        clientOrderId: "stop",
        type: "stop",
        side: "sell",
        triggerPrice: "95",
        quantity: "2",
        reduceOnly: true,
        ocoGroup: "exits",
      }),
      venueOrderId: "paper-stop",
      filled: "0",
    },
    {
      request: request({
        clientOrderId: "target",
        side: "sell",
        price: "110",
        quantity: "3",
        reduceOnly: true,
        ocoGroup: "exits",
      }),
      venueOrderId: null,
      filled: "1",
    },
  ],
  position: { quantity: "2", entryPrice: "100", leverage: 4 },
  balance: "1000",
  tradeCounter: 7,
};

Deno.test("PaperVenue.restore() makes orders, position, balance and leverage what the books hold", async () => {
  const { venue } = await setUp({ state: STATE });
  const open = await venue.openOrders(SYMBOL);
  assert.deepEqual(
    open.map(({ clientOrderId, venueOrderId, filled, status }) =>
      `${clientOrderId} ${venueOrderId} ${filled} ${status}`
    ),
    ["stop paper-stop 0 open", "target paper-target 1 open"],
  );
  const { quantity, entryPrice, leverage } = await venue.position(SYMBOL);
  assert.deepEqual([quantity, entryPrice, leverage], ["2", "100", 4]);
  assert.deepEqual(await venue.balances(), [
    { currency: "USDT", free: "950", total: "1000" },
  ]);
});

Deno.test("PaperVenue does not know an order that was never taken, at once after a restart", async () => {
  const { venue } = await setUp({ state: STATE });
  await assert.rejects(venue.order(ref("sending")), { kind: "not_found" });
});

Deno.test("PaperVenue goes on with trade ids after a restart", async () => {
  const { quote, trades } = await setUp({ state: STATE });
  await quote(111, 112);
  assert.deepEqual(
    trades().map(({ tradeId, quantity }) => `${tradeId} ${quantity}`),
    [
      "target-8 2",
    ],
  );
});

Deno.test("PaperVenue lets the first quote after a restart decide about restored orders", async () => {
  const { quote, tradeTexts, order } = await setUp({ state: STATE });
  await quote(94, 95);
  assert.deepEqual(tradeTexts(), ["sell 2 @ 94"]);
  assert.equal((await order("target")).status, "canceled");
});

Deno.test("PaperVenue books funding of the time that it was away, once, by ids that stay the same", async () => {
  const state = { ...STATE, fundedUntil: START_MS - 10 * 3_600_000 };
  const { quote, venue } = await setUp({
    state,
    costs: { fundingBpPer8h: 10 },
  });
  await quote(100, 100);
  await quote(100, 100);
  const funding = await venue.funding({ symbol: SYMBOL, sinceAt: 0 });
  const due = START_MS - 3_600_000;
  assert.deepEqual(
    funding.map(({ fundingId, amount }) => [fundingId, amount]),
    [[`funding-${due - 8 * 3_600_000}`, "0.2"], [`funding-${due}`, "0.2"]],
  );
});

Deno.test("PaperVenue.restore() rebuilds a spot account with what its orders lock", async () => {
  const { venue } = await setUp({ market: "spot", state: STATE });
  assert.deepEqual(await venue.balances(), [
    { currency: "BTC", free: "0", total: "2" },
    { currency: "USDT", free: "1000", total: "1000" },
  ]);
});

Deno.test("PaperVenue.restore() is a defect once the venue is open", async () => {
  const { venue } = await setUp();
  assert.throws(() => venue.restore(STATE), DefectError);
});
