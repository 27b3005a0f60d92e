import assert from "node:assert/strict";
import { AppError } from "../../lib/core/errors.ts";
import { createHarness, rejection } from "./harness.ts";
import { idleProgram, stillbornProgram } from "./fixtures/echo_programs.ts";

const BASE_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000];

Deno.test("start() takes a child through starting and reconciling to running", async () => {
  const { start, log, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram });
  assert.deepEqual(
    log.changes("a").map(({ from, event, to, epoch }) =>
      `${from} ${event} ${to} ${epoch}`
    ),
    [
      "stopped start_requested starting 1",
      "starting started reconciling 1",
      "reconciling reconciled running 1",
    ],
  );
  assert.equal(supervisor.status("a")?.state, "running");
});

Deno.test("start() with startPaused never shows running", async () => {
  const { start, log, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram, startPaused: true });
  assert.deepEqual(log.states("a"), ["starting", "reconciling", "paused"]);
  await supervisor.resume("a", "Go");
  assert.equal(supervisor.status("a")?.state, "running");
});

for (const seed of [1, 2, 3]) {
  Deno.test(`a child that always fails backs off within the jitter, uses exactly its budget and is quarantined (seed ${seed})`, async () => {
    const { supervisor, spec, clock, log, hosts } = createHarness(seed);
    const failed = rejection(
      supervisor.start(spec({ id: "a", program: stillbornProgram })),
    );
    await clock.advance(60_000);
    const error = await failed;
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "ACTOR_START_FAILED");
    assert.match(error.message, /Cannot find the start/);

    const failures = log.changes("a").filter((c) => c.event === "failed");
    failures.forEach((change, index) => {
      const delayMs = change.retryAt! - change.at;
      const baseMs = BASE_DELAYS_MS[index]!;
      assert.ok(delayMs >= baseMs * 0.8 && delayMs <= baseMs * 1.2);
      assert.equal(change.restarts, index + 1);
      const next = log.changes("a").find((c) => c.epoch === index + 2)!;
      assert.equal(next.at, change.retryAt);
    });
    assert.equal(failures.length, 5);
    assert.equal(hosts("a").length, 6);
    const last = log.changes("a").at(-1)!;
    assert.equal(last.event, "budget_exhausted");
    assert.equal(last.retryAt, null);
    assert.equal(last.restarts, 5);
    await clock.advance(3_600_000);
    assert.equal(hosts("a").length, 6);
  });
}

Deno.test("the same seed gives the same restarts to the millisecond", async () => {
  const run = async () => {
    const { supervisor, spec, clock, log } = createHarness(42);
    void rejection(supervisor.start(
      spec({ id: "a", program: stillbornProgram }),
    ));
    await clock.advance(60_000);
    return log.changes("a");
  };
  assert.deepEqual(await run(), await run());
});

Deno.test("a child that was up for a minute starts its backoff anew, and old restarts leave the budget", async () => {
  const { start, clock, log, hosts, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram });
  for (let round = 0; round < 8; round++) {
    await clock.advance(61_000);
    hosts("a").at(-1)!.fail("Cannot go on");
    await clock.advance(1_000);
    assert.equal(supervisor.status("a")?.state, "running");
  }
  for (const change of log.changes("a").filter((c) => c.event === "failed")) {
    assert.ok(change.retryAt! - change.at <= 600);
    assert.equal(change.restarts, 1);
  }
});

Deno.test("the longest pause before a restart is a minute and its jitter", async () => {
  const { start, clock, log } = createHarness();
  const failed = rejection(start({
    id: "a",
    program: stillbornProgram,
    budget: { restarts: 12, windowMs: 3_600_000 },
  }));
  await clock.advance(1_200_000);
  await failed;
  const delays = log.changes("a").filter((c) => c.event === "failed")
    .map((change) => change.retryAt! - change.at);
  assert.equal(delays.length, 12);
  for (const delayMs of delays.slice(7)) {
    assert.ok(delayMs >= 48_000 && delayMs <= 72_000);
  }
});

Deno.test("stop() during a backoff cancels the attempt", async () => {
  const { start, supervisor, clock, log, hosts } = createHarness();
  const failed = rejection(start({ id: "a", program: stillbornProgram }));
  await clock.settle();
  assert.equal(supervisor.status("a")?.state, "backing_off");
  await supervisor.stop("a", { reason: "Enough", mode: "stop" });
  assert.equal((await failed as AppError).code, "ACTOR_STATE_REFUSED");
  await clock.advance(120_000);
  assert.equal(hosts("a").length, 1);
  assert.deepEqual(log.states("a").slice(-2), ["backing_off", "stopped"]);
  assert.equal(clock.pending, 0);
});

Deno.test("kill() ends a child in any state, latches it, and leaves no timer behind", async () => {
  const { start, supervisor, clock, log } = createHarness();
  const failed = rejection(start({ id: "failing", program: stillbornProgram }));
  await start({ id: "running", program: idleProgram });
  await supervisor.kill("failing", "Emergency");
  await supervisor.kill("running", "Emergency");
  await failed;
  assert.equal(clock.pending, 0);
  for (const id of ["failing", "running"]) {
    assert.equal(log.states(id).at(-1), "killed");
    const error = await rejection(supervisor.restart(id, "Again"));
    assert.equal((error as AppError).code, "ACTOR_STATE_REFUSED");
    const second = await rejection(start({ id, program: idleProgram }));
    assert.equal((second as AppError).code, "ACTOR_EXISTS");
  }
  await supervisor.remove("running");
  await start({ id: "running", program: idleProgram, firstEpoch: 2 });
  assert.equal(supervisor.status("running")?.epoch, 2);
});

