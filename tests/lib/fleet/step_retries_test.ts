import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import {
  RECONCILE_RETRY_MAX_MS,
  RECONCILE_RETRY_MS,
  RISK_STEP_RETRY_MS,
} from "../../../lib/fleet/limits.ts";
import { type Step, StepRetries } from "../../../lib/fleet/step_retries.ts";

const ID = "agt_1";

function createBench() {
  const clock = createSimulatedClock({ startMs: 1_000_000 });
  const retries = new StepRetries(clock);
  const fail = (step: Step, wishedAt = 1) =>
    retries.failed(ID, { step, wishedAt, reason: `${step} failed` });
  return { clock, retries, fail };
}

Deno.test("StepRetries doubles the wait of a step that starts something, up to the maximum", () => {
  const { fail } = createBench();
  const waits = Array.from({ length: 9 }, () => fail("start").waitMs);
  assert.deepEqual(waits, [
    5_000,
    10_000,
    20_000,
    40_000,
    80_000,
    160_000,
    300_000,
    300_000,
    300_000,
  ]);
});

for (const step of ["pause", "stop", "settle"] as const) {
  Deno.test(`StepRetries tries ${step} again after the same short wait, however often it failed`, () => {
    const { fail } = createBench();
    const waits = Array.from({ length: 50 }, () => fail(step).waitMs);
    assert.deepEqual(new Set(waits), new Set([RISK_STEP_RETRY_MS]));
  });
}

Deno.test("StepRetries tells the first failure and then ever more seldom", () => {
  const { fail } = createBench();
  const told = Array.from({ length: 100 }, (_, index) => index + 1)
    .filter(() => fail("stop").isTold);
  assert.deepEqual(told, [1, 2, 4, 8, 16, 32, 64]);
});

Deno.test("StepRetries lets a new wish be tried at once, and counts its failures from one", () => {
  const { retries, fail } = createBench();
  for (let failure = 0; failure < 6; failure++) fail("start", 1);
  assert.equal(retries.isWaiting(ID, 1), true);
  assert.equal(retries.isWaiting(ID, 2), false);
  assert.deepEqual(fail("resume", 2), {
    waitMs: RECONCILE_RETRY_MS,
    isTold: true,
  });
});

Deno.test("StepRetries waits exactly as long as it says, and after a success not at all", async () => {
  const steps = fc.constantFrom<Step>("start", "resume", "stop", "configure");
  await fc.assert(fc.asyncProperty(
    fc.array(steps, { minLength: 1, maxLength: 12 }),
    async (failed) => {
      const { clock, retries, fail } = createBench();
      for (const step of failed) {
        const { waitMs } = fail(step);
        assert.ok(waitMs <= RECONCILE_RETRY_MAX_MS);
        // deno-lint-ignore no-await-in-loop -- time passes step by step
        await clock.advance(waitMs - 1);
        assert.equal(retries.isWaiting(ID, 1), true);
        assert.equal(retries.isWaiting("agt_2", 1), false);
        // deno-lint-ignore no-await-in-loop -- as above
        await clock.advance(1);
        assert.equal(retries.isWaiting(ID, 1), false);
      }
      fail("start");
      assert.equal(retries.succeeded(ID), "start failed");
      assert.equal(retries.succeeded(ID), null);
      assert.equal(retries.isWaiting(ID, 1), false);
    },
  ));
});
