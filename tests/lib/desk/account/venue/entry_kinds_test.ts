import assert from "node:assert/strict";
import { VenueBench } from "./bench.ts";
import { entries, LIMIT, PLAN, told } from "./parts_support.ts";

Deno.test("A post-only entry is sent as one; the desk, the venue's no and its silent end are told apart from other causes", () => {
  const postOnly = { ...LIMIT, postOnly: true } as const;
  const bench = new VenueBench();
  bench.submit({ ...PLAN, entry: { ...postOnly, price: 100.2 } });
  const denied = told(bench).find(({ type }) => type === "OrderDenied");
  assert.ok(denied?.type === "OrderDenied");
  assert.deepEqual([denied.code, denied.cause], [
    "POST_ONLY_WOULD_TAKE",
    "post_only",
  ]);
  const cause = (end: (bench: VenueBench) => void) => {
    const own = new VenueBench();
    own.submit({ ...PLAN, entry: postOnly });
    assert.equal(own.sent()[0]!.postOnly, true);
    end(own);
    const over = told(own).find(({ type }) => type === "OrderCanceled");
    assert.ok(over?.type === "OrderCanceled");
    return over.cause;
  };
  assert.equal(
    cause((own) =>
      own.report({
        type: "outcome",
        orderId: own.working("entry").order.orderId,
        outcome: {
          kind: "rejected",
          errorKind: "refused",
          venueCode: "WOULD_TAKE",
          detail: "It would take",
          retryAfterMs: null,
          cause: "post_only",
        },
      })
    ),
    "post_only",
  );
  assert.equal(
    cause((own) => {
      const placed = own.working("entry");
      own.accept(placed);
      own.over(placed);
    }),
    "post_only",
  );
  assert.equal(
    cause((own) => own.reject(own.working("entry"), "rate_limited")),
    "rate",
  );
  assert.equal(cause((own) => own.reject(own.working("entry"))), "invalid");
  assert.equal(
    cause((own) => {
      const placed = own.working("entry");
      own.accept(placed);
      own.decide({
        kind: "cancel",
        intentId: placed.order.intentId,
        reason: "No",
      });
      own.over(placed);
    }),
    "withdrawn",
  );
});

Deno.test("A stop entry waits at the desk and goes out at the market when the quote reaches it", () => {
  const bench = new VenueBench();
  bench.submit({ ...PLAN, entry: { type: "stop", price: 101 } });
  assert.deepEqual(bench.sent(), []);
  assert.equal(bench.working("entry").phase, "queued");
  bench.quote(100.8, 100.9);
  assert.deepEqual(bench.sent(), []);
  bench.quote(100.9, 101);
  const [request] = bench.sent();
  assert.deepEqual(
    [request!.type, request!.price, request!.triggerPrice],
    ["market", null, null],
  );
  bench.quote(101, 101.1);
  assert.deepEqual(bench.sent(), [], "once");
});

Deno.test("A stop entry that may not go out when it is reached is withdrawn, as it is by a restart", () => {
  const bench = new VenueBench();
  bench.submit({ ...PLAN, entry: { type: "stop", price: 101 } });
  bench.block = { code: "RECONCILING", detail: "It is being compared" };
  bench.quote(101, 101.1);
  assert.deepEqual(bench.sent(), []);
  const over = told(bench).find(({ type }) => type === "OrderCanceled");
  assert.ok(over?.type === "OrderCanceled" && over.cause === "maintenance");

  const again = new VenueBench();
  again.submit({ ...PLAN, entry: { type: "stop", price: 101 } });
  again.crash();
  again.quote(101, 101.1);
  assert.equal(again.side.workingOrders().length, 0);
  assert.deepEqual(again.sent(), []);
});

Deno.test("A fill beyond what an intent was sized to withdraws the rest of it and holds entries back", () => {
  const bench = new VenueBench();
  bench.submit({ ...PLAN, parts: 2 });
  const [first] = entries(bench);
  const { intentId } = first!.order;
  bench.accept(first!);
  bench.decide({ kind: "part", intentId, part: 1, entry: LIMIT });
  bench.accept(entries(bench)[1]!);
  bench.trade(first!);
  bench.trade(first!, { quantity: "1" });
  assert.ok(entries(bench).every(({ cancel }) => cancel !== null));
  assert.equal(bench.account.view().tradingState, "reducing");
});

Deno.test("What a venue account has not sent of an intent counts as exposure", () => {
  const bench = new VenueBench();
  bench.submit({ ...PLAN, stopPrice: 98.5, parts: 4, riskPct: 1 });
  told(bench);
  bench.submit({ ...PLAN, stopPrice: 98.9, riskPct: 1 });
  const sizes = entries(bench).map(({ order }) =>
    Number(order.quantity) * Number(order.price)
  );
  // A fourth of what the first may be, and at most what it leaves of five times the equity.
  assert.ok(sizes[0]! * 4 + (sizes[1] ?? 0) <= 50_000, String(sizes));
});