Deno.test("a child that hangs is degraded after three seconds, dead after four and a half, and started again", async () => {
  const { start, clock, log, hosts, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram });
  await clock.advance(10_000);
  hosts("a")[0]!.goSilent();
  await clock.advance(2_999);
  assert.equal(supervisor.status("a")?.state, "running");
  await clock.advance(1);
  assert.equal(supervisor.status("a")?.state, "degraded");
  await clock.advance(1_499);
  assert.equal(supervisor.status("a")?.state, "degraded");
  await clock.advance(1);
  assert.equal(supervisor.status("a")?.state, "backing_off");
  assert.equal(hosts("a")[0]!.isTerminated, true);
  assert.equal(supervisor.status("a")?.abandoned, 1);
  await clock.advance(600);
  assert.deepEqual(log.states("a").slice(3), [
    "degraded",
    "backing_off",
    "starting",
    "reconciling",
    "running",
  ]);
  assert.equal(supervisor.status("a")?.epoch, 2);
});

Deno.test("a child that is only slow recovers with its next heartbeat, to what it was", async () => {
  for (const paused of [false, true]) {
    const { start, clock, log, hosts } = createHarness();
    await start({ id: "a", program: idleProgram, startPaused: paused });
    hosts("a")[0]!.goSilent();
    await clock.advance(3_500);
    hosts("a")[0]!.goOn();
    await clock.advance(600);
    const state = paused ? "paused" : "running";
    assert.deepEqual(log.states("a").slice(2), [state, "degraded", state]);
    await clock.advance(10_000);
    assert.equal(log.states("a").length, 5);
  }
});

Deno.test("a child that cannot load what it starts from backs off and tries again", async () => {
  const { start, clock, supervisor, log, hosts } = createHarness();
  let attempts = 0;
  const started = start({
    id: "a",
    program: idleProgram,
    loadInit: () =>
      ++attempts < 3
        ? Promise.reject(new Error("Cannot read the store"))
        : Promise.resolve({ config: null, snapshot: null }),
  });
  await clock.advance(5_000);
  await started;
  assert.equal(attempts, 3);
  assert.equal(hosts("a").length, 1);
  assert.equal(supervisor.status("a")?.epoch, 3);
  assert.match(
    log.changes("a").find((c) => c.event === "failed")!.cause,
    /Cannot start: Cannot read the store/,
  );
});

Deno.test("a start that takes too long counts as a failure", async () => {
  const { start, clock, log } = createHarness();
  const failed = rejection(start({
    id: "a",
    program: { start: () => new Promise(() => {}) },
    startMs: 2_000,
    budget: { restarts: 1, windowMs: 60_000 },
  }));
  await clock.advance(10_000);
  assert.equal((await failed as AppError).code, "ACTOR_START_FAILED");
  const causes = log.changes("a").map((change) => change.cause);
  assert.ok(causes.includes("Start took longer than 2000 ms"));
});

Deno.test("a failure that a restart cannot mend quarantines at once", async () => {
  const { start, log } = createHarness();
  const error = await rejection(start({
    id: "a",
    program: {
      start() {
        throw new AppError("SNAPSHOT_UNUSABLE", "Cannot read the snapshot");
      },
    },
  }));
  assert.equal((error as AppError).code, "ACTOR_START_FAILED");
  assert.deepEqual(log.states("a"), ["starting", "reconciling", "quarantined"]);
});

Deno.test("restart kinds decide over failures and ends as in OTP", async () => {
  const finishing = {
    start: (runtime: { finish?(): void }) => ({
      receive() {},
      ask: () => runtime.finish?.(),
    }),
  };
  const expected = {
    permanent: { failed: "backing_off", ended: "backing_off" },
    transient: { failed: "backing_off", ended: "stopped" },
    temporary: { failed: "quarantined", ended: "stopped" },
  } as const;
  for (const kind of ["permanent", "transient", "temporary"] as const) {
    const { start, supervisor, hosts, clock } = createHarness();
    await start({ id: "failed", program: finishing, restart: kind });
    await start({ id: "ended", program: finishing, restart: kind });
    hosts("failed")[0]!.fail("Cannot go on");
    supervisor.ask("ended", null).catch(() => {});
    await clock.settle();
    assert.equal(supervisor.status("failed")?.state, expected[kind].failed);
    assert.equal(supervisor.status("ended")?.state, expected[kind].ended);
  }
});

Deno.test("restart() leads out of quarantine under a full budget, and epochs go on", async () => {
  let isBroken = true;
  const { start, supervisor, clock, log } = createHarness();
  const failed = rejection(start({
    id: "a",
    program: {
      start() {
        if (isBroken) throw new Error("Cannot find the start");
        return { receive() {} };
      },
    },
    firstEpoch: 10,
  }));
  await clock.advance(60_000);
  await failed;
  isBroken = false;
  await supervisor.restart("a", "Mended");
  assert.equal(supervisor.status("a")?.state, "running");
  assert.equal(supervisor.status("a")?.epoch, 16);
  assert.equal(log.changes("a").at(-1)!.restarts, 0);
});

Deno.test("what an old incarnation still says is a dead letter and changes nothing", async () => {
  const { start, supervisor, clock, log, hosts } = createHarness();
  await start({ id: "a", program: idleProgram });
  await supervisor.restart("a", "Fresh start");
  const before = log.states("a");
  hosts("a")[0]!.inject({ type: "report", report: "from the grave" });
  hosts("a")[0]!.inject({ type: "crash", error: { message: "late" } });
  await clock.settle();
  assert.deepEqual(log.states("a"), before);
  assert.deepEqual(log.reports("a"), []);
  assert.deepEqual(
    log.of("dead_letter").map(({ epoch, reason }) => [epoch, reason]),
    [[1, "late_message"], [1, "late_message"]],
  );
  assert.equal(supervisor.status("a")?.deadLetters, 2);
});
