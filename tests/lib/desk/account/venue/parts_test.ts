import assert from "node:assert/strict";
import { decimal, toDecimalText } from "../../../../../lib/core/decimal.ts";
import { VenueBench } from "./bench.ts";
import { SPOT, SWAP } from "./profiles.ts";
import { entries, LIMIT, PLAN, told } from "./parts_support.ts";

function reprice(bench: VenueBench, price: number, part = 0) {
  const intentId = entries(bench)[0]!.order.intentId;
  bench.decide({ kind: "reprice", intentId, part, price, reason: "Follow" });
}

for (const profile of [SWAP, SPOT]) {
  const { market } = profile;

  Deno.test(`Parts at a venue share one size and make one position with one trade (${market})`, () => {
    const bench = new VenueBench({ profile });
    bench.submit({ ...PLAN, parts: 3 });
    const first = bench.working("entry");
    const { intentId } = first.order;
    const whole = bench.records.find((record) => record.type === "ORDER");
    assert.ok(whole?.type === "ORDER");
    const sized = decimal(whole.parent!.quantity);
    bench.decide(
      { kind: "part", intentId, part: 1, entry: LIMIT },
      { kind: "part", intentId, part: 2, entry: { type: "market" } },
    );
    const sum = entries(bench).reduce(
      (all, { order }) => all.plus(decimal(order.quantity)),
      decimal(0),
    );
    assert.equal(toDecimalText(sum), toDecimalText(sized));
    assert.deepEqual(
      entries(bench).map(({ phase }) => phase),
      ["sending", "sending", "sending"],
    );
    for (const placed of [...entries(bench)]) bench.accept(placed);
    for (const placed of [...entries(bench)]) {
      bench.trade(placed);
      for (const { order, phase } of bench.side.workingOrders()) {
        if (order.role !== "stop" || phase !== "sending") continue;
        bench.accept(
          bench.side.workingOrders().find((one) =>
            one.order.orderId === order.orderId
          )!,
        );
      }
      for (const one of bench.side.workingOrders()) {
        if (one.cancel !== null) bench.over(one);
      }
    }
    const { position } = bench.account.view();
    assert.equal(position!.quantity, toDecimalText(sized));
    assert.equal(position!.isProtected, true);
    const stops = bench.side.workingOrders().filter(({ order, cancel }) =>
      order.role === "stop" && cancel === null
    );
    const covered = stops.reduce(
      (all, { order }) => all.plus(decimal(order.quantity)),
      decimal(0),
    );
    assert.equal(toDecimalText(covered), position!.quantity);
    for (const stop of stops) bench.trade(stop, { price: "95" });
    const { trades } = bench.account.drainReport();
    assert.deepEqual(trades.map(({ quantity }) => quantity), [
      toDecimalText(sized),
    ]);
    bench.decide({ kind: "part", intentId, part: 1, entry: LIMIT });
    const denied = told(bench).find(({ type }) => type === "OrderDenied");
    assert.ok(denied?.type === "OrderDenied" && denied.part === 1);
    assert.equal(denied.code, "PART_INVALID");
  });

  Deno.test(`A move places the rest under a new id once it is certain what was filled (${market})`, () => {
    const bench = new VenueBench({ profile });
    bench.submit(PLAN);
    const old = bench.working("entry");
    bench.accept(old);
    bench.take();
    told(bench);
    reprice(bench, 99.5);
    assert.deepEqual(bench.take().map(({ type }) => type), ["cancel"]);
    assert.equal(entries(bench).length, 1, "the old one alone");
    // The venue says that some of it was filled, and the fill is not here yet.
    bench.over(old, "1");
    assert.equal(entries(bench)[0]!.phase, "settling");
    bench.trade(old, { quantity: "1" });
    const [moved, ...more] = entries(bench);
    assert.equal(more.length, 0);
    assert.notEqual(moved!.clientOrderId, old.clientOrderId);
    assert.equal(
      moved!.order.quantity,
      toDecimalText(decimal(old.order.quantity).minus(1)),
    );
    const events = told(bench);
    assert.ok(
      !events.some((event) =>
        event.type === "OrderCanceled" && event.role === "entry"
      ),
    );
    const accepted = events.find((event) =>
      event.type === "OrderAccepted" && event.order.role === "entry"
    );
    assert.ok(accepted?.type === "OrderAccepted");
    assert.equal(accepted.order.replaces, old.order.orderId);
    assert.equal(accepted.order.price, "99.5");
  });
}

Deno.test("A move of an order that was filled meanwhile places nothing", () => {
  const bench = new VenueBench();
  bench.submit(PLAN);
  const old = bench.working("entry");
  bench.accept(old);
  reprice(bench, 99.5);
  bench.trade(old);
  assert.equal(entries(bench).length, 0);
  assert.equal(
    bench.account.view().position!.quantity,
    old.order.quantity,
  );
});

