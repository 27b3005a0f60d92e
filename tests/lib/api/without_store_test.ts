import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { assertProblem } from "./assertions.ts";
import { sampleConfig } from "./samples.ts";
import { createWorld, type World } from "./world.ts";

const UNSTORED = "The stop is being carried out, but it is not stored yet";

/** A world whose store takes no Idempotency-Key any more, or cannot free one. */
function worldWithoutStore(failing: "begin" | "abandon" = "begin"): World {
  const world = createWorld();
  const fail = () =>
    Promise.reject(
      new AppError("STORE_UNAVAILABLE", "The store could not commit a change"),
    );
  Object.assign(world.options.idempotency, { [failing]: fail });
  return world;
}

function control(world: World, id: string, action: string) {
  return world.call("POST", `/api/agents/${id}/control`, {
    body: { action },
    headers: { "idempotency-key": crypto.randomUUID() },
  });
}

for (const action of ["pause", "stop", "kill"]) {
  Deno.test(`POST control ${action} reaches the fleet though its key cannot be stored`, async () => {
    const world = worldWithoutStore();
    const { id } = world.fleet.add();
    world.fleet.failure = new AppError("STORE_UNAVAILABLE", UNSTORED);
    const problem = await assertProblem(
      await control(world, id, action),
      "STORE_UNAVAILABLE",
    );
    assert.equal(problem.detail, UNSTORED);
    assert.equal(world.fleet.calls.length, 1);
  });
}

Deno.test("POST control says what became of a stop, not that its key could not be freed", async () => {
  const world = worldWithoutStore("abandon");
  const { id } = world.fleet.add();
  world.fleet.failure = new AppError("STORE_UNAVAILABLE", UNSTORED);
  const problem = await assertProblem(
    await control(world, id, "stop"),
    "STORE_UNAVAILABLE",
  );
  assert.equal(problem.detail, UNSTORED);
});

Deno.test("POST control start does not reach the fleet if its key cannot be stored", async () => {
  const world = worldWithoutStore();
  const { id } = world.fleet.add({ observed: "stopped" });
  await assertProblem(await control(world, id, "start"), "STORE_UNAVAILABLE");
  assert.equal(world.fleet.calls.length, 0);
});

Deno.test("spawn and start are refused with the fleet's reason while it is held", async () => {
  const world = createWorld();
  const { id } = world.fleet.add({ observed: "stopped" });
  world.fleet.held = "The disk is full";
  const spawn = await world.call("POST", "/api/agents/spawn", {
    body: { config: sampleConfig() },
    headers: { "idempotency-key": crypto.randomUUID() },
  });
  for (const answer of [spawn, await control(world, id, "start")]) {
    // deno-lint-ignore no-await-in-loop -- each refusal is looked at
    const problem = await assertProblem(answer, "STORE_UNAVAILABLE");
    assert.equal(problem.detail, "The disk is full");
  }
  assert.equal(world.fleet.calls.length, 0);
});
