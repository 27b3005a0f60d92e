import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import { excessHeap } from "../../actors/supervision/heap_guard.ts";
import { counterProgram } from "./fixtures/counter_program.ts";
import { idleProgram, stillbornProgram } from "./fixtures/echo_programs.ts";
import { createHarness, type Harness, rejection } from "./harness.ts";

const MIB = 1_048_576;

const codeOf = async (promise: Promise<unknown>) =>
  (await rejection(promise) as AppError).code;

const loadInit = (config: object) => () =>
  Promise.resolve({ config: { step: 1, ...config }, snapshot: null });

/** A heartbeat as a worker would send it; inline actors know no heap of their own. */
function beat(harness: Harness, id: string, heapUsedBytes: number): void {
  harness.hosts(id).at(-1)!.inject({
    type: "heartbeat",
    heartbeat: { seq: 1, at: harness.clock.nowMs(), heapUsedBytes },
  });
}

Deno.test("restart() goes from stopping straight to starting, so that nobody takes it for an end", async () => {
  const { start, supervisor, log } = createHarness();
  await start({ id: "a", program: counterProgram, loadInit: loadInit({}) });
  await supervisor.restart("a", "Fresh start");
  assert.deepEqual(
    log.changes("a").slice(3).map(({ from, event, to, epoch, cause }) =>
      `${from} ${event} ${to} ${epoch}: ${cause}`
    ),
    [
      "running stop_requested stopping 1: Fresh start",
      "stopping recycled starting 2: Fresh start",
      "starting started reconciling 2: Code is loaded",
      "reconciling reconciled running 2: Program is ready",
    ],
  );
  assert.deepEqual(log.reports("a"), ["stop recycle"]);
});

Deno.test("restart() goes on past the shutdown deadline of an incarnation that hangs, and when it fails at its end", async () => {
  for (const stop of ["hang", "throw"]) {
    const { start, supervisor, clock, hosts, log } = createHarness();
    await start({
      id: "a",
      program: counterProgram,
      loadInit: loadInit({ stop }),
      shutdownMs: 2_000,
    });
    const restarted = supervisor.restart("a", "Fresh start");
    await clock.advance(2_000);
    await restarted;
    assert.equal(hosts("a")[0]!.isTerminated, true);
    assert.ok(!log.states("a").includes("stopped"));
    assert.equal(supervisor.status("a")?.epoch, 2);
    const recycled = log.changes("a").find((c) => c.event === "recycled");
    assert.match(
      recycled!.cause,
      stop === "hang"
        ? /^Terminated after 2000 ms: Fresh start$/
        : /^Failed while stopping: Cannot stop$/,
    );
  }
});

Deno.test("restart() before the actor is up begins anew, whatever the start is waiting for", async () => {
  for (const waitsFor of ["load", "program"]) {
    let attempts = 0;
    const { start, supervisor, clock, log } = createHarness();
    const started = start({
      id: "a",
      program: {
        start: () =>
          waitsFor === "program" && ++attempts === 1
            ? new Promise(() => {})
            : { receive() {} },
      },
      loadInit: () =>
        waitsFor === "load" && ++attempts === 1
          ? new Promise(() => {})
          : Promise.resolve({ config: {}, snapshot: null }),
    });
    await clock.settle();
    const restarted = supervisor.restart("a", "Fresh start");
    await clock.advance(10_000);
    await Promise.all([started, restarted]);
    assert.equal(supervisor.status("a")?.epoch, 2);
    assert.ok(!log.states("a").includes("stopped"));
  }
});

Deno.test("a stop or kill that comes while a recycle is under way wins, and says why", async () => {
  for (const end of ["stopped", "killed"]) {
    const { start, supervisor, clock, log } = createHarness();
    await start({ id: "a", program: idleProgram });
    const restarted = codeOf(supervisor.restart("a", "Fresh start"));
    if (end === "killed") await supervisor.kill("a", "Emergency");
    else await supervisor.stop("a", { reason: "Done", mode: "stop" });
    assert.equal(await restarted, "ACTOR_STATE_REFUSED");
    await clock.advance(60_000);
    const last = log.changes("a").at(-1)!;
    assert.equal(last.to, end);
    assert.equal(last.cause, end === "killed" ? "Emergency" : "Done");
    assert.equal(clock.pending, 0);
  }
});

Deno.test("restart() during a stop that is meant to last waits for its end and starts anew", async () => {
  const { start, supervisor, log } = createHarness();
  await start({ id: "a", program: idleProgram });
  await Promise.all([
    supervisor.stop("a", { reason: "Done", mode: "stop" }),
    supervisor.restart("a", "First"),
    supervisor.restart("a", "Second"),
  ]);
  assert.deepEqual(log.states("a").slice(3), [
    "stopping",
    "stopped",
    "starting",
    "reconciling",
    "running",
  ]);
  assert.equal(supervisor.status("a")?.epoch, 2);
});

