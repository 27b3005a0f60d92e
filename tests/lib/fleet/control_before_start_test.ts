import assert from "node:assert/strict";
import type { ControlAction } from "../../../lib/contracts/agent.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

function control(world: FleetWorld, id: string, action: ControlAction) {
  return world.fleet.control(
    id,
    { action, reason: "drill", positions: "close" },
    CALLER,
  );
}

/** A fleet that is started again and takes a command while its agent is due to start and has not yet. */
async function withAgentDueToStart(
  action: ControlAction,
  run: (world: FleetWorld, id: string) => Promise<void>,
): Promise<void> {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "due" });
    await world.restart(() => {
      assert.equal(world.fleet.get(id).observed, "stopped");
      assert.equal(world.fleet.get(id).desired, "running");
      return control(world, id, action);
    });
    await run(world, id);
  });
}

for (const action of ["stop", "kill"] as const) {
  Deno.test(`${action} of an agent that is due to start is taken, its books are settled and it stays down`, () =>
    withAgentDueToStart(action, async (world, id) => {
      const isDown = () =>
        ["stopped", "killed"].includes(world.fleet.get(id).observed);
      await world.until(() => isDown() && world.fleet.isQuiet(), "it is down");
      assert.equal(world.fleet.get(id).desired, "stopped");
      await world.clock.advance(30_000);
      assert.ok(isDown());
      assert.deepEqual(world.fleet.get(id).account?.openOrders, []);
    }));
}

Deno.test("pause of an agent that is due to start makes it come up paused", () =>
  withAgentDueToStart("pause", async (world, id) => {
    await world.until(
      () => world.fleet.get(id).observed === "paused",
      "it is paused",
    );
  }));

Deno.test("restart of an agent that is due to start is as good as its start", () =>
  withAgentDueToStart("restart", async (world, id) => {
    await world.until(
      () => world.fleet.get(id).observed === "running",
      "it runs",
    );
    assert.deepEqual(world.errors, []);
  }));
