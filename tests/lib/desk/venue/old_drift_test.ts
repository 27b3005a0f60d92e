import assert from "node:assert/strict";
import { PaperBench } from "./paper_bench.ts";
import { request } from "../../exchange/paper_venue/support.ts";

/** Somebody else trades in the account's market. */
async function tradeByHand(
  bench: PaperBench,
  side: "buy" | "sell",
): Promise<void> {
  const created = bench.venue.create(request({ side, type: "market" }));
  await bench.clock.settle();
  assert.equal((await created).kind, "accepted");
}

Deno.test("Reconciler lifts a drift from before a restart when books and venue agree", async () => {
  const bench = await PaperBench.running();
  await tradeByHand(bench, "buy");
  await bench.pass(120_000);
  assert.equal(bench.account.view().tradingState, "reducing");
  bench.crash();
  await tradeByHand(bench, "sell");
  bench.open();
  assert.equal(bench.account.view().tradingState, "reducing");
  await bench.pass(30_000);
  assert.equal(bench.account.view().tradingState, "active");
});

Deno.test("Reconciler keeps a drift from before a restart while books and venue differ", async () => {
  const bench = await PaperBench.running();
  await tradeByHand(bench, "buy");
  await bench.pass(120_000);
  bench.crash();
  bench.open();
  const states = new Set<string>();
  for (let second = 0; second < 60; second++) {
    // deno-lint-ignore no-await-in-loop -- second by second
    await bench.pass(1_000);
    states.add(bench.account.view().tradingState);
  }
  assert.deepEqual([...states], ["reducing"]);
});
