import assert from "node:assert/strict";
import { VenueBench } from "./bench.ts";

const LIMIT = { entry: { type: "limit", price: 99 } } as const;

/** The agent replaces an entry that rests by another one, in one decision as agents do. */
function replace(): { bench: VenueBench; first: string } {
  const bench = new VenueBench();
  bench.submit(LIMIT);
  const first = bench.working("entry");
  bench.accept(first);
  bench.take();
  bench.decide({
    kind: "cancel",
    intentId: first.order.intentId,
    reason: "A newer setup",
  });
  bench.submit(LIMIT);
  return { bench, first: first.order.orderId };
}

function entryOf(bench: VenueBench, orderId: string) {
  return bench.side.workingOrders().find(({ order }) =>
    order.orderId === orderId
  )!;
}

function secondOf(bench: VenueBench, first: string) {
  return bench.side.workingOrders().find(({ order }) =>
    order.role === "entry" && order.orderId !== first
  );
}

Deno.test("VenueDesk lets an entry wait while the one before it may still be filled", () => {
  const { bench, first } = replace();
  assert.equal(secondOf(bench, first)?.phase, "queued");
  assert.deepEqual(bench.take().map(({ type }) => type), ["cancel"]);
  bench.side.release(secondOf(bench, first)!.order.orderId);
  assert.equal(secondOf(bench, first)?.phase, "queued");
  bench.over(entryOf(bench, first));
  const second = bench.working("entry");
  assert.deepEqual(bench.take(), [
    { type: "queue", orderId: second.order.orderId, lane: "entry" },
  ]);
  bench.side.release(second.order.orderId);
  assert.equal(bench.sent()[0]?.clientOrderId, second.clientOrderId);
});

Deno.test("VenueDesk drops an entry that waits when the one before it was filled after all", () => {
  const { bench, first } = replace();
  bench.trade(entryOf(bench, first));
  assert.equal(secondOf(bench, first), undefined);
  assert.ok(
    bench.sent().every(({ reduceOnly }) => reduceOnly),
    "nothing but exits goes out",
  );
});

Deno.test("VenueDesk drops an entry at the market that waited for a whole candle", () => {
  const bench = new VenueBench();
  bench.submit(LIMIT);
  const first = bench.working("entry").order.orderId;
  bench.submit({ entry: { type: "market" } });
  assert.equal(secondOf(bench, first)?.phase, "queued");
  bench.candle({ close: 100 });
  assert.equal(secondOf(bench, first), undefined);
});
