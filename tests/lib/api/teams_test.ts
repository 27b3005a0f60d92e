import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { assertProblem } from "./assertions.ts";
import { TEAM_TEMPLATE, UNKNOWN_TEAM } from "./fake_teams.ts";
import { createWorld, type World } from "./world.ts";

const SPAWN = { name: "pair", template: "two-detectors" };

function spawn(
  world: World,
  body: Record<string, unknown>,
  options: { as?: "admin" | "trader" | "operator"; key?: string } = {},
) {
  return world.call("POST", "/api/teams/spawn", {
    as: options.as ?? "trader",
    body,
    headers: { "idempotency-key": options.key ?? "key-1" },
  });
}

Deno.test("teams are listed and read with the place in the stream", async () => {
  const world = createWorld();
  const team = world.fleet.teams.add();
  const list = await world.call("GET", "/api/teams", { as: "viewer" });
  assert.deepEqual(await list.json(), { items: [team], nextCursor: null });
  assert.equal(list.headers.get("x-stream-seq"), "41");
  const one = await world.call("GET", `/api/teams/${team.id}`);
  assert.deepEqual(await one.json(), team);
  const templates = await world.call("GET", "/api/teams/templates");
  assert.equal((await templates.json()).items[0].name, TEAM_TEMPLATE.name);
});

Deno.test("an unknown team is a 404 of its own, whatever its form", async () => {
  const world = createWorld();
  for (const id of [UNKNOWN_TEAM, "x", "agt_00000000000000000000000000"]) {
    const response = await world.call("GET", `/api/teams/${id}`);
    await assertProblem(response, "TEAM_NOT_FOUND");
  }
});

Deno.test("spawning a team answers 201 with its place, and twice the same key spawns once", async () => {
  const world = createWorld();
  const first = await spawn(world, SPAWN);
  assert.equal(first.status, 201);
  const team = await first.json();
  assert.equal(first.headers.get("location"), `/api/teams/${team.id}`);
  const again = await spawn(world, SPAWN);
  assert.deepEqual(await again.json(), team);
  assert.equal(world.fleet.teams.teams.size, 1);
});

Deno.test("spawning a team needs a key, a name and a role that may", async () => {
  const world = createWorld();
  const keyless = await world.call("POST", "/api/teams/spawn", { body: SPAWN });
  await assertProblem(keyless, "IDEMPOTENCY_KEY_MISSING");
  const nameless = await spawn(world, { template: "two-detectors" });
  const problem = await assertProblem(nameless, "REQUEST_INVALID");
  assert.equal(problem.errors?.[0]?.pointer, "/name");
  const operator = await spawn(world, SPAWN, { as: "operator" });
  await assertProblem(operator, "ROLE_MISSING");
  const alone = await spawn(world, {
    name: "pair",
    members: [TEAM_TEMPLATE.members[0]],
  });
  assert.match(
    (await assertProblem(alone, "REQUEST_INVALID")).detail,
    /at least 2 agents/,
  );
  assert.equal(world.fleet.teams.teams.size, 0);
});

Deno.test("a team that would trade live needs a fresh proof, wherever the mode comes from", async () => {
  const world = createWorld();
  const live = [
    { ...SPAWN, market: { mode: "live", exchangeKeyId: "key_1" } },
    { ...SPAWN, roles: { second: { mode: "live" } } },
    {
      name: "pair",
      members: TEAM_TEMPLATE.members.map((member) => ({
        ...member,
        config: { ...member.config, mode: "live" },
      })),
    },
  ];
  for (const [n, body] of live.entries()) {
    const response = await spawn(world, body, { key: `live-${n}` });
    await assertProblem(response, "FRESH_PROOF_NEEDED");
  }
  assert.equal(world.fleet.calls.length, 0);
});

Deno.test("a refusal of the team reaches the client with its pointers", async () => {
  const world = createWorld();
  world.fleet.teams.failure = new AppError(
    "CONFIG_INVALID",
    "Enter less leverage",
    {
      status: 422,
      errors: [{
        pointer: "/members/1/risk/leverage",
        code: "FIELD_INVALID",
        detail: "Enter less",
      }],
    },
  );
  const problem = await assertProblem(
    await spawn(world, SPAWN),
    "CONFIG_INVALID",
  );
  assert.equal(problem.errors?.[0]?.pointer, "/members/1/risk/leverage");
});

Deno.test("no team is spawned or started while the store is held, and it can be stopped", async () => {
  const world = createWorld();
  const { id } = world.fleet.teams.add();
  world.fleet.held = "The store does not take writes";
  await assertProblem(await spawn(world, SPAWN), "STORE_UNAVAILABLE");
  const control = (action: string) =>
    world.call("POST", `/api/teams/${id}/control`, {
      body: { action },
      headers: { "idempotency-key": action },
    });
  await assertProblem(await control("start"), "STORE_UNAVAILABLE");
  const stopped = await control("stop");
  assert.equal(stopped.status, 202);
  const { team, results } = await stopped.json();
  assert.equal(team.state, "stopped");
  assert.deepEqual(
    results.map(({ outcome }: { outcome: string }) => outcome),
    ["accepted", "accepted"],
  );
});

Deno.test("an action that teams do not have is refused with those that they have", async () => {
  const world = createWorld();
  const { id } = world.fleet.teams.add();
  const response = await world.call("POST", `/api/teams/${id}/control`, {
    body: { action: "kill" },
    headers: { "idempotency-key": "k" },
  });
  const problem = await assertProblem(response, "REQUEST_INVALID");
  assert.match(problem.detail, /start, pause, resume, stop/);
});

Deno.test("validating a team has no effect, and deleting one answers 204", async () => {
  const world = createWorld();
  const checked = await world.call("POST", "/api/teams/validate", {
    as: "viewer",
    body: { ...SPAWN, risk: { leverage: 500 } },
  });
  assert.equal(checked.status, 200);
  const { valid, errors } = await checked.json();
  assert.equal(valid, false);
  assert.equal(errors[1].pointer, "/members/1/risk/leverage");
  const { id } = world.fleet.teams.add();
  const removed = await world.call("DELETE", `/api/teams/${id}`);
  assert.equal(removed.status, 204);
  assert.equal(world.fleet.teams.teams.size, 0);
});
