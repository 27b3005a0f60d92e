import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import { createBreakers } from "../../../../lib/exchange/budget/breaker.ts";
import {
  BREAKER_FAILURES,
  BREAKER_OPEN_MS,
  BREAKER_PROBE_MS,
  BREAKER_PROBES,
  BREAKER_RISK_PROBE_MS,
} from "../../../../lib/exchange/budget/limits.ts";

const FAILED = { ok: false, reason: "no answer" } as const;
const DONE = { ok: true } as const;
const GUARDING = { guardsRisk: true };

/** Breakers whose read class is open. */
function setup() {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const breakers = createBreakers({ clock, exchange: "test" });
  for (let index = 0; index < BREAKER_FAILURES; index++) {
    breakers.record("read", FAILED);
  }
  const openUntilMs = () => breakers.view().read.openUntilMs;
  const guards = () => breakers.admit("read", GUARDING).isAllowed;
  const reads = () => breakers.admit("read").isAllowed;
  return { clock, breakers, openUntilMs, guards, reads };
}

Deno.test("Breakers let a read that guards a risk probe after 5 s, and nothing else", async () => {
  const { clock, breakers, guards, reads } = setup();
  await clock.advance(BREAKER_RISK_PROBE_MS - 1);
  assert.ok(!guards());
  await clock.advance(1);
  assert.ok(!reads());
  assert.deepEqual(breakers.admit("read", GUARDING), {
    isAllowed: true,
    isProbe: true,
  });
  await clock.advance(BREAKER_RISK_PROBE_MS);
  assert.deepEqual(breakers.admit("read", GUARDING), {
    isAllowed: false,
    reason: "A probe is under way",
  });
});

Deno.test("Breakers stay open as long as before when a read that guards a risk fails or is answered", async () => {
  for (const outcome of [FAILED, DONE]) {
    const { clock, breakers, openUntilMs, guards, reads } = setup();
    const untilMs = openUntilMs();
    // deno-lint-ignore no-await-in-loop -- one after the other
    await clock.advance(BREAKER_RISK_PROBE_MS);
    for (let read = 0; read < 2 * BREAKER_PROBES; read++) {
      assert.equal(guards(), outcome.ok || read === 0);
      if (outcome.ok || read === 0) breakers.record("read", outcome);
    }
    assert.equal(openUntilMs(), untilMs);
    assert.ok(!reads(), "all else waits");
  }
});

Deno.test("Breakers let reads that guard a risk go as usual after three answers, until one fails", async () => {
  const { clock, breakers, guards } = setup();
  await clock.advance(BREAKER_RISK_PROBE_MS);
  for (let probe = 0; probe < BREAKER_PROBES; probe++) {
    assert.ok(guards(), "an answered one is followed at once");
    assert.ok(!guards(), "one at a time");
    breakers.record("read", DONE);
  }
  assert.ok(guards());
  assert.ok(guards(), "side by side");
  breakers.record("read", FAILED);
  assert.ok(!guards());
  await clock.advance(BREAKER_RISK_PROBE_MS);
  assert.ok(guards());
  assert.ok(!guards(), "one at a time");
});

Deno.test("Breakers take an answer to an urgent read for one, and its failures for no reason to wait longer", async () => {
  const { clock, breakers, guards } = setup();
  await clock.advance(BREAKER_RISK_PROBE_MS - 1_000);
  breakers.record("read", FAILED);
  await clock.advance(1_000);
  assert.ok(guards());
  breakers.record("read", FAILED);
  assert.ok(!guards());
  breakers.record("read", DONE);
  assert.ok(guards());
});

Deno.test("Breakers give up a probe for a risk that has no answer within 30 s", async () => {
  const { clock, breakers, guards } = setup();
  // Open for a minute, so that it is not half-open meanwhile.
  for (let opening = 0; opening < 2; opening++) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await clock.advance(BREAKER_OPEN_MS * 2 ** opening);
    breakers.record("read", FAILED);
  }
  await clock.advance(BREAKER_RISK_PROBE_MS);
  assert.ok(guards());
  await clock.advance(BREAKER_PROBE_MS - 1);
  assert.ok(!guards());
  await clock.advance(1);
  assert.ok(guards());
});

Deno.test("Breakers take a probe for a risk that comes back half-open for one of theirs", async () => {
  const { clock, breakers, guards, reads } = setup();
  await clock.advance(BREAKER_OPEN_MS - 1);
  assert.ok(guards());
  await clock.advance(1);
  assert.equal(breakers.view().read.status, "half_open");
  assert.ok(!reads(), "one probe at a time");
  breakers.record("read", FAILED);
  assert.equal(breakers.view().read.status, "open");
});

/** A step of a history: time goes by, then a read is wanted. */
const step = fc.record({
  waitMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 4_000, max: 70_000 }) },
  ),
  kind: fc.constantFrom("plain", "guarding", "guarding", "urgent"),
  failed: fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 2, arbitrary: fc.constant(false) },
  ),
});

Deno.test("Breakers hold a read that guards a risk back for 5 s at most, and are open for all else as without it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150 }), async (steps) => {
      const { clock, breakers } = setup();
      /** The same without any read while they are open. */
      const plain = createBreakers({ clock, exchange: "plain" });
      for (let index = 0; index < BREAKER_FAILURES; index++) {
        plain.record("read", FAILED);
      }
      let pausedAtMs = clock.monotonicMs();
      let answers = 0;
      for (const { waitMs, kind, failed } of steps) {
        // deno-lint-ignore no-await-in-loop -- time passes step by step
        await clock.advance(waitMs);
        const nowMs = clock.monotonicMs();
        const outcome = failed ? FAILED : DONE;
        const { status } = breakers.view().read;
        assert.deepEqual(breakers.view().read, plain.view().read);
        const { isAllowed } = breakers.admit("read", {
          guardsRisk: kind === "guarding",
        });
        const isDue = answers > 0 ||
          nowMs - pausedAtMs >= BREAKER_RISK_PROBE_MS;
        assert.equal(
          isAllowed,
          status !== "open" || (kind === "guarding" && isDue),
        );
        if (!isAllowed && kind !== "urgent") continue;
        breakers.record("read", outcome);
        if (status !== "open") {
          plain.admit("read");
          plain.record("read", outcome);
          if (breakers.view().read.status !== "open") continue;
          [pausedAtMs, answers] = [nowMs, 0];
        } else if (!failed) answers++;
        else {
          if (isAllowed || answers > 0) pausedAtMs = nowMs;
          answers = 0;
        }
      }
    }),
    { numRuns: 100 },
  );
});
