import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import {
  type BreakerChange,
  createBreakers,
  isBreakerFailure,
  VENUE_OPERATIONS,
  type VenueOperation,
} from "../../../../lib/exchange/budget/breaker.ts";

const FAILED = { ok: false, reason: "no answer" } as const;
const DONE = { ok: true } as const;

function setup() {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const changes: BreakerChange[] = [];
  const breakers = createBreakers({
    clock,
    exchange: "test",
    onChange: (change) => changes.push(change),
  });
  const fail = (operation: VenueOperation, times: number) => {
    for (let index = 0; index < times; index++) {
      breakers.record(operation, FAILED);
    }
  };
  const status = (operation: VenueOperation) =>
    breakers.view()[operation].status;
  const isAllowed = (operation: VenueOperation, isReducing = false) =>
    breakers.admit(operation, { isReducing }).isAllowed;
  return { clock, breakers, changes, fail, status, isAllowed };
}

Deno.test("Breakers open at the fifth failure within 30 s, not before", () => {
  const { fail, status, isAllowed } = setup();
  fail("create", 4);
  assert.equal(status("create"), "closed");
  assert.ok(isAllowed("create"));
  fail("create", 1);
  assert.equal(status("create"), "open");
  assert.ok(!isAllowed("create"));
});

Deno.test("Breakers forget failures after 30 s", async () => {
  const { clock, fail, status } = setup();
  fail("read", 4);
  await clock.advance(30_000);
  fail("read", 4);
  assert.equal(status("read"), "closed");
  fail("read", 1);
  assert.equal(status("read"), "open");
});

Deno.test("Breakers of one class leave the others alone", () => {
  const { fail, isAllowed, status } = setup();
  fail("create", 5);
  assert.ok(isAllowed("read"));
  assert.equal(status("cancel"), "closed");
});

Deno.test("Breakers let cancels and what reduces pass in every state", async () => {
  const { clock, fail, isAllowed } = setup();
  for (const operation of VENUE_OPERATIONS) fail(operation, 5);
  assert.ok(isAllowed("cancel"));
  assert.ok(isAllowed("create", true));
  assert.ok(!isAllowed("create"));
  assert.ok(!isAllowed("read"));
  await clock.advance(15_000);
  assert.ok(isAllowed("cancel"));
  assert.ok(isAllowed("create", true));
  assert.ok(!isAllowed("create"));
});

Deno.test("Breakers let one read at a time probe and close after three", async () => {
  const { clock, breakers, fail, status, isAllowed } = setup();
  fail("read", 5);
  await clock.advance(14_999);
  assert.ok(!isAllowed("read"));
  await clock.advance(1);
  for (let probe = 0; probe < 3; probe++) {
    assert.equal(status("read"), "half_open");
    assert.deepEqual(breakers.admit("read"), {
      isAllowed: true,
      isProbe: true,
    });
    assert.ok(!isAllowed("read"));
    breakers.record("read", DONE);
  }
  assert.equal(status("read"), "closed");
  assert.deepEqual(breakers.admit("read"), { isAllowed: true, isProbe: false });
});

Deno.test("Breakers close entries again by reads alone", async () => {
  const { clock, breakers, fail, status, isAllowed } = setup();
  fail("create", 5);
  await clock.advance(15_000);
  for (let probe = 0; probe < 3; probe++) {
    assert.ok(!isAllowed("create"));
    assert.ok(isAllowed("read"));
    breakers.record("read", DONE);
  }
  assert.equal(status("create"), "closed");
  assert.ok(isAllowed("create"));
});

Deno.test("Breakers stay open for twice as long each time, up to 5 min, and anew after 5 healthy minutes", async () => {
  const { clock, breakers, fail, isAllowed, status } = setup();
  const spans: number[] = [];
  fail("read", 5);
  for (let round = 0; round < 7; round++) {
    const openMs = breakers.view().read.openUntilMs! - clock.nowMs();
    spans.push(openMs / 1_000);
    // deno-lint-ignore no-await-in-loop -- one round after the other
    await clock.advance(openMs);
    assert.ok(isAllowed("read"));
    breakers.record("read", FAILED);
    assert.equal(status("read"), "open");
  }
  assert.deepEqual(spans, [15, 30, 60, 120, 240, 300, 300]);
  await clock.advance(300_000);
  for (let probe = 0; probe < 3; probe++) breakers.record("read", DONE);
  await clock.advance(300_000);
  fail("read", 5);
  assert.equal(breakers.view().read.openUntilMs! - clock.nowMs(), 15_000);
});

