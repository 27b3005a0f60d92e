import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import type { ActorProgram } from "../../actors/mod.ts";
import { idleProgram, peerProgram } from "./fixtures/echo_programs.ts";
import { createHarness, type Harness, rejection } from "./harness.ts";

const WAITS = 'Waits for "desk:paper"';

/** Notes what it is told of its side. */
function createNotes() {
  const notes: string[] = [];
  const program: ActorProgram = {
    start: () => ({
      receive() {},
      pause: () => void notes.push("pause"),
      resume: () => void notes.push("resume"),
      ask: () => notes.length,
    }),
  };
  return { notes, program };
}

async function createDeskAndAgent(
  options: { program?: ActorProgram; startPaused?: boolean } = {},
): Promise<Harness> {
  const harness = createHarness();
  await harness.start({
    id: "desk:paper",
    kind: "desk",
    program: peerProgram,
    restart: "permanent",
  });
  await harness.start({
    id: "agent",
    program: peerProgram,
    dependsOn: ["desk:paper"],
    ...options,
  });
  return harness;
}

Deno.test("a dependent waits while its dependency restarts, keeps isolate and state, and goes on when it is linked again", async () => {
  const { supervisor, clock, log, hosts } = await createDeskAndAgent();
  supervisor.connect({
    from: "agent",
    to: "desk:paper",
    fromLink: "desk",
    toLink: "agent",
  });
  await clock.settle();
  hosts("desk:paper")[0]!.fail("Cannot go on");
  assert.equal(supervisor.status("agent")?.state, "reconciling");
  assert.equal(supervisor.status("agent")?.cause, WAITS);
  await clock.advance(60_000);
  assert.deepEqual(
    log.changes("agent").slice(3).map(({ event, to, epoch, cause }) =>
      `${event} ${to} ${epoch}: ${cause}`
    ),
    [
      `dependency_lost reconciling 1: ${WAITS}`,
      "reconciled running 1: Everything it depends on is up",
    ],
  );
  assert.equal(hosts("agent").length, 1);
  const heard = await supervisor.ask("agent", {}) as unknown[][];
  assert.deepEqual(heard.map(([what]) => what), ["opened", "closed", "opened"]);
});

Deno.test("events tell that a dependent waits before its dependency is gone, and that it goes on after that is back", async () => {
  const { clock, log, hosts } = await createDeskAndAgent();
  log.events.length = 0;
  hosts("desk:paper")[0]!.fail("Cannot go on");
  await clock.advance(1_000);
  assert.deepEqual(
    log.of("lifecycle").map(({ change }) => `${change.id} ${change.to}`),
    [
      "agent reconciling",
      "desk:paper backing_off",
      "desk:paper starting",
      "desk:paper reconciling",
      "desk:paper running",
      "agent running",
    ],
  );
});

Deno.test("a listener that ends a dependency from within its dependent's event hears of both in order", async () => {
  const { supervisor, clock, hosts, log } = await createDeskAndAgent();
  log.react = (event) => {
    if (event.type !== "lifecycle" || event.change.id !== "agent") return;
    if (event.change.event !== "dependency_lost") return;
    void supervisor.kill("desk:paper", "At once");
    void supervisor.kill("agent", "At once");
  };
  log.events.length = 0;
  hosts("desk:paper")[0]!.fail("Cannot go on");
  await clock.advance(60_000);
  assert.deepEqual(
    log.of("lifecycle").map(({ change: { id, from, to } }) =>
      `${id}: ${from} ${to}`
    ),
    [
      "agent: running reconciling",
      "desk:paper: running backing_off",
      "desk:paper: backing_off killed",
      "agent: reconciling killed",
    ],
  );
  assert.equal(clock.pending, 0);
});

