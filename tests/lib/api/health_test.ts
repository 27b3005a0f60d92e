import assert from "node:assert/strict";
import type { HealthReport } from "../../../lib/contracts/health.ts";
import { SOUND_HEALTH } from "./samples.ts";
import { createWorld, type World } from "./world.ts";

async function ask(
  world: World,
  as: "viewer" | null,
): Promise<{ status: number; report: HealthReport }> {
  const response = await world.call("GET", "/api/health", { as });
  return { status: response.status, report: await response.json() };
}

Deno.test("GET /api/health tells everybody the whole, and its parts to who may read figures", async () => {
  const world = createWorld();
  const anonymous = await ask(world, null);
  assert.equal(anonymous.status, 200);
  assert.deepEqual(anonymous.report, { ...SOUND_HEALTH, components: null });
  assert.deepEqual((await ask(world, "viewer")).report, SOUND_HEALTH);
  const wrong = await world.call("GET", "/api/health", {
    as: null,
    headers: { authorization: "Bearer smc_nobody" },
  });
  assert.equal((await wrong.json()).components, null);
});

Deno.test("GET /api/health is 503 where what all agents need is down", async () => {
  const world = createWorld();
  world.options.health = () => ({ ...SOUND_HEALTH, state: "down" });
  assert.equal((await ask(world, null)).status, 503);
  world.options.health = () => ({ ...SOUND_HEALTH, state: "degraded" });
  assert.equal((await ask(world, null)).status, 200);
});
