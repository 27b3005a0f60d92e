import assert from "node:assert/strict";
import {
  countZombies,
  ReportedCpu,
  UnownedCpu,
} from "../../actors/supervision/cpu_attribution.ts";
import { createSimulatedClock } from "../../actors/mod.ts";
import { ZombieWatch } from "../../actors/supervision/zombie_watch.ts";

Deno.test("ReportedCpu adds up what each incarnation used, and never falls", () => {
  const reported = new ReportedCpu();
  reported.report("a", { epoch: 1, cpuMs: 100 });
  reported.report("a", { epoch: 1, cpuMs: 150 });
  reported.report("b", { epoch: 7, cpuMs: 30 });
  assert.equal(reported.totalMs, 180);
  reported.report("a", { epoch: 2, cpuMs: 40 });
  reported.report("b", { epoch: 7, cpuMs: null });
  assert.equal(reported.totalMs, 220);
  reported.forget("a");
  assert.equal(reported.totalMs, 220);
});

Deno.test("UnownedCpu knows nothing before its window is full, and then only of that window", () => {
  const unowned = new UnownedCpu();
  const at = (second: number, processCpuMs: number, ownedCpuMs: number) =>
    unowned.add({ atMs: second * 1_000, processCpuMs, ownedCpuMs });
  for (let second = 0; second < 5; second++) {
    assert.equal(at(second, second * 1_500, second * 500), null);
  }
  assert.equal(at(5, 7_500, 2_500), 1);
  for (let second = 6; second < 10; second++) {
    at(second, 7_500 + second, 2_500 + second);
  }
  assert.equal(at(10, 7_510, 2_510), 0);
});

Deno.test("UnownedCpu takes more owned than used, which late heartbeats can cause, for none", () => {
  const unowned = new UnownedCpu();
  unowned.add({ atMs: 0, processCpuMs: 0, ownedCpuMs: 0 });
  const cores = unowned.add({
    atMs: 5_000,
    processCpuMs: 100,
    ownedCpuMs: 900,
  });
  assert.equal(cores, 0);
});

Deno.test("countZombies() needs half a core a thread, never counts more than are suspected, and does not flicker", () => {
  const of = (cores: number, suspects: number, before = 0) =>
    countZombies(cores, { suspects, before });
  assert.equal(of(0.49, 1), 0);
  assert.equal(of(0.5, 1), 1);
  assert.equal(of(1.9, 1), 1);
  assert.equal(of(1.4, 3), 2);
  assert.equal(of(0.4, 1, 1), 1);
  assert.equal(of(0.4, 1, 0), 0);
  assert.equal(of(0.24, 1, 1), 0);
});

/** A process of which a test says how many cores it uses and owns up to. */
function createProcess() {
  const clock = createSimulatedClock();
  const told: { count: number; detail: string }[] = [];
  let usedCores = 0;
  let processCpuMs = 0;
  let sinceMs = 0;
  const machine = { isOverloaded: false };
  const settle = () => {
    processCpuMs += (clock.monotonicMs() - sinceMs) * usedCores;
    sinceMs = clock.monotonicMs();
  };
  const watch = new ZombieWatch({
    clock,
    processCpuMs: () => {
      settle();
      return processCpuMs;
    },
    mainCpuMs: () => clock.monotonicMs() * 0.1,
    isOverloaded: () => machine.isOverloaded,
    emit: (event) => {
      assert.ok(event.type === "zombie_threads");
      told.push({ count: event.count, detail: event.detail });
    },
  });
  const use = (cores: number) => {
    settle();
    usedCores = cores;
  };
  return { clock, told, watch, use, machine };
}

Deno.test("ZombieWatch tells once that a terminated thread burns, and once that it is over", async () => {
  const { clock, told, watch, use } = createProcess();
  use(1.1);
  await clock.advance(60_000);
  assert.equal(clock.pending, 0, "Nobody is suspected");
  watch.suspect();
  await clock.advance(4_999);
  assert.equal(told.length, 0);
  await clock.advance(1);
  assert.deepEqual(told.slice(), [{
    count: 1,
    detail:
      "1.0 cores of the last 5 s belong to no live actor: 1 terminated thread burns on. Restart the process to end that",
  }]);
  await clock.advance(60_000);
  use(0.1);
  await clock.advance(5_000);
  assert.deepEqual(told.map(({ count }) => count), [1, 0]);
  assert.equal(clock.pending, 0);
});

