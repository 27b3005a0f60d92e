import assert from "node:assert/strict";
import type { AgentConfig } from "../../../lib/contracts/agent_config.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

/** Changes a configuration; answers with when it holds, throws where it is refused. */
async function change(
  world: FleetWorld,
  id: string,
  fields: Partial<AgentConfig>,
): Promise<string> {
  const { config, configVersion } = world.fleet.get(id);
  const outcome = await world.settled(
    world.fleet.updateConfig(id, { ...config, ...fields }, {
      expectedVersion: configVersion,
      caller: CALLER,
    }),
  );
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value.effect;
}

async function remove(world: FleetWorld, id: string): Promise<void> {
  const outcome = await world.settled(world.fleet.remove(id, CALLER));
  if (outcome.status === "rejected") throw outcome.reason;
}

async function control(
  world: FleetWorld,
  id: string,
  action: "stop" | "start",
): Promise<void> {
  const outcome = await world.settled(
    world.fleet.control(
      id,
      { action, reason: "", positions: "close" },
      CALLER,
    ),
  );
  if (outcome.status === "rejected") throw outcome.reason;
}

/** Waits until an agent has decided some more candles. */
async function goesOn(world: FleetWorld, id: string): Promise<void> {
  const { seq } = world.fleet.get(id).progress;
  await world.until(
    () => world.fleet.get(id).progress.seq > seq + 2,
    `${id} goes on`,
  );
}

Deno.test("an executor hears its sources over restarts of either, and names them", () =>
  withFleet(async (world) => {
    const eyes = await world.spawn({ name: "eyes", signalsOnly: true });
    const hands = await world.spawn({
      name: "hands",
      type: "executor",
      sources: ["EYES"],
    });
    const detail = world.fleet.get(hands.id);
    assert.deepEqual(detail.config.sources, [eyes.id]);
    assert.deepEqual(detail.listensTo, [{ id: eyes.id, name: "eyes" }]);
    await goesOn(world, hands.id);
    // Nobody is told: only missing heartbeats show it.
    for (const index of [0, 1]) {
      world.hosts.agent[index]!.terminate();
      await goesOn(world, hands.id);
    }
    await world.restart();
    await world.until(
      () => world.fleet.get(hands.id).observed === "running",
      "it runs again",
    );
    await goesOn(world, hands.id);
  }));

Deno.test("an executor without its source stands still, says for whom, and goes on when that is back", () =>
  withFleet(async (world) => {
    const eyes = await world.spawn({ name: "eyes", signalsOnly: true });
    const hands = await world.spawn({
      name: "hands",
      type: "executor",
      sources: [eyes.id],
    });
    await goesOn(world, hands.id);
    await control(world, eyes.id, "stop");
    await world.until(
      () => world.fleet.get(hands.id).waitsFor !== null,
      "it says that it waits",
    );
    const { waitsFor, progress } = world.fleet.get(hands.id);
    assert.equal(
      waitsFor,
      'Stands still until the signals of "eyes" (stopped) are here',
    );
    await world.clock.advance(180_000);
    assert.equal(world.fleet.get(hands.id).progress.seq, progress.seq);
    await control(world, eyes.id, "start");
    await goesOn(world, hands.id);
    await world.until(
      () => world.fleet.get(hands.id).waitsFor === null,
      "it waits no more",
    );
  }));

Deno.test("an executor listens to others from a change of its configuration on", () =>
  withFleet(async (world) => {
    const first = await world.spawn({ name: "first", signalsOnly: true });
    const second = await world.spawn({ name: "second", signalsOnly: true });
    const hands = await world.spawn({
      name: "hands",
      type: "executor",
      sources: [first.id],
    });
    await goesOn(world, hands.id);
    const sources = [first.id, "second"];
    assert.equal(await change(world, hands.id, { sources }), "applied");
    assert.deepEqual(world.fleet.get(hands.id).config.sources, [
      first.id,
      second.id,
    ]);
    await goesOn(world, hands.id);
    await assert.rejects(remove(world, second.id), /"hands" listens to it/);
    await assert.rejects(
      change(world, second.id, { signalsOnly: false }),
      /"hands" listens to this agent/,
    );
    await change(world, hands.id, { sources: [first.id] });
    await remove(world, second.id);
    await goesOn(world, hands.id);
  }));
