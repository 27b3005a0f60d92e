import assert from "node:assert/strict";
import { connectCcxt } from "./ccxt_exchange.ts";
import { startVenueProcess } from "./process.ts";

Deno.test("the venue as a process is steered from outside, tells the truth and ends with its parent", async () => {
  const venue = await startVenueProcess({ seed: 3 });
  const exchange = connectCcxt("binance", venue.url);
  try {
    await venue.control("POST price", { symbol: "BTCUSDT", price: "40000" });
    await venue.addFaults([{ on: "create", fault: "backend_timeout_after" }]);
    await assert.rejects(
      () =>
        exchange.createOrder("BTC/USDT", "market", "buy", 0.1, undefined, {
          clientOrderId: "lost",
        }),
      /-1007/,
    );
    await venue.placeForeign({
      kind: "spot",
      symbol: "BTCUSDT",
      side: "SELL",
      type: "LIMIT",
      quantity: "0.05",
      price: "50000",
    });
    await venue.control("POST minutes", { count: 2 });
    await assert.rejects(
      () => venue.control("POST price", { symbol: "NO", price: "1" }),
      /Invalid symbol/,
    );
    await assert.rejects(
      () =>
        venue.control("POST cancel", { kind: "spot", clientOrderId: "lost" }),
      /-2011/,
    );
    const ledger = await venue.control("GET ledger") as {
      spot: { why: string; amount: string; asset: string }[];
    };
    assert.deepEqual(
      ledger.spot.filter(({ why }) => why === "trade 1").map((line) =>
        `${line.amount} ${line.asset}`
      ),
      ["4000.00100000 USDT", "0.10000000 BTC", "0.00010000 BTC"],
    );
    const report = await venue.report();
    const [trade] = report.spot.trades;
    assert.equal(trade!.clientOrderId, "lost");
    assert.equal(report.faults[0]!.fault, "backend_timeout_after");
    const [lost, foreign] = report.spot.orders;
    assert.deepEqual([lost!.isForeign, foreign!.isForeign], [false, true]);
    assert.equal(report.spot.balances["locked"]!["BTC"], "0.05000000");
    assert.deepEqual(report.spot.reusedClientIds, []);
    const sent = (await venue.requests()).filter(({ clientOrderId }) =>
      clientOrderId === "lost"
    );
    assert.equal(sent.length, 1);
  } finally {
    await exchange.close();
    assert.equal(await venue.stop(), 0);
  }
});

Deno.test("the venue as a process ends by itself when its life is over", async () => {
  const venue = await startVenueProcess({ lifeMs: 1 });
  assert.equal(await venue.ended, 0);
  assert.equal(await venue.stop(), 0);
});
