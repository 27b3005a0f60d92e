import assert from "node:assert/strict";
import fc from "fast-check";
import { VENUE_OPERATIONS } from "../../../../lib/exchange/budget/breaker.ts";
import {
  RETRY_RULES,
  retryDelayMs,
  retryPlan,
} from "../../../../lib/exchange/budget/retry_plan.ts";
import type { VenueErrorKind } from "../../../../lib/exchange/gateway/port.ts";

const KINDS = Object.keys(RETRY_RULES) as VenueErrorKind[];

Deno.test("retryPlan() never sends an order a second time, whatever happened", () => {
  for (const kind of KINDS) {
    for (let attempt = 1; attempt < 6; attempt++) {
      const { action, delayMaxMs } = retryPlan(kind, "create", attempt);
      assert.ok(["resolve", "reject", "stop"].includes(action), kind);
      assert.equal(delayMaxMs, null);
    }
  }
});

Deno.test("retryPlan() looks for an order whose outcome is unknown", () => {
  assert.equal(retryPlan("unknown", "create", 1).action, "resolve");
  assert.equal(retryPlan("not_found", "create", 1).action, "resolve");
  assert.equal(retryPlan("refused", "create", 1).action, "reject");
  assert.equal(retryPlan("clock", "create", 1).action, "reject");
});

Deno.test("retryPlan() repeats a read three times, waiting ever longer, then fails", () => {
  const plans = [1, 2, 3, 4].map((attempt) =>
    retryPlan("unknown", "read", attempt)
  );
  assert.deepEqual(plans.map(({ action }) => action), [
    "retry",
    "retry",
    "retry",
    "fail",
  ]);
  assert.deepEqual(plans.map(({ delayMaxMs }) => delayMaxMs), [
    250,
    500,
    1_000,
    null,
  ]);
});

Deno.test("retryPlan() synchronises the clock and repeats a read once", () => {
  assert.equal(retryPlan("clock", "read", 1).action, "synchronise");
  assert.equal(retryPlan("clock", "read", 2).action, "fail");
  assert.equal(retryPlan("clock", "cancel", 3).action, "synchronise");
});

Deno.test("retryPlan() asks what became of an order before it withdraws it again", () => {
  assert.deepEqual(retryPlan("unknown", "cancel", 1), {
    action: "query",
    alerts: false,
    opensBreaker: false,
    delayMaxMs: 250,
  });
  assert.equal(retryPlan("not_found", "cancel", 1).delayMaxMs, null);
});

Deno.test("retryPlan() stops and alerts at a wrong key, and opens the breaker at maintenance", () => {
  for (const operation of VENUE_OPERATIONS) {
    assert.equal(retryPlan("auth", operation, 1).action, "stop");
    assert.ok(retryPlan("auth", operation, 1).alerts);
    assert.ok(retryPlan("maintenance", operation, 1).opensBreaker);
  }
});

Deno.test("retryDelayMs() draws from the whole range and never beyond it", () => {
  assert.equal(retryDelayMs(250, 0), 0);
  assert.equal(retryDelayMs(250, 0.999_999), 250);
  fc.assert(fc.property(
    fc.constantFrom(...KINDS),
    fc.constantFrom(...VENUE_OPERATIONS),
    fc.integer({ min: 1, max: 100 }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    (kind, operation, attempt, random) => {
      const { delayMaxMs } = retryPlan(kind, operation, attempt);
      if (delayMaxMs === null) return;
      const delayMs = retryDelayMs(delayMaxMs, random);
      assert.ok(delayMs >= 0 && delayMs <= delayMaxMs && delayMaxMs <= 5_000);
      assert.ok(attempt <= 3);
    },
  ));
});
