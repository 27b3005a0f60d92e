import assert from "node:assert/strict";
import { candle, intent, submit } from "./support.ts";
import { open, openLong, typesOf } from "./open_account.ts";

Deno.test("DeskAccount.decide() denies with code and sentence, and tells it once", () => {
  const account = openLong();
  account.decide(submit(1));
  const step = account.step(candle(2, { close: 100 }));
  assert.deepEqual(typesOf(step.events), ["denied POSITION_EXISTS"]);
  assert.deepEqual(account.step(candle(3, { close: 100 })).events, []);
});

Deno.test("DeskAccount.decide() ignores a decision it has taken in", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0));
  account.decide(submit(0));
  const step = account.step(candle(1, { close: 100 }));
  assert.deepEqual(typesOf(step.events).slice(0, 2), [
    "accepted entry",
    "filled entry",
  ]);
});

Deno.test("DeskAccount.decide() denies an intent id that it has seen", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0, { entry: { type: "limit", price: 99 } }));
  account.step(candle(1, { close: 100 }));
  account.decide(submit(1, { intentId: "0.0" }));
  const step = account.step(candle(2, { close: 100 }));
  assert.deepEqual(typesOf(step.events), ["denied INTENT_DUPLICATE"]);
  assert.equal(account.view().openOrders.length, 1);
});

Deno.test("DeskAccount.decide() denies a late intent but takes its cancel", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  account.decide(
    submit(0, { entry: { type: "limit", price: 90 }, stopPrice: 80 }),
  );
  account.step(candle(1, { close: 100 }));
  account.step(candle(2, { close: 100 }));
  account.decide({
    type: "decided",
    seq: 1,
    actions: [
      { kind: "submit", intent: intent(1) },
      { kind: "cancel", intentId: "0.0", reason: "No longer wanted" },
    ],
  });
  const step = account.step(candle(3, { close: 100 }));
  assert.deepEqual(typesOf(step.events), [
    "denied INTENT_LATE",
    "canceled entry",
  ]);
});

Deno.test("DeskAccount.decide() denies the orders of one minute beyond the rate", () => {
  const account = open({
    safety: { maxOrdersPerMinute: 2, maxOpenOrders: 50 },
  });
  account.step(candle(0, { close: 100 }));
  account.decide({
    type: "decided",
    seq: 0,
    actions: [0, 1, 2].map((index) => ({
      kind: "submit",
      intent: intent(0, {
        intentId: `0.${index}`,
        entry: { type: "limit", price: 90 },
        stopPrice: 80,
        riskPct: 0.1,
      }),
    })),
  });
  assert.deepEqual(typesOf(account.step(candle(1, { close: 100 })).events), [
    "accepted entry",
    "accepted entry",
    "denied ORDER_RATE_LIMIT",
  ]);
  account.decide(submit(1, {
    entry: { type: "limit", price: 90 },
    stopPrice: 80,
    riskPct: 0.1,
  }));
  assert.deepEqual(
    typesOf(account.step(candle(2, { close: 100 })).events),
    ["accepted entry"],
    "a minute of market time later",
  );
});

Deno.test("DeskAccount.decide() denies what is beyond 64 actions", () => {
  const account = open({ safety: { maxOrdersPerMinute: 600 } });
  account.step(candle(0, { close: 100 }));
  account.decide({
    type: "decided",
    seq: 0,
    actions: Array.from({ length: 66 }, (_, index) => ({
      kind: "submit",
      intent: intent(0, { intentId: `0.${index}`, stopPrice: Number.NaN }),
    })),
  });
  const denied = typesOf(account.step(candle(1, { close: 100 })).events);
  assert.equal(denied.length, 66);
  assert.deepEqual(denied.slice(63), [
    "denied ORDER_INVALID",
    "denied ORDER_RATE_LIMIT",
    "denied ORDER_RATE_LIMIT",
  ]);
});

Deno.test("DeskAccount.decide() closes the position at the next open on request, once", () => {
  const account = openLong();
  const close = { kind: "close" as const, reason: "Enough" };
  account.decide({ type: "decided", seq: 1, actions: [close, close] });
  const step = account.step(candle(2, { open: 101, close: 102 }));
  assert.deepEqual(typesOf(step.events), [
    "accepted close",
    "filled close",
    "closed close",
    "canceled stop",
    "canceled target",
  ]);
  assert.equal(account.drainReport().trades[0]!.exitPrice, "100.9798");
});

Deno.test("DeskAccount.decide() refuses a decision on a candle that was not processed", () => {
  assert.throws(() => open().decide(submit(0)), /before it was processed/);
});
