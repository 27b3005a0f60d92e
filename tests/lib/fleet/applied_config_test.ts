import assert from "node:assert/strict";
import type { OwnerMessage } from "../../../actors/protocol.ts";
import type { ConfigResponse } from "../../../lib/contracts/agent.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

const RISK_PCT = 0.7;

/** Changes the risk per trade; answers with when that holds. */
async function reconfigure(
  world: FleetWorld,
  id: string,
): Promise<ConfigResponse["effect"]> {
  const { config, configVersion } = world.fleet.get(id);
  const outcome = await world.settled(
    world.fleet.updateConfig(
      id,
      { ...config, risk: { ...config.risk, riskPerTradePct: RISK_PCT } },
      { expectedVersion: configVersion, caller: CALLER },
    ),
  );
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value.effect;
}

/** Whether an actor that is alive was given the changed configuration, by a message or at its start. */
function wasTold(world: FleetWorld, kind: "agent" | "desk"): boolean {
  return world.told.some((told) => told.kind === kind && has(told.message));
}

function has(message: OwnerMessage): boolean {
  // Ports are circles.
  return message.type !== "link_open" &&
    JSON.stringify(message).includes(`"riskPerTradePct":${RISK_PCT}`);
}

Deno.test("a configuration is applied to desk and worker of a running agent, once", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "alive" });
    assert.equal(await reconfigure(world, id), "applied");
    await world.clock.advance(10_000);
    const told = world.told.filter(({ message }) => has(message));
    assert.deepEqual(told.map(({ kind }) => kind), ["desk", "agent"]);
  }));

for (const dead of ["desk", "agent"] as const) {
  Deno.test(`a configuration that came while the ${dead} was dying is stored, and held by both afterwards`, () =>
    withFleet(async (world) => {
      const { id } = await world.spawn({ name: "dying" });
      // Nobody is told: only missing heartbeats show it.
      world.hosts[dead].at(-1)!.terminate();
      world.told.length = 0;
      assert.equal(await reconfigure(world, id), "stored");
      assert.equal((await world.store.agents.get(id))!.configVersion, 2);
      world.told.length = 0;
      const isLate = (kind: "agent" | "desk") =>
        kind === dead || dead === "desk";
      await world.until(
        () =>
          (["agent", "desk"] as const).every((kind) =>
            !isLate(kind) || wasTold(world, kind)
          ),
        "both were given the new configuration",
      );
      await world.until(
        () => world.fleet.get(id).observed === "running",
        "the agent runs again",
      );
    }));
}
