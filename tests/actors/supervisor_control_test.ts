import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import type { ActorProgram } from "../../actors/mod.ts";
import { counterProgram } from "./fixtures/counter_program.ts";
import { idleProgram } from "./fixtures/echo_programs.ts";
import { createHarness, rejection } from "./harness.ts";

const loadInit = () => Promise.resolve({ config: { step: 1 }, snapshot: null });

const codeOf = async (promise: Promise<unknown>) =>
  (await rejection(promise) as AppError).code;

/** Starts when told to. */
function createGate() {
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const program: ActorProgram = {
    async start() {
      await gate.promise;
      return {
        receive() {},
        pause: () => void log.push("pause"),
        resume: () => void log.push("resume"),
        stop: () => void log.push("stop"),
      };
    },
  };
  return { program, open: gate.resolve, log };
}

Deno.test("pause() while the actor starts brings it up paused, without a moment of running", async () => {
  const { start, supervisor, clock, log } = createHarness();
  const gate = createGate();
  const started = start({ id: "a", program: gate.program });
  await clock.settle();
  const paused = supervisor.pause("a", "Wait");
  gate.open();
  await Promise.all([started, paused]);
  assert.deepEqual(log.states("a"), ["starting", "reconciling", "paused"]);
  assert.deepEqual(gate.log, ["pause"]);
});

Deno.test("resume() while the actor starts paused brings it up running", async () => {
  const { start, supervisor, clock, log } = createHarness();
  const gate = createGate();
  const started = start({ id: "a", program: gate.program, startPaused: true });
  await clock.settle();
  const resumed = supervisor.resume("a", "Go");
  gate.open();
  await Promise.all([started, resumed]);
  assert.deepEqual(log.states("a"), ["starting", "reconciling", "running"]);
  assert.deepEqual(gate.log, ["pause", "resume"]);
});

Deno.test("pause() during a backoff holds for the next incarnation", async () => {
  const { start, supervisor, clock, hosts } = createHarness();
  await start({ id: "a", program: idleProgram });
  hosts("a")[0]!.fail("Cannot go on");
  await supervisor.pause("a", "Wait");
  assert.equal(supervisor.status("a")?.state, "backing_off");
  await clock.advance(1_000);
  assert.equal(supervisor.status("a")?.state, "paused");
});

Deno.test("a paused actor that fails comes back paused", async () => {
  const { start, supervisor, clock, hosts } = createHarness();
  await start({ id: "a", program: idleProgram });
  await supervisor.pause("a", "Wait");
  hosts("a")[0]!.fail("Cannot go on");
  await clock.advance(1_000);
  assert.equal(supervisor.status("a")?.state, "paused");
  assert.equal(supervisor.status("a")?.epoch, 2);
});

Deno.test("pause() and resume() are refused where nothing runs or will run", async () => {
  const { start, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram });
  await supervisor.stop("a", { reason: "Done", mode: "stop" });
  assert.equal(await codeOf(supervisor.pause("a", "x")), "ACTOR_STATE_REFUSED");
  assert.equal(
    await codeOf(supervisor.resume("a", "x")),
    "ACTOR_STATE_REFUSED",
  );
  assert.equal(await codeOf(supervisor.ask("a", "x")), "ACTOR_STATE_REFUSED");
  assert.equal(await codeOf(supervisor.pause("b", "x")), "ACTOR_UNKNOWN");
  assert.equal(await codeOf(supervisor.kill("b", "x")), "ACTOR_UNKNOWN");
});

Deno.test("stop() is graceful: last reports, last snapshot, then stopped", async () => {
  const { start, supervisor, log } = createHarness();
  await start({ id: "a", program: counterProgram, loadInit });
  await supervisor.stop("a", { reason: "Done", mode: "stop" });
  assert.deepEqual(log.states("a").slice(-2), ["stopping", "stopped"]);
  assert.deepEqual(log.events.slice(-3).map((event) => event.type), [
    "report",
    "snapshot",
    "lifecycle",
  ]);
  assert.deepEqual(log.reports("a"), ["stop stop"]);
  await supervisor.stop("a", { reason: "Again", mode: "stop" });
  assert.equal(
    log.states("a").filter((state) => state === "stopped").length,
    1,
  );
});

Deno.test("stop() terminates an actor at its deadline and says so", async () => {
  const { start, supervisor, clock, log, hosts } = createHarness();
  await start({
    id: "a",
    program: counterProgram,
    loadInit: () =>
      Promise.resolve({ config: { step: 1, stop: "hang" }, snapshot: null }),
    shutdownMs: 2_000,
  });
  const stopped = supervisor.stop("a", { reason: "Done", mode: "stop" });
  await clock.advance(1_999);
  assert.equal(supervisor.status("a")?.state, "stopping");
  await clock.advance(1);
  await stopped;
  assert.equal(hosts("a")[0]!.isTerminated, true);
  assert.equal(
    log.changes("a").at(-1)!.cause,
    "Terminated after 2000 ms: Done",
  );
});

