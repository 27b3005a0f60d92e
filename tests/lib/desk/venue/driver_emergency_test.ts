import assert from "node:assert/strict";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import { DriverBench } from "./bench.ts";
import { PROFILE, venueOrder, working } from "./scripted.ts";

const WITHDRAWN = { reason: "An emergency stop withdraws it" };
const ORDERS = 500;

Deno.test("VenueDriver keeps the venue's own switch on until withdrawn orders are proven gone", async () => {
  const bench = new DriverBench().start(({ gateway }) => {
    gateway.profile = { ...PROFILE, hasCancelAfter: true };
    gateway.onOrder = () => Promise.resolve(venueOrder());
    gateway.onCancel = () =>
      Promise.reject(new VenueError("unknown", "No answer"));
  });
  await bench.pass(3_000);
  const order = working({ phase: "open", cancel: WITHDRAWN });
  bench.side.working = [order];
  bench.link.ports.send({ type: "cancel", orderId: order.order.orderId });
  await bench.pass(32_000);
  assert.ok(bench.gateway.count("cancelAfter 60000") >= 2);
  assert.ok(
    bench.gateway.count("cancel") > 2,
    "it is withdrawn again and again",
  );
  bench.side.working = [{ ...order, phase: "unknown" }];
  await bench.pass(20_000);
  assert.equal(bench.gateway.count("cancelAfter 0"), 0, "it may rest there");
  bench.side.working = [];
  await bench.pass(20_000);
  assert.equal(bench.gateway.count("cancelAfter 0"), 1);
});

Deno.test(`VenueDriver sends ${ORDERS} withdrawals at once, in the lane before all others`, async () => {
  const bench = new DriverBench().start();
  await bench.pass(3_000);
  const orders = Array.from({ length: ORDERS }, (_, index) => {
    const order = working({ phase: "open", cancel: WITHDRAWN });
    return {
      ...order,
      clientOrderId: `abcagent001e${String(index).padStart(5, "0")}`,
      order: { ...order.order, orderId: `order-${index}` },
    };
  });
  bench.side.working = orders;
  bench.lanes.length = 0;
  bench.gateway.onCancel = () => new Promise(() => {});
  for (const { order: { orderId } } of orders) {
    bench.link.ports.send({ type: "cancel", orderId });
  }
  await bench.clock.settle();
  assert.equal(bench.gateway.count("cancel"), ORDERS, "no time has passed");
  assert.deepEqual(new Set(bench.lanes), new Set(["cancel"]));
});

Deno.test("VenueDriver knows its usual round trip when it has asked", async () => {
  const bench = new DriverBench().start(({ gateway, clock }) => {
    gateway.onOpenOrders = () =>
      new Promise((resolve) => clock.after(40, () => resolve([])));
    gateway.onTrades = () =>
      new Promise((resolve) => clock.after(40, () => resolve([])));
  });
  assert.equal(bench.link.way.roundTripMs, null);
  assert.equal(bench.link.quotes.halfSpreadBp, null);
  await bench.pass(3_000);
  assert.ok(
    bench.link.way.roundTripMs! > 0 && bench.link.way.roundTripMs! <= 40,
  );
  assert.equal(bench.link.quotes.halfSpreadBp, 100);
  const { freeShare, silentUntilMs } = bench.link.way.rateBudget;
  assert.ok(freeShare >= 0 && freeShare <= 1, `free share ${freeShare}`);
  assert.equal(silentUntilMs, null);
});
