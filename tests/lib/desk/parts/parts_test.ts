import assert from "node:assert/strict";
import { PartsBench } from "./bench.ts";
import { denialOf, limit, MARKET, withFirstPart } from "./first_part.ts";

const SIDES = ["buy", "sell"] as const;

for (const side of SIDES) {
  Deno.test(`A ${side} in three parts is sized once, makes one trade, and its stop covers what is filled`, () => {
    const bench = withFirstPart(side, 110);
    const whole = new PartsBench(side);
    whole.submit({ targetPrice: 110 });
    whole.step({ close: 100 });
    const sized = Number(whole.account.view().position!.quantity);
    const first = Number(bench.account.view().position!.quantity);
    assert.equal(first, Math.floor(sized / 3 * 1e5) / 1e5);
    bench.decide(bench.part(1, MARKET));
    assert.deepEqual(bench.told({ close: 101 }), [
      "accepted entry",
      "filled entry",
      "canceled stop",
      "accepted stop",
      "canceled target",
      "accepted target",
    ]);
    bench.decide(bench.part(2, limit(100.5)));
    bench.step({ close: 101, low: 100.2 });
    const { position, openOrders } = bench.account.view();
    assert.equal(Number(position!.quantity).toFixed(5), sized.toFixed(5));
    assert.deepEqual(
      openOrders.map(({ role, quantity }) => [role, quantity]),
      [["stop", position!.quantity], ["target", position!.quantity]],
    );
    bench.step({ close: 97, open: 101 });
    const [trade, ...more] = bench.account.drainReport().trades;
    assert.equal(more.length, 0);
    assert.equal(trade!.quantity, position!.quantity);
    assert.ok(Number(trade!.resultR) < -0.9 && Number(trade!.resultR) > -1.6);
    assert.equal(bench.account.view().openOrders.length, 0);
  });

  Deno.test(`A stop that a ${side} and its next part reach in one candle loses for both`, () => {
    const bench = withFirstPart(side);
    bench.decide(
      bench.part(1, limit(99)),
      bench.part(2, { type: "stop", price: 103 }),
    );
    assert.deepEqual(bench.told({ close: 97.5, open: 100 }), [
      "accepted entry",
      "accepted entry",
      "filled entry",
      "canceled stop",
      "accepted stop",
      "filled stop",
      "closed stop",
      "canceled entry",
    ]);
  });

  Deno.test(`A target that is reached in the candle of a ${side}'s part is not taken`, () => {
    const bench = withFirstPart(side, 102);
    bench.decide(bench.part(1, limit(99.5)));
    const told = bench.told({ close: 100, low: 99, high: 103 });
    assert.ok(!told.includes("filled target"), told.join());
    assert.ok(bench.told({ close: 101, high: 103 }).includes("filled target"));
  });

  Deno.test(`A stop entry to ${side} fills at its trigger, or at the open of a gap, as a taker`, () => {
    for (
      const [prices, price] of [
        [{ close: 101, open: 100, high: 102 }, 101],
        [{ close: 103, open: 102 }, 102],
      ] as const
    ) {
      const bench = new PartsBench(side);
      bench.submit({ entry: { type: "stop", price: 101 } });
      bench.step({ close: 100.5, high: 100.9 });
      assert.equal(bench.account.view().position, null);
      const fill = bench.step(prices).find(({ type }) =>
        type === "OrderFilled"
      );
      assert.ok(fill?.type === "OrderFilled");
      const off = Math.abs(Number(fill.fill.price) - bench.flip(price));
      assert.ok(off < 0.03, fill.fill.price);
      assert.equal(fill.fill.liquidity, "taker");
    }
  });

  Deno.test(`A stop entry to ${side} that the market has passed is denied`, () => {
    const bench = new PartsBench(side);
    bench.submit({ entry: { type: "stop", price: 99.5 } });
    const denied = denialOf(bench.step({ close: 100 }));
    assert.equal(denied.code, "TRIGGER_PASSED");
    assert.equal(denied.cause, "price");
  });

  Deno.test(`A post-only ${side} is refused where the next open would take it, and fills at its limit as a maker otherwise`, () => {
    const bench = new PartsBench(side);
    const entry = { type: "limit", price: 99, postOnly: true } as const;
    bench.submit({ entry });
    const [, canceled] = bench.step({ close: 99, open: 98.9 });
    assert.ok(canceled?.type === "OrderCanceled");
    assert.equal(canceled.cause, "post_only");
    assert.match(canceled.reason, /^POST_ONLY_WOULD_TAKE/);
    bench.step({ close: 100 });
    bench.submit({ entry });
    bench.step({ close: 99.5 });
    const filled = bench.step({ close: 99, open: 98.5 });
    assert.ok(filled[0]?.type === "OrderFilled");
    assert.equal(Number(filled[0].fill.price), bench.flip(99));
    assert.equal(filled[0].fill.liquidity, "maker");
  });

  Deno.test(`Repricing a ${side} takes its place with another id, and the agent is told of that one alone`, () => {
    const bench = new PartsBench(side);
    bench.submit({ entry: limit(98.5), stopPrice: 97 });
    bench.step({ close: 100 });
    bench.decide(bench.reprice(0, 99));
    const [accepted, ...more] = bench.step({ close: 100 });
    assert.equal(more.length, 0);
    assert.ok(accepted?.type === "OrderAccepted");
    assert.equal(accepted.order.orderId, "0.0-entry-r1");
    assert.equal(accepted.order.replaces, "0.0-entry");
    assert.equal(Number(accepted.order.price), bench.flip(99));
    bench.decide(bench.reprice(0, 99.5));
    bench.step({ close: 100 });
    assert.equal(bench.account.view().openOrders[0]!.orderId, "0.0-entry-r2");
    assert.ok(bench.told({ close: 99.2, open: 100 }).includes("filled entry"));
  });
}