Deno.test("a stop, kill or shutdown that comes while a restart waits for an end wins", async () => {
  for (const end of ["stop", "kill", "drain"] as const) {
    const { start, supervisor, hosts, clock, log } = createHarness();
    await start({ id: "a", program: idleProgram });
    hosts("a").at(-1)!.goSilent();
    const stopped = supervisor.stop("a", { reason: "Done", mode: "stop" });
    const restarted = codeOf(supervisor.restart("a", "Fresh start"));
    const ended = end === "stop"
      ? supervisor.stop("a", { reason: "For good", mode: "stop" })
      : end === "kill"
      ? supervisor.kill("a", "Emergency")
      : supervisor.drain({ deadlineMs: 1_000 });
    await clock.advance(60_000);
    await Promise.all([stopped, ended]);
    assert.equal(await restarted, "ACTOR_STATE_REFUSED");
    assert.equal(log.changes("a").at(-1)!.epoch, 1);
    assert.equal(clock.pending, 0);
  }
});

Deno.test("pause() while a recycle is under way brings the next incarnation up paused", async () => {
  const { start, supervisor, log } = createHarness();
  await start({ id: "a", program: idleProgram });
  const restarted = supervisor.restart("a", "Fresh start");
  await supervisor.pause("a", "Wait");
  await restarted;
  assert.equal(log.states("a").at(-1), "paused");
});

Deno.test("a recycle that cannot start backs off as any failed start", async () => {
  let isBroken = false;
  const { start, supervisor, clock, log } = createHarness();
  await start({
    id: "a",
    program: {
      start: (runtime) =>
        isBroken ? stillbornProgram.start(runtime) : { receive() {} },
    },
  });
  isBroken = true;
  const failed = codeOf(supervisor.restart("a", "Fresh start"));
  await clock.advance(120_000);
  assert.equal(await failed, "ACTOR_START_FAILED");
  assert.equal(
    log.changes("a").filter((change) => change.event === "failed").length,
    5,
  );
});

Deno.test("excessHeap() names heap and cap, and knows nothing of a heap that was not measured", () => {
  assert.equal(
    excessHeap({ heapUsedBytes: 131 * MIB }, 128 * MIB),
    "Heap 131 MiB is above its soft cap of 128 MiB",
  );
  assert.match(
    excessHeap({ heapUsedBytes: 128 * MIB + 1 }, 128 * MIB)!,
    /^Heap 129 MiB/,
  );
  assert.equal(excessHeap({ heapUsedBytes: 128 * MIB }, 128 * MIB), null);
  assert.equal(excessHeap({ heapUsedBytes: null }, 128 * MIB), null);
  assert.equal(excessHeap({ heapUsedBytes: 131 * MIB }, undefined), null);
});

Deno.test("a heap above its soft cap recycles the actor gracefully, for one restart of its budget", async () => {
  const harness = createHarness();
  const { start, supervisor, clock, log } = harness;
  await start({
    id: "a",
    program: counterProgram,
    loadInit: loadInit({}),
    softHeapBytes: 128 * MIB,
  });
  beat(harness, "a", 128 * MIB);
  await clock.settle();
  assert.equal(supervisor.status("a")?.epoch, 1);
  beat(harness, "a", 131 * MIB);
  await clock.settle();
  assert.deepEqual(
    log.changes("a").slice(3).map(({ to, restarts }) => [to, restarts]),
    [["stopping", 1], ["starting", 1], ["reconciling", 1], ["running", 1]],
  );
  assert.equal(
    log.changes("a")[4]!.cause,
    "Heap 131 MiB is above its soft cap of 128 MiB",
  );
  assert.equal(log.of("snapshot").length, 1);
});

Deno.test("a heap that grows again and again uses up the budget, and quarantines the actor with that cause", async () => {
  const harness = createHarness();
  const { start, supervisor, clock, log, hosts } = harness;
  await start({ id: "a", program: idleProgram, softHeapBytes: 128 * MIB });
  for (let round = 0; round < 6; round++) {
    beat(harness, "a", 200 * MIB);
    await clock.settle();
  }
  assert.equal(hosts("a").length, 6);
  assert.equal(supervisor.status("a")?.state, "quarantined");
  assert.equal(
    log.changes("a").at(-1)!.cause,
    "Heap 200 MiB is above its soft cap of 128 MiB (all 5 restarts are used up)",
  );
  assert.equal(clock.pending, 0);
  await supervisor.restart("a", "More memory");
  assert.equal(supervisor.status("a")?.restarts, 0);
});

Deno.test("a temporary actor above its soft cap is quarantined at once", async () => {
  const harness = createHarness();
  await harness.start({
    id: "a",
    program: idleProgram,
    restart: "temporary",
    softHeapBytes: MIB,
  });
  beat(harness, "a", 2 * MIB);
  assert.equal(harness.supervisor.status("a")?.state, "quarantined");
});

Deno.test("a heap above its cap in the middle of a stop does not start the actor again", async () => {
  const harness = createHarness();
  const { start, supervisor, clock, log } = harness;
  await start({
    id: "a",
    program: counterProgram,
    loadInit: loadInit({ stop: "hang" }),
    softHeapBytes: MIB,
  });
  const stopped = supervisor.stop("a", { reason: "Done", mode: "stop" });
  beat(harness, "a", 2 * MIB);
  await clock.advance(10_000);
  await stopped;
  assert.deepEqual(log.states("a").slice(3), ["stopping", "stopped"]);
});
