import assert from "node:assert/strict";
import { parseClientOrderId } from "../../../../lib/desk/venue/client_order_id.ts";
import { PaperBench } from "./paper_bench.ts";

/** A desk with a position whose stop rests, and a disk that refuses from now on. */
async function refusing(): Promise<{ bench: PaperBench; intentId: string }> {
  const bench = await PaperBench.running();
  const intentId = bench.submit({ entry: { type: "market" } });
  await bench.pass(10_000);
  assert.ok(bench.account.venue!.isProtected());
  bench.storage.refuse("ENOSPC");
  return { bench, intentId };
}

async function moveStop(
  bench: PaperBench,
  { intentId, stopPrice }: { intentId: string; stopPrice: number },
): Promise<void> {
  bench.decide({ kind: "moveStop", intentId, stopPrice, reason: "Trailing" });
  await bench.pass(20_000);
  const resting = await resters(bench);
  assert.deepEqual(resting, [stopPrice], `the stop should be at ${stopPrice}`);
}

/** Triggers of the stops that rest at the venue. */
async function resters(bench: PaperBench): Promise<number[]> {
  const asked = bench.venue.openOrders(null);
  await bench.clock.settle();
  return (await asked).map(({ triggerPrice }) => Number(triggerPrice));
}

async function heldAtVenue(bench: PaperBench): Promise<number> {
  const asked = bench.venue.position("BTC/USDT");
  await bench.clock.settle();
  return Number((await asked).quantity);
}

async function restart(bench: PaperBench): Promise<void> {
  bench.crash();
  await bench.clock.advance(1_000);
  bench.open();
  await bench.pass(30_000);
}

function assertOnce(bench: PaperBench): void {
  const ids = bench.venue.created.map(({ clientOrderId }) => clientOrderId);
  assert.equal(new Set(ids).size, ids.length, `used twice: ${ids}`);
}

Deno.test("IdSupply lets exits out while the disk refuses, also when no id on the disk is left", async () => {
  const { bench, intentId } = await refusing();
  for (let count = 1; count <= 12; count++) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await moveStop(bench, { intentId, stopPrice: 95 + count / 10 });
  }
  bench.decide({ kind: "close", reason: "Enough" });
  await bench.pass(20_000);
  assert.equal(await heldAtVenue(bench), 0);
  assert.equal(bench.held, "0");
  assertOnce(bench);
});

Deno.test("what an exit without a record did is booked after a crash, and the account goes on", async () => {
  const { bench, intentId } = await refusing();
  for (let count = 1; count <= 8; count++) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await moveStop(bench, { intentId, stopPrice: 95 + count / 10 });
  }
  bench.decide({ kind: "close", reason: "Enough" });
  await bench.pass(20_000);
  bench.storage.mend();
  // What the process kept in memory dies with it.
  await restart(bench);
  await bench.pass(60_000);
  assert.equal(bench.held, "0");
  assert.equal(await heldAtVenue(bench), 0);
  assert.deepEqual(bench.account.venue!.workingOrders(), []);
  bench.candle();
  assert.equal(bench.account.view().tradingState, "active");
  assertOnce(bench);
});

Deno.test("IdSupply.renew() lets exits out after a restart on a disk that refuses, and no id is used twice by the next one", async () => {
  const { bench, intentId } = await refusing();
  await restart(bench);
  await moveStop(bench, { intentId, stopPrice: 96 });
  // The stop that is on record is gone, so what is held counts as unprotected and is closed.
  await restart(bench);
  assert.equal(bench.held, "0");
  assert.equal(await heldAtVenue(bench), 0);
  const [moved, close] = bench.venue.created.slice(-2).map((sent) =>
    parseClientOrderId(sent.clientOrderId)!
  );
  assert.equal(moved!.epoch, close!.epoch, "neither start is on record");
  assert.notEqual(moved!.sequence >> 2, close!.sequence >> 2);
  bench.storage.mend();
  await restart(bench);
  await bench.pass(60_000);
  assert.equal(bench.held, "0");
  bench.candle();
  assert.equal(bench.account.view().tradingState, "active");
  bench.submit({ entry: { type: "market" } });
  await bench.pass(20_000);
  assert.ok(Number(bench.held) > 0);
  assertOnce(bench);
});
