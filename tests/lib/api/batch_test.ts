import assert from "node:assert/strict";
import type { BatchControlResponse } from "../../../lib/contracts/agent_batch.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld, UNKNOWN_ID, type World } from "./world.ts";

async function batch(
  world: World,
  body: unknown,
  { key = crypto.randomUUID(), as = "operator" as const }: {
    key?: string;
    as?: "operator" | "viewer" | "risk";
  } = {},
): Promise<Response> {
  return await world.call("POST", "/api/agents/control", {
    as,
    body,
    headers: { "idempotency-key": key },
  });
}

Deno.test("POST /api/agents/control commands each agent and tells what became of it", async () => {
  const world = createWorld();
  const one = world.fleet.add();
  const two = world.fleet.add({ observed: "running" });
  const response = await batch(world, {
    action: "resume",
    ids: [one.id, two.id, UNKNOWN_ID, one.id],
  });
  assert.equal(response.status, 202);
  const answer: BatchControlResponse = await response.json();
  const byId = new Map(answer.results.map((result) => [result.id, result]));
  assert.equal(answer.results.length, 3);
  assert.equal(byId.get(two.id)!.code, "AGENT_STATE_CONFLICT");
  assert.equal(byId.get(two.id)!.status, 409);
  assert.equal(byId.get(UNKNOWN_ID)!.code, "AGENT_NOT_FOUND");
  assert.equal(byId.get(UNKNOWN_ID)!.name, null);
  assert.equal(answer.accepted + answer.failed, 3);
});

Deno.test("POST /api/agents/control with one key has one effect", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  const body = { action: "stop", ids: [id] };
  const first = await batch(world, body, { key: "k1" });
  const second = await batch(world, body, { key: "k1" });
  assert.equal(second.headers.get("idempotency-replayed"), "true");
  assert.deepEqual(await second.json(), await first.json());
  assert.equal(
    world.fleet.calls.filter(({ method }) => method === "control").length,
    1,
  );
});

Deno.test("POST /api/agents/control takes risk away from real money first, and adds it behind its guard", async () => {
  const world = createWorld();
  const guard = world.fleet.add({ type: "risk_manager" });
  const reports = world.fleet.add({ signalsOnly: true });
  const paper = world.fleet.add();
  const live = world.fleet.add({ mode: "live" });
  const ids = [guard.id, reports.id, paper.id, live.id];
  const order = async (action: string) => {
    world.fleet.calls.length = 0;
    await (await batch(world, { action, ids })).body?.cancel();
    return world.fleet.calls.map((call) => call.id);
  };
  const safest = [live.id, paper.id, reports.id, guard.id];
  assert.deepEqual(await order("stop"), safest);
  // What trades with money, and who guards it, want a fresh proof.
  world.options.auth.factor.requireFresh = () => Promise.resolve();
  assert.deepEqual(await order("start"), safest.toReversed());
});

Deno.test("POST /api/agents/control asks of each agent who may, and what it takes", async () => {
  const world = createWorld();
  const paper = world.fleet.add();
  const live = world.fleet.add({ mode: "live" });
  const response = await batch(world, {
    action: "start",
    ids: [paper.id, live.id],
  });
  const { accepted, results } = await response.json();
  assert.equal(accepted, 1);
  const codes = results.map((
    { id, code }: { id: string; code: string | null },
  ) => [id, code]);
  assert.deepEqual(new Map(codes).get(paper.id), null);
  assert.equal(new Map(codes).get(live.id), "FRESH_PROOF_NEEDED");
  assert.equal(world.audits.at(-1)!.target, live.id);
});

Deno.test("POST /api/agents/control takes a filter, and refuses one that matches too many", async () => {
  const world = createWorld();
  for (let n = 0; n < 51; n++) world.fleet.add({ observed: "paused" });
  const other = world.fleet.add({ observed: "degraded" });
  const found = await batch(world, {
    action: "stop",
    filter: { state: ["degraded"] },
  });
  const answer: BatchControlResponse = await found.json();
  assert.deepEqual(answer.results.map(({ id }) => id), [other.id]);
  const problem = await assertProblem(
    await batch(world, { action: "stop", filter: { state: ["paused"] } }),
    "REQUEST_INVALID",
  );
  assert.equal(problem.errors?.[0]?.pointer, "/filter");
});

Deno.test("POST /api/agents/control wants ids or a filter, a key, and the right of its action", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  for (
    const body of [
      { action: "stop" },
      { action: "stop", ids: [id], filter: { mode: "paper" } },
      { action: "stop", filter: {} },
      { action: "stop", ids: [] },
      { action: "explode", ids: [id] },
    ]
  ) {
    await assertProblem(await batch(world, body), "REQUEST_INVALID");
  }
  await assertProblem(
    await world.call("POST", "/api/agents/control", {
      body: { action: "stop", ids: [id] },
    }),
    "IDEMPOTENCY_KEY_MISSING",
  );
  await assertProblem(
    await batch(world, { action: "kill", ids: [id] }),
    "ROLE_MISSING",
  );
  await assertProblem(
    await batch(world, { action: "stop", ids: [id] }, { as: "viewer" }),
    "ROLE_MISSING",
  );
  assert.equal(world.fleet.calls.length, 0);
});

Deno.test("POST /api/agents/control stops although its key cannot be stored, and starts nothing then", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  world.fleet.held = "The store takes no writes";
  await assertProblem(
    await batch(world, { action: "start", ids: [id] }),
    "STORE_UNAVAILABLE",
  );
  const stop = await batch(world, { action: "stop", ids: [id] });
  assert.equal(stop.status, 202);
  await stop.body?.cancel();
});

Deno.test("an agent whose account its desk does not have is a conflict, not a fault of the server", async () => {
  const world = createWorld();
  const { id } = world.fleet.add();
  world.fleet.failure = new AppError("ACCOUNT_NOT_FOUND", "Open it first");
  const response = await batch(world, { action: "stop", ids: [id] });
  const answer: BatchControlResponse = await response.json();
  assert.equal(answer.results[0]!.code, "AGENT_STATE_CONFLICT");
});
