import assert from "node:assert/strict";
import type { ControlAction } from "../../../lib/contracts/agent.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

function control(world: FleetWorld, id: string, action: ControlAction) {
  return world.settled(
    world.fleet.control(
      id,
      { action, reason: "drill", positions: "close" },
      CALLER,
    ),
  );
}

async function refusalOf(
  world: FleetWorld,
  id: string,
  action: ControlAction,
): Promise<AppError> {
  const outcome = await control(world, id, action);
  assert.equal(outcome.status, "rejected");
  return (outcome as PromiseRejectedResult).reason;
}

const REACHED = { stop: "stopped", pause: "paused", kill: "killed" } as const;

for (const action of ["stop", "pause", "kill"] as const) {
  Deno.test(`${action} is carried out while the store fails, is not acknowledged, and is stored afterwards`, () =>
    withFleet(async (world) => {
      const { id } = await world.spawn({ name: "risky" });
      world.disk.isFull = true;
      const problem = await refusalOf(world, id, action);
      assert.equal(problem.code, "STORE_UNAVAILABLE");
      assert.match(problem.message, /is being carried out.*not stored yet/);
      assert.match(problem.message, /starts again as it was stored: running/);
      await world.until(
        () => world.fleet.get(id).observed === REACHED[action],
        `the agent is ${REACHED[action]}`,
      );
      assert.equal((await world.store.agents.get(id))!.desired, "running");
      world.disk.isFull = false;
      const wanted = action === "pause" ? "paused" : "stopped";
      let stored: string | undefined = "";
      await world.until(() => {
        void world.store.agents.get(id).then((record) =>
          stored = record?.desired
        );
        return stored === wanted;
      }, "the wish is stored");
      const { items } = await world.store.auditPage({
        limit: 5,
        cursor: null,
      });
      assert.equal(items[0]!.action, `agent.${action}`);
      assert.equal(
        items.filter((entry) => entry.action === items[0]!.action)
          .length,
        1,
      );
    }));
}

Deno.test("a command after an unstored one waits for the store", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "risky" });
    world.disk.isFull = true;
    await refusalOf(world, id, "stop");
    await world.until(
      () => world.fleet.get(id).observed === "stopped",
      "the agent is stopped",
    );
    const refused = await refusalOf(world, id, "start");
    assert.equal(refused.code, "STORE_UNAVAILABLE");
    world.disk.isFull = false;
    await world.until(
      () => world.fleet.health().ready && world.fleet.isQuiet(),
      "the store has the stop",
    );
    const started = await control(world, id, "start");
    assert.equal(started.status, "fulfilled");
    await world.until(
      () => world.fleet.get(id).observed === "running",
      "the agent runs again",
    );
  }));

Deno.test("an agent that was stopped without the store starts again as it was stored", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "risky" });
    world.disk.isFull = true;
    await refusalOf(world, id, "stop");
    await world.restart();
    world.disk.isFull = false;
    await world.until(
      () => world.fleet.get(id).observed === "running",
      "the agent runs as it was stored",
    );
  }));
