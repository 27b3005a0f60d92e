import assert from "node:assert/strict";
import { createApi } from "../../../lib/api/api.ts";
import { withBodyLimit } from "../../../lib/api/body_limit.ts";
import { assertProblem } from "./assertions.ts";
import { BASE, createWorld } from "./world.ts";

Deno.test("a body that does not come to its end is refused with 408", async () => {
  const world = createWorld();
  let isCanceled = false;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
    cancel: () => void (isCanceled = true),
  });
  const request = new Request(`${BASE}/api/agents/validate`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${world.tokens.viewer}`,
      "content-type": "application/json",
    },
    body,
  });
  const response = await world.api(withBodyLimit(request, { readMs: 1 }), {
    remoteAddress: "192.0.2.1",
  });
  await assertProblem(response, "BODY_TOO_SLOW");
  assert.ok(isCanceled);
});

Deno.test("an answer that takes too long becomes a 503, and what was begun goes on", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const held = Promise.withResolvers<void>();
  world.fleet.hold = held.promise;
  const api = createApi({
    ...world.options,
    limits: { ...world.options.limits, handlerDeadlineMs: 1 },
  });
  const response = await api(
    new Request(`${BASE}/api/agents/${id}/control`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${world.tokens.operator}`,
        "content-type": "application/json",
        "idempotency-key": "slow",
      },
      body: JSON.stringify({ action: "stop" }),
    }),
    { remoteAddress: "192.0.2.1" },
  );
  const retryAfter = response.headers.get("retry-after");
  const problem = await assertProblem(response, "DEADLINE_PASSED");
  assert.equal(retryAfter, "1");
  assert.match(problem.detail, /Idempotency-Key/);
  while (world.fleet.calls.length === 0) {
    // deno-lint-ignore no-await-in-loop -- waits until it has reached the fleet
    await nextTurn();
  }
  held.resolve();
  while (world.idempotency.get("usr_operator/slow")?.response?.status !== 202) {
    // deno-lint-ignore no-await-in-loop -- waits for the one that was begun
    await nextTurn();
  }
  // The same key now tells what became of it.
  const again = await world.call("POST", `/api/agents/${id}/control`, {
    as: "operator",
    headers: { "idempotency-key": "slow" },
    body: '{"action":"stop"}',
  });
  assert.equal(again.status, 202);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  await again.body?.cancel();
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
