import assert from "node:assert/strict";
import type { SystemView } from "../../../lib/contracts/system.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

Deno.test("GET /api/system is an admin's, and nobody else's", async () => {
  const world = createWorld();
  const response = await world.call("GET", "/api/system");
  const system: SystemView = await response.json();
  assert.equal(system.storage.freeBytes, null);
  await assertProblem(
    await world.call("GET", "/api/system", { as: "risk" }),
    "ROLE_MISSING",
  );
});
