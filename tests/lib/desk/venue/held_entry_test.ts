import assert from "node:assert/strict";
import { PaperBench } from "./paper_bench.ts";

const STOP_ENTRY = { entry: { type: "stop", price: 101 } } as const;
const REACHED = { bid: 101, ask: 101.2 };

async function holding(): Promise<PaperBench> {
  const bench = await PaperBench.running();
  bench.submit(STOP_ENTRY);
  return bench;
}

Deno.test("OrderCourier.takeUp() leaves a stop entry at the desk until its trigger is passed, and it goes out once", async () => {
  const bench = await holding();
  await bench.pass(60_000);
  assert.deepEqual(bench.venue.created, []);
  assert.deepEqual(bench.working("entry").map(({ phase }) => phase), [
    "queued",
  ]);
  assert.equal(
    bench.lanes.filter((lane) => lane === "entry").length,
    0,
    "nothing waits for the rate budget",
  );
  bench.quote(REACHED);
  await bench.pass(20_000);
  assert.deepEqual(bench.entries.map(({ type }) => type), ["market"]);
  assert.ok(Number(bench.held) > 0);
  assert.ok(bench.account.venue!.isProtected());
});

Deno.test("VenueOrders.release() sends no stop entry whose trigger was not passed", async () => {
  const bench = await holding();
  const [entry] = bench.working("entry");
  bench.account.venue!.release(entry!.order.orderId);
  await bench.pass(5_000);
  assert.deepEqual(bench.venue.created, []);
  assert.equal(bench.working("entry").length, 1);
});

Deno.test("a stop entry that waits at the desk can be withdrawn, and is never sent then", async () => {
  const bench = await PaperBench.running();
  const intentId = bench.submit(STOP_ENTRY);
  await bench.pass(10_000);
  bench.decide({ kind: "cancel", intentId, reason: "Another setup" });
  assert.deepEqual(bench.working("entry"), []);
  bench.quote(REACHED);
  await bench.pass(10_000);
  assert.deepEqual(bench.venue.created, []);
});

Deno.test("a stop entry that waits at the desk is withdrawn by a restart, and never sent", async () => {
  const bench = await holding();
  await bench.pass(10_000);
  bench.crash();
  bench.open();
  await bench.pass(30_000);
  assert.deepEqual(bench.working("entry"), []);
  bench.quote(REACHED);
  await bench.pass(10_000);
  assert.deepEqual(bench.venue.created, []);
});