Deno.test("ZombieWatch does not count what live actors own up to, and stops suspecting a thread that does not burn", async () => {
  const { clock, told, watch, use } = createProcess();
  use(2);
  let cpuMs = 0;
  const beats = clock.every(1_000, () => {
    cpuMs += 1_900;
    watch.report("busy", { epoch: 1, cpuMs });
  });
  watch.suspect();
  await clock.advance(31_000);
  beats.cancel();
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 0);
});

Deno.test("ZombieWatch judges nothing while an actor that runs has not said what it used", async () => {
  const { clock, told, watch, use } = createProcess();
  use(2);
  let beats = 0;
  const beating = clock.every(1_000, () => {
    beats++;
    // Young, and busy with what it missed: nothing is measured at first.
    const cpuMs = beats < 5 ? null : beats * 1_900;
    watch.report("young", { epoch: 1, cpuMs });
  });
  watch.suspect();
  await clock.advance(20_000);
  beating.cancel();
  assert.deepEqual(told, []);
  watch.report("ended", { epoch: 1, cpuMs: null });
  watch.ended("ended", { isAbandoned: false });
  await clock.advance(6_000);
  assert.deepEqual(told.map(({ count }) => count), [1]);
  watch.stop();
});

Deno.test("ZombieWatch tells of a thread that gets less than half a core once it has burned for as long as one is suspected", async () => {
  const { clock, told, watch, use } = createProcess();
  use(0.45);
  watch.suspect();
  await clock.advance(29_999);
  assert.deepEqual(told, []);
  await clock.advance(1);
  assert.deepEqual(told.map(({ count }) => count), [1]);
  use(0.1);
  await clock.advance(6_000);
  assert.deepEqual(told.map(({ count }) => count), [1, 0]);
  assert.equal(clock.pending, 0);
});

Deno.test("ZombieWatch suspects on while it is not clear, and begins anew after a pause", async () => {
  const { clock, told, watch, use } = createProcess();
  use(0.45);
  watch.suspect();
  await clock.advance(20_000);
  use(0.2);
  await clock.advance(6_000);
  use(0.45);
  await clock.advance(25_000);
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 1);
  use(0.1);
  await clock.advance(6_000);
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 0);
});

Deno.test("ZombieWatch suspects a thread that gets next to nothing of an overloaded machine until it can burn", async () => {
  const { clock, told, watch, use, machine } = createProcess();
  machine.isOverloaded = true;
  use(0.2);
  watch.suspect();
  await clock.advance(300_000);
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 1, "it is not cleared");
  // The others have gone, and it burns as it can.
  machine.isOverloaded = false;
  use(1.1);
  await clock.advance(5_000);
  assert.deepEqual(told.map(({ count }) => count), [1]);
});

Deno.test("ZombieWatch does not take a thread that burned for gone while the machine is overloaded", async () => {
  const { clock, told, watch, use, machine } = createProcess();
  use(1.1);
  watch.suspect();
  await clock.advance(5_000);
  machine.isOverloaded = true;
  use(0.2);
  await clock.advance(120_000);
  assert.deepEqual(told.map(({ count }) => count), [1]);
  assert.equal(clock.pending, 1, "it looks on");
  machine.isOverloaded = false;
  await clock.advance(1_000);
  assert.deepEqual(told.map(({ count }) => count), [1, 0]);
  assert.equal(clock.pending, 0);
});

Deno.test("ZombieWatch clears a thread that does not burn once the machine is no longer overloaded", async () => {
  const { clock, told, watch, use, machine } = createProcess();
  machine.isOverloaded = true;
  use(0.1);
  watch.suspect();
  await clock.advance(120_000);
  assert.equal(clock.pending, 1);
  machine.isOverloaded = false;
  await clock.advance(1_000);
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 0);
});

Deno.test("ZombieWatch follows how many burn", async () => {
  const { clock, told, watch, use } = createProcess();
  watch.suspect();
  watch.suspect();
  use(2.1);
  await clock.advance(5_000);
  use(0.9);
  await clock.advance(6_000);
  use(0.1);
  await clock.advance(6_000);
  assert.deepEqual(told.map(({ count }) => count), [2, 1, 0]);
});

Deno.test("ZombieWatch says nothing once it is stopped", async () => {
  const { clock, told, watch, use } = createProcess();
  use(1.1);
  watch.suspect();
  watch.stop();
  watch.suspect();
  await clock.advance(60_000);
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 0);
});