Deno.test("A move whose order the venue never had, or whose controls refuse, ends the part and says why", () => {
  const absent = new VenueBench();
  absent.submit(PLAN);
  absent.loseAnswer(absent.working("entry"));
  reprice(absent, 99.5);
  const denied = told(absent).find(({ type }) => type === "RepriceDenied");
  assert.ok(denied?.type === "RepriceDenied");
  assert.equal(denied.cause, "unknown_outcome");

  const gone = new VenueBench();
  gone.submit(PLAN);
  reprice(gone, 99.5);
  const { orderId } = gone.working("entry").order;
  gone.report({ type: "absent", orderId, detail: "It is not there" });
  assert.equal(entries(gone).length, 0);
  const ended = told(gone).find(({ type }) => type === "OrderCanceled");
  assert.ok(ended?.type === "OrderCanceled");
  assert.equal(ended.cause, "unknown_outcome");

  const blocked = new VenueBench();
  blocked.submit(PLAN);
  const old = blocked.working("entry");
  blocked.accept(old);
  reprice(blocked, 99.5);
  blocked.block = { code: "VENUE_UNAVAILABLE", detail: "It is closed" };
  blocked.over(old);
  assert.equal(entries(blocked).length, 0);
  const canceled = told(blocked).filter(({ type }) => type === "OrderCanceled");
  assert.equal(canceled.length, 1);
  assert.ok(canceled[0]?.type === "OrderCanceled");
  assert.equal(canceled[0].cause, "maintenance");
  assert.equal(canceled[0].orderId, old.order.orderId);
});

Deno.test("A withdrawal that comes upon a move lets nothing take its place", () => {
  const bench = new VenueBench();
  bench.submit(PLAN);
  const old = bench.working("entry");
  bench.accept(old);
  reprice(bench, 99.5);
  bench.decide({
    kind: "cancel",
    intentId: old.order.intentId,
    reason: "Changed its mind",
  });
  bench.over(old);
  assert.equal(entries(bench).length, 0);
  const canceled = told(bench).filter(({ type }) => type === "OrderCanceled");
  assert.equal(canceled.length, 1);
  assert.ok(canceled[0]?.type === "OrderCanceled");
  assert.equal(canceled[0].reason, "Changed its mind");
});

Deno.test("A crash at any write of parts and moves neither doubles nor loses what is at the venue", () => {
  /** Runs to a point; returns how many writes there were. */
  const run = (crashAfter: number | null): number => {
    const bench = new VenueBench();
    let hasCrashed = false;
    const crash = () => {
      if (crashAfter === null || hasCrashed) return;
      if (bench.appends.length < crashAfter) return;
      hasCrashed = true;
      bench.crash({ appends: crashAfter });
      for (const { order, phase } of bench.side.workingOrders()) {
        // What was sent is at the venue, whatever the desk knows.
        if (phase === "unknown") bench.accept(find(order.orderId));
      }
    };
    const find = (orderId: string) =>
      bench.side.workingOrders().find(({ order }) =>
        order.orderId === orderId
      )!;
    bench.submit({ ...PLAN, parts: 2 });
    crash();
    const { intentId } =
      bench.records.find((record) => record.type === "INTENT")!.intent;
    for (const placed of entries(bench)) bench.accept(placed);
    crash();
    if (!hasCrashed) {
      bench.decide({ kind: "part", intentId, part: 1, entry: LIMIT });
      crash();
    }
    if (!hasCrashed) {
      for (const placed of entries(bench)) bench.accept(placed);
      reprice(bench, 99.5, 1);
      crash();
    }
    for (const placed of [...entries(bench)]) {
      if (placed.cancel !== null) bench.over(placed);
    }
    crash();
    const record = bench.records.find((one) => one.type === "ORDER");
    assert.ok(record?.type === "ORDER");
    const sum = entries(bench).reduce(
      (all, { order }) => all.plus(decimal(order.quantity)),
      decimal(0),
    );
    assert.ok(sum.lte(decimal(record.parent!.quantity)), `at ${crashAfter}`);
    const ids = bench.records.flatMap((one) =>
      one.type === "ORDER" ? [one.clientOrderId] : []
    );
    assert.equal(new Set(ids).size, ids.length);
    for (const placed of [...entries(bench)]) {
      if (placed.phase !== "queued") bench.trade(placed);
    }
    const held = bench.account.view().position;
    assert.ok(
      decimal(held?.quantity ?? "0").lte(decimal(record.parent!.quantity)),
    );
    return bench.appends.length;
  };
  const writes = run(null);
  const first = new VenueBench();
  first.submit({ ...PLAN, parts: 2 });
  for (let at = first.appends.length; at <= writes; at++) run(at);
});
