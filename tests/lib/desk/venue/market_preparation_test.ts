import assert from "node:assert/strict";
import { PaperBench } from "./paper_bench.ts";

function setLeverage(bench: PaperBench, leverage: number): void {
  const { config } = bench.account;
  bench.config = { ...config, risk: { ...config.risk, leverage } };
  bench.account.updateConfig(bench.config);
}

function block(bench: PaperBench) {
  bench.quote();
  return bench.link.ports.entryBlock();
}

Deno.test("MarketPreparation gives a changed leverage to the venue", async () => {
  const bench = await PaperBench.running();
  assert.deepEqual(bench.venue.asked, [5]);
  assert.equal(block(bench), null);
  setLeverage(bench, 3);
  assert.equal(block(bench)?.code, "VENUE_UNAVAILABLE");
  await bench.pass(3_000);
  assert.deepEqual(bench.venue.asked, [5, 3]);
  assert.equal(block(bench), null);
});

Deno.test("MarketPreparation changes the leverage of no position: nothing is entered, exits go, and it is set when all is closed", async () => {
  const bench = await PaperBench.running();
  bench.submit({ entry: { type: "market" } });
  await bench.pass(10_000);
  setLeverage(bench, 3);
  await bench.pass(60_000);
  assert.deepEqual(bench.venue.asked, [5]);
  assert.match(block(bench)?.detail ?? "", /leverage of 3.*close the position/);
  bench.decide({ kind: "close", reason: "Enough" });
  await bench.pass(10_000);
  assert.equal(bench.held, "0");
  assert.deepEqual(bench.venue.asked, [5, 3]);
  assert.equal(block(bench), null);
});

Deno.test("MarketPreparation asks again with growing pauses where the venue refuses, and lets nothing in meanwhile", async () => {
  const bench = new PaperBench();
  bench.venue.refusal = "Not now";
  bench.open();
  await bench.pass(120_000);
  assert.match(block(bench)?.detail ?? "", /Not now/);
  const { length } = bench.venue.asked;
  assert.ok(length >= 5 && length <= 12, `${length} in two minutes`);
  bench.venue.refusal = null;
  await bench.pass(60_000);
  assert.equal(block(bench), null);
  assert.equal(bench.venue.asked.length, length + 1);
});

Deno.test("MarketPreparation that is refused after a restart holds back no exit", async () => {
  const bench = await PaperBench.running();
  bench.submit({ entry: { type: "market" } });
  await bench.pass(10_000);
  bench.venue.refusal = "A position is there";
  bench.crash();
  bench.open();
  await bench.pass(60_000);
  assert.deepEqual(bench.venue.asked, [5, 5], "once, while it is there");
  assert.equal(block(bench)?.code, "VENUE_UNAVAILABLE");
  bench.decide({ kind: "close", reason: "Enough" });
  bench.venue.refusal = null;
  await bench.pass(20_000);
  assert.equal(bench.held, "0");
  assert.equal(block(bench), null);
});