Deno.test("A refused part may be sent again, also the first one", () => {
  const bench = new PartsBench();
  const entry = { type: "limit", price: 99, postOnly: true } as const;
  bench.submit({ parts: 2, entry });
  assert.ok(bench.told({ close: 99, open: 98.9 }).includes("canceled entry"));
  bench.decide(bench.part(0, MARKET), bench.part(1, MARKET));
  const ids = bench.step({ close: 99 }).flatMap((event) =>
    event.type === "OrderAccepted" && event.order.role === "entry"
      ? [event.order.orderId]
      : []
  );
  assert.deepEqual(ids, ["0.0-entry-r1", "0.0-entry-p1"]);
});

Deno.test("What was not sent of an intent keeps its margin until it is withdrawn", () => {
  const bench = new PartsBench("buy", { risk: { leverage: 1 } });
  const wide = { stopPrice: 99.5, riskPct: 1 };
  bench.submit({ parts: 4, entry: limit(99.9), ...wide });
  bench.step({ close: 100 });
  bench.submit({ intentId: "1.0", entry: limit(99.9), ...wide });
  bench.step({ close: 100 });
  const sizes = () =>
    bench.account.view().openOrders.map(({ quantity }) => Number(quantity));
  assert.ok(sizes()[1]! < 0.2, "only what the first one left");
  assert.ok(sizes()[0]! > 24 && sizes()[0]! < 26, "a fourth of all");
  bench.decide({ kind: "cancel", intentId: "0.0", reason: "No" });
  bench.step({ close: 100 });
  bench.submit({ intentId: "3.0", entry: limit(99.8), ...wide });
  bench.step({ close: 100 });
  assert.ok(sizes()[1]! > 90);
});

Deno.test("A decision that is taken in again after a crash sends no part and moves no order twice", () => {
  const bench = withFirstPart("buy");
  bench.decide(bench.part(1, limit(99)), bench.part(7, MARKET));
  bench.step({ close: 100 });
  bench.decide(
    bench.reprice(1, 99.4),
    bench.reprice(1, 60),
    bench.part(2, limit(98.5)),
  );
  const before = bench.account.view();
  const written = bench.entries.length;
  const recovered = bench.recover();
  recovered.decide({
    type: "decided",
    seq: bench.seq,
    actions: [
      bench.reprice(1, 99.4),
      bench.reprice(1, 60),
      bench.part(2, limit(98.5)),
    ],
  });
  assert.deepEqual(recovered.view(), before);
  assert.equal(bench.entries.length, written);
});
