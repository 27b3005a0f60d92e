import assert from "node:assert/strict";
import type { Problem } from "../../../lib/contracts/problem.ts";
import {
  ApiProblem,
  ApiUnreachable,
} from "../../../lib/ui/client/api_client.ts";
import { createSession, turn, view } from "./stop_support.ts";

Deno.test("StopSession sends the same stop again while no answer comes, then follows it to its end", async () => {
  const { session, keys, due } = createSession([
    new ApiUnreachable("no answer"),
    view(),
  ]);
  await session.count();
  assert.deepEqual(session.facts.value, {
    agents: 1,
    entries: 1,
    orders: 3,
    positions: 1,
    exposure: [
      { mode: "paper", currency: "USDT", amount: "5", positions: 1 },
    ],
  });
  await session.stop({ lever: "flatten", reason: "" });
  assert.equal(session.phase.value, "sending");
  assert.ok(session.isTryingAgain.value);
  while (due.pauses.length > 0) {
    // deno-lint-ignore no-await-in-loop -- one turn after the other
    await turn({ session, due });
  }
  assert.deepEqual(keys, ["key-1", "key-1"]);
  assert.equal(session.phase.value, "stopped");
  assert.equal(session.failure.value, null);
  assert.deepEqual(
    session.steps.value.map(({ state, text }) => [state, text]),
    [["done", "1 of 1"], ["done", "3 of 3"], ["done", "1 of 1"], [
      "done",
      "1 of 1",
    ]],
  );
});

Deno.test("StopSession keeps a refused stop as a question, and sends nothing once it is closed", async () => {
  const { session, due } = createSession([
    new Error("not allowed"),
    new ApiUnreachable("no answer"),
  ]);
  await session.stop({ lever: "cancel", reason: "" });
  assert.deepEqual([session.phase.value, session.failure.value], [
    "asking",
    "not allowed",
  ]);
  await session.stop({ lever: "cancel", reason: "" });
  assert.equal(due.pauses.length, 1);
  session.close();
  assert.equal(due.pauses.length, 0);
});

Deno.test("StopSession takes a new key once its stop was released, and shows that nothing is stopped", async () => {
  const problem = {
    code: "IDEMPOTENCY_KEY_REUSED",
    title: "Used",
    detail: "This stop was released since",
  } as Problem;
  const { session, keys, due } = createSession([
    new ApiUnreachable("no answer"),
    new ApiProblem(problem, null),
    view(),
  ]);
  await session.stop({ lever: "cancel", reason: "" });
  await turn({ session, due });
  assert.deepEqual([session.phase.value, session.failure.value], [
    "asking",
    "Used: This stop was released since",
  ]);
  await session.stop({ lever: "cancel", reason: "" });
  assert.deepEqual(keys, ["key-1", "key-1", "key-2"]);
  session.close();
});