Deno.test("Breakers count a probe without an answer as failed after 30 s", async () => {
  const { clock, fail, isAllowed, status } = setup();
  fail("read", 5);
  await clock.advance(15_000);
  assert.ok(isAllowed("read"));
  await clock.advance(29_999);
  assert.equal(status("read"), "half_open");
  await clock.advance(1);
  assert.equal(status("read"), "open");
});

Deno.test("Breakers.trip() opens at once and not for longer when it is repeated", () => {
  const { clock, breakers, changes } = setup();
  breakers.trip("read", "Maintenance");
  breakers.trip("read", "Maintenance");
  assert.equal(breakers.view().read.openUntilMs! - clock.nowMs(), 15_000);
  assert.deepEqual(changes, [{
    exchange: "test",
    operation: "read",
    from: "closed",
    to: "open",
    reason: "Maintenance",
    at: clock.nowMs(),
  }]);
  assert.deepEqual(breakers.admit("read"), {
    isAllowed: false,
    reason: "Maintenance",
  });
});

Deno.test("isBreakerFailure() counts what speaks against the venue, not its answers", () => {
  for (const kind of ["unknown", "rate_limited", "maintenance"] as const) {
    assert.ok(isBreakerFailure(kind));
  }
  for (const kind of ["clock", "auth", "refused", "not_found"] as const) {
    assert.ok(!isBreakerFailure(kind));
  }
});

/** A second, slower statement of the rules: everything is derived from the whole history. */
class Model {
  status: "closed" | "open" | "half_open" = "closed";
  history: { at: number; failed: boolean }[] = [];
  openedAt = 0;
  openMs = 15_000;
  closedAt = -Infinity;
  isFresh = true;
  probes = 0;

  look(now: number) {
    if (this.status === "open" && now >= this.openedAt + this.openMs) {
      this.status = "half_open";
      this.probes = 0;
    }
    return this.status;
  }

  record(now: number, failed: boolean) {
    const status = this.look(now);
    if (status === "open") return;
    if (status === "half_open") {
      if (failed) return this.open(now);
      if (++this.probes < 3) return;
      this.status = "closed";
      this.closedAt = now;
      this.history = [];
      return;
    }
    this.history.push({ at: now, failed });
    const recent = this.history.filter(({ at }) => at > now - 30_000);
    const failures = recent.filter((outcome) => outcome.failed).length;
    const isMost = recent.length >= 20 && failures > recent.length / 2;
    if (failed && (failures >= 5 || isMost)) this.open(now);
  }

  open(now: number) {
    const isHealthy = this.status === "closed" &&
      now - this.closedAt >= 300_000;
    this.openMs = this.isFresh || isHealthy
      ? 15_000
      : Math.min(300_000, this.openMs * 2);
    this.isFresh = false;
    this.status = "open";
    this.openedAt = now;
  }
}

Deno.test("Breakers agree with a model over any history of reads", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          waitMs: fc.oneof(
            { weight: 5, arbitrary: fc.integer({ min: 0, max: 2_000 }) },
            { weight: 2, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
            { weight: 1, arbitrary: fc.integer({ min: 0, max: 700_000 }) },
          ),
          failed: fc.boolean(),
        }),
        { maxLength: 120 },
      ),
      async (steps) => {
        const { clock, breakers, status } = setup();
        const model = new Model();
        for (const { waitMs, failed } of steps) {
          // deno-lint-ignore no-await-in-loop -- time passes step by step
          await clock.advance(waitMs);
          const expected = model.look(clock.monotonicMs());
          assert.equal(status("read"), expected);
          const { isAllowed } = breakers.admit("read");
          assert.equal(isAllowed, expected !== "open");
          if (!isAllowed) continue;
          breakers.record("read", failed ? FAILED : DONE);
          model.record(clock.monotonicMs(), failed);
          assert.equal(status("read"), model.status);
        }
      },
    ),
    { numRuns: 60 },
  );
});
