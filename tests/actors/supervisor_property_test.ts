import assert from "node:assert/strict";
import fc from "fast-check";
import { nextState } from "../../actors/lifecycle.ts";
import { peerProgram } from "./fixtures/echo_programs.ts";
import { createHarness } from "./harness.ts";

/** In the name of each property test, so that a failure can be repeated. */
const SEED = Date.now() | 0;

const IDS = ["a", "b"] as const;

const stepArbitrary = fc.record({
  id: fc.constantFrom(...IDS),
  action: fc.constantFrom(
    "start",
    "stop",
    "kill and remove",
    "restart",
    "pause",
    "resume",
    "fail",
    "go silent",
    "send",
    "stray message",
  ),
  waitMs: fc.constantFrom(0, 0, 1, 400, 3_500, 70_000),
});

type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

function act(harness: ReturnType<typeof createHarness>, step: Step): void {
  const { supervisor, start, hosts, log } = harness;
  const { id, action } = step;
  const perform = async (): Promise<unknown> => {
    switch (action) {
      case "start": {
        // As a store would hand it out: above all that were ever used.
        const used = log.changes(id).map((change) => change.epoch);
        const firstEpoch = Math.max(0, ...used) + 1;
        return await start({ id, program: peerProgram, firstEpoch });
      }
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
      case "send":
        return await supervisor.ask(id, { send: "link", count: 100 });
      case "fail":
        return hosts(id).at(-1)?.fail("Cannot go on");
      case "go silent":
        return hosts(id).at(-1)?.goSilent();
      case "stray message":
        return hosts(id).at(-1)?.inject({ type: "stopped" });
    }
  };
  // Refusals are the supervisor's right; that it stays in order is what is tested.
  perform().catch(() => {});
}

Deno.test(`a supervisor stays in order under any sequence of commands and failures (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stepArbitrary, { maxLength: 30 }),
      async (steps) => {
        const harness = createHarness();
        const { supervisor, clock, log, hosts } = harness;
        const connect = () =>
          supervisor.connect({
            from: "a",
            to: "b",
            fromLink: "link",
            toLink: "link",
          });
        for (const step of steps) {
          connect();
          act(harness, step);
          await clock.advance(step.waitMs);
        }
        for (const id of IDS) {
          let epoch = 0;
          let state = "stopped";
          for (const change of log.changes(id)) {
            // A child that was killed and removed begins again from rest.
            if (state === "killed") state = "stopped";
            assert.equal(change.from, state);
            assert.equal(change.to, nextState(change.from, change.event));
            assert.ok(change.restarts <= change.restartBudget);
            if (change.event === "start_requested") {
              assert.ok(change.epoch > epoch, "Epochs only rise");
              epoch = change.epoch;
            }
            state = change.to;
          }
          const live = hosts(id).filter((host) => !host.isTerminated);
          assert.ok(live.length <= 1, "At most one incarnation lives");
        }
        const drained = supervisor.drain({ deadlineMs: 1_000 });
        await clock.advance(1_000);
        await drained;
        assert.equal(clock.pending, 0);
        assert.ok(
          IDS.flatMap(hosts).every((host) => host.isTerminated),
        );
      },
    ),
    { seed: SEED, numRuns: 150 },
  );
});