Deno.test("stop() before the actor is up stops it, whatever the start is waiting for", async () => {
  for (const waitsFor of ["load", "program"]) {
    const { start, supervisor, clock, hosts } = createHarness();
    const failed = rejection(start({
      id: "a",
      program: { start: () => new Promise(() => {}) },
      loadInit: waitsFor === "load" ? () => new Promise(() => {}) : loadInit,
    }));
    await clock.settle();
    const stopped = supervisor.stop("a", { reason: "Changed", mode: "stop" });
    await clock.advance(10_000);
    await stopped;
    await failed;
    assert.equal(supervisor.status("a")?.state, "stopped");
    assert.equal(hosts("a").length, waitsFor === "load" ? 0 : 1);
    assert.equal(clock.pending, 0);
  }
});

Deno.test("stop() and stray messages at any moment of a start leave the child in order", async () => {
  for (let hops = 0; hops < 12; hops++) {
    const { start, supervisor, clock, hosts, log } = createHarness();
    start({ id: "a", program: idleProgram }).catch(() => {});
    for (let hop = 0; hop < hops; hop++) await Promise.resolve();
    for (const type of ["stopped", "ready", "heartbeat", "ack"]) {
      hosts("a")[0]?.inject({ type, paused: false, id: 1, ok: true });
    }
    const stopped = supervisor.stop("a", { reason: "Changed", mode: "stop" });
    await clock.advance(10_000);
    await stopped;
    assert.equal(supervisor.status("a")?.state, "stopped");
    assert.equal(log.states("a").filter((to) => to === "stopped").length, 1);
    assert.ok(hosts("a").every((host) => host.isTerminated));
    assert.equal(clock.pending, 0);
  }
});

Deno.test("stop() from within createHost() leaves nothing running", async () => {
  const { start, supervisor, clock, spec, log } = createHarness();
  const { createHost } = spec({ id: "a", program: idleProgram });
  const failed = rejection(start({
    id: "a",
    program: idleProgram,
    createHost: () => {
      void supervisor.stop("a", { reason: "Changed", mode: "stop" });
      return createHost();
    },
  }));
  await clock.advance(10_000);
  await failed;
  assert.deepEqual(log.states("a"), ["starting", "stopping", "stopped"]);
  assert.equal(clock.pending, 0);
});

Deno.test("an actor that fails while stopping is stopped, not restarted", async () => {
  const { start, supervisor, clock, log } = createHarness();
  await start({
    id: "a",
    program: counterProgram,
    loadInit: () =>
      Promise.resolve({ config: { step: 1, stop: "throw" }, snapshot: null }),
  });
  await supervisor.stop("a", { reason: "Done", mode: "stop" });
  assert.match(log.changes("a").at(-1)!.cause, /Failed while stopping/);
  await clock.advance(60_000);
  assert.equal(supervisor.status("a")?.state, "stopped");
});

Deno.test("a stop that comes while a restart waits is meant to last", async () => {
  const { start, supervisor, clock } = createHarness();
  await start({ id: "a", program: idleProgram });
  const restarted = codeOf(supervisor.restart("a", "Fresh start"));
  await supervisor.stop("a", { reason: "Done", mode: "stop" });
  assert.equal(await restarted, "ACTOR_STATE_REFUSED");
  await clock.advance(60_000);
  assert.equal(supervisor.status("a")?.state, "stopped");
});

Deno.test("two restarts at once make one new incarnation", async () => {
  const { start, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram });
  await Promise.all([
    supervisor.restart("a", "First"),
    supervisor.restart("a", "Second"),
  ]);
  assert.equal(supervisor.status("a")?.epoch, 2);
});

for (const state of ["starting", "reconciling", "running", "backing_off"]) {
  Deno.test(`a listener may stop or kill a child from within its event "${state}"`, async () => {
    for (const end of ["stopped", "killed"]) {
      const { start, supervisor, log, clock, hosts } = createHarness();
      let ended: Promise<void> | null = null;
      log.react = (event) => {
        if (event.type !== "lifecycle" || event.change.to !== state) return;
        ended = end === "killed"
          ? supervisor.kill("a", "At once")
          : supervisor.stop("a", { reason: "At once", mode: "stop" });
      };
      start({ id: "a", program: idleProgram }).catch(() => {});
      await clock.settle();
      if (ended === null) hosts("a")[0]!.fail("Cannot go on");
      await clock.advance(60_000);
      await ended;
      assert.equal(supervisor.status("a")?.state, end);
      assert.equal(clock.pending, 0);
      assert.ok(hosts("a").every((host) => host.isTerminated));
    }
  });
}

Deno.test("remove() forgets a child that is down and refuses one that is not", async () => {
  const { start, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram });
  assert.equal(await codeOf(supervisor.remove("a")), "ACTOR_STATE_REFUSED");
  await supervisor.stop("a", { reason: "Done", mode: "stop" });
  await supervisor.remove("a");
  assert.equal(supervisor.status("a"), null);
});

Deno.test("heartbeats come each second and carry what the actor did", async () => {
  const { start, clock, log, supervisor } = createHarness();
  await start({ id: "a", program: idleProgram });
  await clock.advance(3_000);
  const beats = log.of("heartbeat").map((event) => event.heartbeat);
  assert.deepEqual(beats.map(({ seq, at }) => [seq, at]), [
    [1, 1_000],
    [2, 2_000],
    [3, 3_000],
  ]);
  assert.equal(beats[0]!.heapUsedBytes, null);
  assert.deepEqual([beats[2]!.sent, beats[2]!.busyMs], [0, 0]);
  assert.equal(beats[0]!.receiveMsP99, null);
  assert.deepEqual(supervisor.status("a")?.heartbeat, beats[2]);
});
