import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import { counterProgram } from "./fixtures/counter_program.ts";
import { idleProgram } from "./fixtures/echo_programs.ts";
import { createHarness, rejection } from "./harness.ts";

const codeOf = async (promise: Promise<unknown>) =>
  (await rejection(promise) as AppError).code;

Deno.test("drain() stops in reverse order of start, kinds together, and takes no new start", async () => {
  const { start, supervisor, log } = createHarness();
  for (
    const [id, kind] of [
      ["feed", "feed"],
      ["desk", "desk"],
      ["agent 1", "agent"],
      ["agent 2", "agent"],
    ] as const
  ) {
    await start({ id, kind, program: idleProgram });
  }
  await supervisor.drain({ deadlineMs: 10_000 });
  const order = log.of("lifecycle").map((event) => event.change)
    .filter((change) => change.to === "stopping" || change.to === "stopped")
    .map((change) => `${change.id} ${change.to}`);
  assert.deepEqual(order, [
    "agent 2 stopping",
    "agent 1 stopping",
    "agent 2 stopped",
    "agent 1 stopped",
    "desk stopping",
    "desk stopped",
    "feed stopping",
    "feed stopped",
  ]);
  assert.equal(
    await codeOf(start({ id: "late", program: idleProgram })),
    "SUPERVISOR_DRAINING",
  );
});

Deno.test("drain() terminates what is left at its deadline", async () => {
  const { start, supervisor, clock, hosts } = createHarness();
  await start({ id: "desk", kind: "desk", program: idleProgram });
  await start({
    id: "agent",
    program: counterProgram,
    loadInit: () =>
      Promise.resolve({ config: { step: 1, stop: "hang" }, snapshot: null }),
  });
  const drained = supervisor.drain({ deadlineMs: 3_000 });
  await clock.advance(3_000);
  await drained;
  assert.deepEqual(supervisor.list().map((child) => child.state), [
    "stopped",
    "stopped",
  ]);
  assert.equal(hosts("agent")[0]!.isTerminated, true);
  assert.equal(clock.pending, 0);
});