for (
  const [what, act] of Object.entries<(harness: Harness) => unknown>({
    "is stopped": ({ supervisor }) =>
      supervisor.stop("desk:paper", { reason: "Done", mode: "stop" }),
    "is killed": ({ supervisor }) => supervisor.kill("desk:paper", "Done"),
    "is recycled": ({ supervisor, hosts }) => {
      hosts("desk:paper").at(-1)!.goSilent();
      return supervisor.restart("desk:paper", "Done");
    },
  })
) {
  Deno.test(`a dependent waits when its dependency ${what}`, async () => {
    const harness = await createDeskAndAgent();
    Promise.resolve(act(harness)).catch(() => {});
    await harness.clock.advance(3_000);
    assert.equal(harness.supervisor.status("agent")?.state, "reconciling");
    assert.equal(harness.hosts("agent").length, 1);
    const drained = harness.supervisor.drain({ deadlineMs: 0 });
    await harness.clock.advance(0);
    await drained;
  });
}

Deno.test("start() of a dependent resolves when its dependency is up, however long that takes", async () => {
  const { supervisor, start, clock, log } = createHarness();
  let isUp = false;
  const started = start({
    id: "agent",
    program: idleProgram,
    dependsOn: ["desk:paper"],
    startMs: 1_000,
  }).then(() => isUp = true);
  await clock.advance(3_600_000);
  assert.equal(isUp, false);
  assert.equal(supervisor.status("agent")?.state, "reconciling");
  assert.equal(supervisor.status("agent")?.cause, WAITS);
  assert.equal(log.changes("agent").at(-1)!.cause, WAITS);
  await start({ id: "desk:paper", kind: "desk", program: idleProgram });
  await started;
  assert.equal(supervisor.status("agent")?.state, "running");
});

Deno.test("a dependent waits for all of its dependencies, and through a chain", async () => {
  const { supervisor, start, clock, hosts } = createHarness();
  await start({ id: "feed", kind: "feed", program: idleProgram });
  await start({
    id: "desk",
    kind: "desk",
    program: idleProgram,
    dependsOn: ["feed"],
  });
  await start({ id: "agent", program: idleProgram, dependsOn: ["desk"] });
  hosts("feed")[0]!.fail("Cannot go on");
  assert.deepEqual(supervisor.list().map(({ id, cause }) => [id, cause]), [
    ["feed", "Cannot go on"],
    ["desk", 'Waits for "feed"'],
    ["agent", 'Waits for "desk"'],
  ]);
  hosts("desk")[0]!.fail("Cannot go on, either");
  await clock.advance(2_000);
  assert.deepEqual(
    supervisor.list().map(({ state, epoch }) => [state, epoch]),
    [
      ["running", 2],
      ["running", 2],
      ["running", 1],
    ],
  );
});

Deno.test("pause() and resume() of a waiting dependent reach its program at once and its state when it goes on", async () => {
  const { notes, program } = createNotes();
  const { supervisor, clock, hosts, log } = await createDeskAndAgent({
    program,
  });
  hosts("desk:paper")[0]!.fail("Cannot go on");
  await supervisor.pause("agent", "Wait");
  assert.deepEqual(notes, ["pause"]);
  assert.equal(await supervisor.ask("agent", null), 1);
  assert.equal(supervisor.status("agent")?.isPaused, true);
  assert.equal(supervisor.status("agent")?.state, "reconciling");
  await clock.advance(2_000);
  assert.equal(supervisor.status("agent")?.state, "paused");
  hosts("desk:paper")[1]!.fail("Cannot go on");
  await supervisor.resume("agent", "Go");
  await clock.advance(2_000);
  assert.deepEqual(notes, ["pause", "resume"]);
  assert.deepEqual(log.states("agent").slice(3), [
    "reconciling",
    "paused",
    "reconciling",
    "running",
  ]);
});

Deno.test("stop() and kill() of a waiting dependent work at once", async () => {
  for (const end of ["stopped", "killed"]) {
    const { supervisor, clock, hosts } = await createDeskAndAgent();
    hosts("desk:paper")[0]!.fail("Cannot go on");
    if (end === "killed") await supervisor.kill("agent", "Emergency");
    else await supervisor.stop("agent", { reason: "Done", mode: "stop" });
    assert.equal(supervisor.status("agent")?.state, end);
    await clock.advance(60_000);
    assert.equal(supervisor.status("agent")?.state, end);
  }
});

