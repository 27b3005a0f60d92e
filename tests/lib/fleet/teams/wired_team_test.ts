import assert from "node:assert/strict";
import { teamControlSchema } from "../../../../lib/contracts/team.ts";
import { CALLER, type FleetWorld, withFleet } from "../world.ts";
import { refusalOf, spawnTeam } from "./support.ts";

const SIGNALS = { template: "smc-signals", name: "smc" } as const;

/** Ids of a team's agents by role. */
async function spawnSignals(world: FleetWorld) {
  const team = await spawnTeam(world, SIGNALS);
  const ids = Object.fromEntries(
    team.members.map(({ role, id }) => [role, id]),
  );
  return {
    team,
    detector: ids["detector"]!,
    executor: ids["executor"]!,
    risk: ids["risk"]!,
  };
}

Deno.test("a team is wired by the ids of its agents, and its executor trades what the detector tells", () =>
  withFleet(async (world) => {
    const { detector, executor, risk } = await spawnSignals(world);
    assert.deepEqual(world.fleet.get(executor).config.sources, [detector]);
    assert.deepEqual(world.fleet.get(risk).config.guard?.scope, {
      kind: "agents",
      agentIds: [executor],
    });
    await world.until(
      () => (world.fleet.get(executor).account?.trades ?? 0) > 0,
      "the executor has traded",
    );
    assert.equal(world.fleet.get(detector).account?.trades ?? 0, 0);
  }));

Deno.test("an agent that its team listens to is not deleted alone, the team as a whole is", () =>
  withFleet(async (world) => {
    const { team, detector } = await spawnSignals(world);
    const refused = await refusalOf(
      world,
      world.fleet.remove(detector, CALLER),
    );
    assert.match(refused.message, /"smc executor" listens to it/);
    await world.settled(world.fleet.teams.remove(team.id, CALLER));
    await world.until(() => world.fleet.list().length === 0, "all are gone");
    assert.deepEqual(await world.store.agents.list(), []);
  }));

Deno.test("an executor stops with its team though the detector's end is not there yet", () =>
  withFleet(async (world) => {
    const { team, executor, detector } = await spawnSignals(world);
    await world.until(
      () => (world.fleet.get(executor).account?.trades ?? 0) > 0,
      "the executor has traded",
    );
    // The detector is gone for good before: what the executor needs to stop is its desk alone.
    await world.settled(
      world.fleet.control(
        detector,
        { action: "kill", reason: "", positions: "close" },
        CALLER,
      ),
    );
    const request = teamControlSchema.parse({ action: "stop" });
    await world.settled(world.fleet.teams.control(team.id, request, CALLER));
    await world.until(
      () => world.fleet.get(executor).observed === "stopped",
      "the executor has stopped",
    );
    const { account } = world.fleet.get(executor);
    assert.equal(account?.position, null);
    assert.deepEqual(account?.openOrders, []);
    await world.until(
      () => world.fleet.teams.get(team.id).state === "stopped",
      "the team has stopped",
    );
  }));

Deno.test("a team runs again after a restart of the server, wired as before", () =>
  withFleet(async (world) => {
    const { team, executor } = await spawnSignals(world);
    await world.until(
      () => (world.fleet.get(executor).account?.trades ?? 0) > 0,
      "the executor has traded",
    );
    const before = world.fleet.get(executor).account!.trades;
    await world.restart();
    await world.until(
      () => world.fleet.teams.get(team.id).state === "running",
      "the team runs",
    );
    await world.until(
      () => (world.fleet.get(executor).account?.trades ?? 0) > before,
      "the executor trades on",
    );
  }));
