import assert from "node:assert/strict";
import fc from "fast-check";
import { isUp } from "../../actors/lifecycle.ts";
import type { SupervisorEvent } from "../../actors/mod.ts";
import { idleProgram } from "./fixtures/echo_programs.ts";
import { createHarness, type Harness } from "./harness.ts";

/** In the name of each property test, so that a failure can be repeated. */
const SEED = Date.now() | 0;

/** What needs what: a chain, a child with two needs, and one that needs nothing. */
const DEPENDS_ON: Readonly<Record<string, readonly string[]>> = {
  feed: [],
  desk: ["feed"],
  agent: ["desk", "feed"],
  viewer: ["agent"],
  other: [],
};
const IDS = Object.keys(DEPENDS_ON);

const stepArbitrary = fc.record({
  id: fc.constantFrom(...IDS),
  action: fc.constantFrom(
    "stop",
    "kill and remove",
    "restart",
    "pause",
    "resume",
    "fail",
    "fail",
    "go silent",
    "start",
  ),
  waitMs: fc.constantFrom(0, 0, 1, 400, 3_500, 20_000),
});

type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

function startOne({ start, supervisor }: Harness, id: string): Promise<void> {
  return start({
    id,
    kind: id,
    program: idleProgram,
    restart: "permanent",
    dependsOn: DEPENDS_ON[id]!,
    firstEpoch: (supervisor.status(id)?.epoch ?? 0) + 1,
  });
}

function act(harness: Harness, { id, action }: Step): void {
  const { supervisor, hosts } = harness;
  const perform = async (): Promise<unknown> => {
    switch (action) {
      case "start":
        return await startOne(harness, id);
      case "stop":
        return await supervisor.stop(id, { reason: "Stop", mode: "stop" });
      case "kill and remove":
        await supervisor.kill(id, "Kill");
        return await supervisor.remove(id);
      case "restart":
        return await supervisor.restart(id, "Restart");
      case "pause":
        return await supervisor.pause(id, "Pause");
      case "resume":
        return await supervisor.resume(id, "Resume");
      case "fail":
        return hosts(id).at(-1)?.fail("Cannot go on");
      case "go silent":
        return hosts(id).at(-1)?.goSilent();
    }
  };
  // Refusals are the supervisor's right.
  perform().catch(() => {});
}

/** Follows the events alone, as a store or a browser would, and checks the promise after each of them. */
function createObserver() {
  const states = new Map<string, string>(IDS.map((id) => [id, "stopped"]));
  const isWorking = (id: string) => {
    const state = states.get(id)!;
    return state === "running" || state === "paused" || state === "degraded";
  };
  return (event: SupervisorEvent) => {
    if (event.type !== "lifecycle") return;
    states.set(event.change.id, event.change.to);
    for (const id of IDS.filter(isWorking)) {
      for (const needed of DEPENDS_ON[id]!) {
        assert.ok(isWorking(needed), `${id} works without ${needed}`);
      }
    }
  };
}

Deno.test(`no dependent works while a dependency is not up, at any point of the stream of events, and all goes on once the faults end (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stepArbitrary, { maxLength: 25 }),
      async (steps) => {
        const harness = createHarness();
        const { supervisor, clock, log } = harness;
        const observe = createObserver();
        const violations: unknown[] = [];
        log.react = (event) => {
          try {
            observe(event);
            for (
              const child of supervisor.list().filter((c) => isUp(c.state))
            ) {
              for (const needed of DEPENDS_ON[child.id]!) {
                const state = supervisor.status(needed)?.state ?? "stopped";
                assert.ok(isUp(state), `${child.id} is up, ${needed} ${state}`);
              }
            }
          } catch (error) {
            violations.push(error);
          }
        };
        for (const id of IDS) startOne(harness, id).catch(() => {});
        await clock.settle();
        for (const step of steps) {
          act(harness, step);
          await clock.advance(step.waitMs);
        }
        await clock.advance(120_000);
        for (const id of IDS) {
          const state = supervisor.status(id)?.state;
          const isAtRest = state === undefined || state === "stopped" ||
            state === "quarantined";
          if (!isAtRest) continue;
          startOne(harness, id).catch(() => {});
        }
        await clock.advance(120_000);
        assert.deepEqual(violations, []);
        for (const { id, state, isPaused } of supervisor.list()) {
          assert.equal(state, isPaused ? "paused" : "running", id);
        }
        const drained = supervisor.drain({ deadlineMs: 1_000 });
        await clock.advance(1_000);
        await drained;
        assert.deepEqual(violations, []);
        assert.equal(clock.pending, 0);
      },
    ),
    { seed: SEED, numRuns: 100 },
  );
});