Deno.test("a waiting dependent that fails or hangs backs off as usual, and waits again when it is ready", async () => {
  for (const how of ["fails", "hangs"]) {
    const { supervisor, clock, hosts, log } = await createDeskAndAgent();
    void supervisor.stop("desk:paper", { reason: "Done", mode: "stop" });
    await clock.settle();
    if (how === "fails") hosts("agent")[0]!.fail("Cannot go on");
    else hosts("agent")[0]!.goSilent();
    await clock.advance(10_000);
    assert.deepEqual(log.states("agent").slice(3), [
      "reconciling",
      "backing_off",
      "starting",
      "reconciling",
    ]);
    assert.equal(supervisor.status("agent")?.cause, WAITS);
    await supervisor.restart("desk:paper", "Again");
    assert.equal(supervisor.status("agent")?.state, "running");
  }
});

Deno.test("a dependent that went silent while it waited is degraded as soon as it goes on", async () => {
  const { supervisor, clock, hosts, log } = await createDeskAndAgent();
  hosts("agent")[0]!.goSilent();
  await clock.advance(100);
  void supervisor.stop("desk:paper", { reason: "Done", mode: "stop" });
  await clock.advance(3_500);
  await supervisor.restart("desk:paper", "Again");
  assert.deepEqual(log.states("agent").slice(3), [
    "reconciling",
    "running",
    "degraded",
  ]);
});

Deno.test("a dependent that is recycled comes back when it is ready, also while it waits", async () => {
  const { supervisor, clock, hosts } = await createDeskAndAgent();
  void supervisor.stop("desk:paper", { reason: "Done", mode: "stop" });
  await clock.settle();
  const restarted = supervisor.restart("agent", "Fresh start");
  await clock.settle();
  assert.equal(supervisor.status("agent")?.epoch, 2);
  assert.equal(supervisor.status("agent")?.cause, WAITS);
  await supervisor.restart("desk:paper", "Again");
  await restarted;
  assert.equal(supervisor.status("agent")?.state, "running");
  assert.equal(hosts("agent").length, 2);
});

Deno.test("start() refuses a child that would depend on itself, and names the way round", async () => {
  const { start, supervisor } = createHarness();
  const startOne = (id: string, dependsOn: string[]) =>
    start({ id, program: idleProgram, dependsOn });
  startOne("a", ["b"]).catch(() => {});
  startOne("b", ["c"]).catch(() => {});
  const error = await rejection(startOne("c", ["x", "a"])) as AppError;
  assert.equal(error.code, "DEPENDENCY_CYCLE");
  assert.match(error.message, /\("c" on "a" on "b" on "c"\)/);
  const own = await rejection(startOne("d", ["d"])) as AppError;
  assert.equal(own.code, "DEPENDENCY_CYCLE");
  assert.equal(supervisor.status("c"), null);
  await supervisor.drain({ deadlineMs: 0 });
});

Deno.test("drain() stops a dependent before what it needs, even if that was started later", async () => {
  const { start, supervisor, log } = createHarness();
  const agents = ["agent 1", "agent 2"].map((id) =>
    start({ id, program: idleProgram, dependsOn: ["desk"] })
  );
  const desk = start({ id: "desk", program: idleProgram, dependsOn: ["feed"] });
  await start({ id: "feed", kind: "feed", program: idleProgram });
  await Promise.all([desk, ...agents]);
  await supervisor.drain({ deadlineMs: 10_000 });
  assert.deepEqual(
    log.of("lifecycle").filter(({ change }) => change.to === "stopped")
      .map(({ change }) => change.id),
    ["agent 2", "agent 1", "desk", "feed"],
  );
  assert.ok(
    log.changes("agent 1").every(({ event }) => event !== "dependency_lost"),
  );
});
