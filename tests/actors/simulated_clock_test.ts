import assert from "node:assert/strict";
import { createSimulatedClock } from "../../actors/simulated_clock.ts";

Deno.test("SimulatedClock.advance() runs timers in order, each at its own time", async () => {
  const clock = createSimulatedClock({ startMs: 1_000 });
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name} ${clock.nowMs()}`);
  clock.after(30, note("third"));
  clock.after(10, note("first"));
  clock.after(10, note("second"));
  clock.after(41, note("never"));
  await clock.advance(40);
  assert.deepEqual(ran, ["first 1010", "second 1010", "third 1030"]);
  assert.equal(clock.nowMs(), 1_040);
  assert.equal(clock.pending, 1);
});

Deno.test("SimulatedClock.advance() lets promises settle between timers and runs what they set", async () => {
  const clock = createSimulatedClock();
  const ran: string[] = [];
  clock.after(10, () => {
    void (async () => {
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
      ran.push(`settled ${clock.nowMs()}`);
      clock.after(5, () => ran.push(`nested ${clock.nowMs()}`));
    })();
  });
  clock.after(20, () => ran.push(`later ${clock.nowMs()}`));
  await clock.advance(20);
  assert.deepEqual(ran, ["settled 10", "nested 15", "later 20"]);
});

Deno.test("SimulatedClock.every() repeats until cancelled, also from within", async () => {
  const clock = createSimulatedClock();
  const ran: number[] = [];
  const timer = clock.every(10, () => {
    ran.push(clock.nowMs());
    if (ran.length === 3) timer.cancel();
  });
  await clock.advance(100);
  assert.deepEqual(ran, [10, 20, 30]);
  assert.equal(clock.pending, 0);
});

Deno.test("SimulatedClock.stall() runs what fell due late, at the new time", async () => {
  const clock = createSimulatedClock();
  const ran: number[] = [];
  clock.after(10, () => ran.push(clock.monotonicMs()));
  clock.after(20, () => ran.push(clock.monotonicMs()));
  await clock.stall(50);
  assert.deepEqual(ran, [50, 50]);
});

Deno.test("SimulatedClock.jumpWall() moves the wall and no timer", async () => {
  const clock = createSimulatedClock();
  let ran = 0;
  clock.after(1_000, () => ran++);
  clock.jumpWall(3_600_000);
  await clock.advance(999);
  assert.deepEqual([clock.nowMs(), clock.monotonicMs(), ran], [
    3_600_999,
    999,
    0,
  ]);
});
