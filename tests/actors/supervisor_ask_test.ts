import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import { createHarness, rejection } from "./harness.ts";

const codeOf = async (promise: Promise<unknown>) =>
  (await rejection(promise) as AppError).code;

Deno.test("ask() times out with an unknown outcome, and the late reply is a dead letter", async () => {
  const reply = Promise.withResolvers<string>();
  const { start, supervisor, clock, log } = createHarness();
  await start({
    id: "a",
    program: { start: () => ({ receive() {}, ask: () => reply.promise }) },
  });
  const asked = rejection(supervisor.ask("a", "Well?"));
  await clock.advance(5_000);
  const error = await asked as AppError;
  assert.equal(error.code, "ACTOR_TIMEOUT");
  assert.match(error.message, /within 5000 ms, outcome unknown/);
  reply.resolve("Late");
  await clock.settle();
  assert.equal(log.of("dead_letter")[0]?.reason, "late_reply");
});

Deno.test("ask() waits 30 seconds at most, whatever the asker allows", async () => {
  const { start, supervisor, clock } = createHarness();
  await start({
    id: "a",
    program: {
      start: () => ({ receive() {}, ask: () => new Promise(() => {}) }),
    },
  });
  const asked = codeOf(supervisor.ask("a", "Well?", { deadlineMs: 3_600_000 }));
  await clock.advance(30_000);
  assert.equal(await asked, "ACTOR_TIMEOUT");
});

Deno.test("ask() is rejected with an unknown outcome when the actor ends first", async () => {
  const { start, supervisor, clock, hosts } = createHarness();
  await start({
    id: "a",
    program: {
      start: () => ({ receive() {}, ask: () => new Promise(() => {}) }),
    },
  });
  const asked = codeOf(supervisor.ask("a", "Well?"));
  await clock.settle();
  hosts("a")[0]!.fail("Cannot go on");
  assert.equal(await asked, "ACTOR_ENDED");
});

Deno.test("questions that hang neither hold up a pause nor pile up without bound", async () => {
  const { start, supervisor, clock, log } = createHarness();
  await start({
    id: "a",
    program: {
      start: () => ({ receive() {}, ask: () => new Promise(() => {}) }),
    },
  });
  const codes = Array.from(
    { length: 56 + 1_024 + 1 },
    () => codeOf(supervisor.ask("a", "Well?")),
  );
  assert.equal(await codes.at(-1), "MAILBOX_FULL");
  assert.deepEqual(log.of("mailbox_overflow").map((event) => event.lane), [
    "events",
  ]);
  await supervisor.pause("a", "Wait");
  assert.equal(supervisor.status("a")?.state, "paused");
  await clock.advance(5_000);
  assert.ok(
    (await Promise.all(codes)).slice(0, -1).every((code) =>
      code === "ACTOR_TIMEOUT"
    ),
  );
});
