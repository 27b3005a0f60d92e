import assert from "node:assert/strict";
import {
  type TeamAction,
  teamControlSchema,
} from "../../../../lib/contracts/team.ts";
import { CALLER, type FleetWorld, withFleet } from "../world.ts";
import { detector, refusalOf, spawnTeam } from "./support.ts";

function control(world: FleetWorld, id: string, action: TeamAction) {
  const request = teamControlSchema.parse({ action, reason: "drill" });
  return world.fleet.teams.control(id, request, CALLER);
}

function one(world: FleetWorld, id: string, action: TeamAction) {
  return world.settled(
    world.fleet.control(
      id,
      { action, reason: "", positions: "close" },
      CALLER,
    ),
  );
}

async function reach(world: FleetWorld, id: string, state: string) {
  await world.until(
    () => world.fleet.teams.get(id).state === state,
    `the team is ${state}`,
  );
}

async function newestAudit(world: FleetWorld) {
  const { items } = await world.store.auditPage({ limit: 1, cursor: null });
  return items[0]!;
}

Deno.test("a team is stopped, started, paused and resumed as one, with one audit entry each", () =>
  withFleet(async (world) => {
    const { id } = await spawnTeam(world);
    const steps = [
      ["stop", "stopped"],
      ["start", "running"],
      ["pause", "paused"],
      ["resume", "running"],
    ] as const;
    for (const [action, state] of steps) {
      const answer = await world.settled(control(world, id, action));
      assert.equal(answer.status, "fulfilled", action);
      await reach(world, id, state);
      const entry = await newestAudit(world);
      assert.deepEqual(
        [entry.action, entry.target, entry.reason],
        [`team.${action}`, id, "drill"],
      );
    }
    const records = await world.store.agents.list();
    assert.equal(new Set(records.map(({ commandId }) => commandId)).size, 1);
  }));

Deno.test("start of a team starts those that rest and leaves those that are up", () =>
  withFleet(async (world) => {
    const { id, members } = await spawnTeam(world);
    await one(world, members[0]!.id, "stop");
    await world.until(
      () => world.fleet.get(members[0]!.id).observed === "stopped",
      "one of them is stopped",
    );
    assert.equal(world.fleet.teams.get(id).state, "incomplete");
    const answer = await world.settled(control(world, id, "start"));
    assert.equal(answer.status, "fulfilled");
    const { results } = (answer as PromiseFulfilledResult<
      Awaited<ReturnType<typeof control>>
    >).value;
    assert.deepEqual(results.map(({ outcome, detail }) => [outcome, detail]), [
      ["accepted", null],
      ["left", "it is up already"],
    ]);
    await reach(world, id, "running");
  }));

Deno.test("a command that makes sense for none of a team's agents is refused, and changes nothing", () =>
  withFleet(async (world) => {
    const { id } = await spawnTeam(world);
    const before = await world.store.agents.list();
    const refused = await refusalOf(world, control(world, id, "start"));
    assert.equal(refused.code, "TEAM_STATE_CONFLICT");
    assert.match(refused.message, /first: it is up already; second: it is up/);
    assert.deepEqual(await world.store.agents.list(), before);
  }));

for (const action of ["stop", "pause"] as const) {
  Deno.test(`${action} of a team is carried out while the store fails, and stored afterwards as one`, () =>
    withFleet(async (world) => {
      const { id } = await spawnTeam(world);
      world.disk.isFull = true;
      const problem = await refusalOf(world, control(world, id, action));
      assert.equal(problem.code, "STORE_UNAVAILABLE");
      assert.match(problem.message, /of "pair" is being carried out.*running$/);
      await reach(world, id, action === "stop" ? "stopped" : "paused");
      const stored = await world.store.agents.list();
      assert.deepEqual(stored.map(({ desired }) => desired), [
        "running",
        "running",
      ]);
      world.disk.isFull = false;
      let ids: readonly string[] = [];
      await world.until(() => {
        void world.store.agents.list().then((records) =>
          ids = records.filter(({ desired }) => desired !== "running")
            .map(({ commandId }) => commandId)
        );
        return ids.length > 0;
      }, "the wish is stored");
      assert.equal(ids.length, 2, "both are stored at once");
      assert.equal(new Set(ids).size, 1);
      const entry = await newestAudit(world);
      assert.deepEqual([entry.action, entry.target], [`team.${action}`, id]);
    }));
}

Deno.test("commands to a team and to one of its agents that were given without the store are stored in their order", () =>
  withFleet(async (world) => {
    const { id, members } = await spawnTeam(world);
    world.disk.isFull = true;
    await one(world, members[0]!.id, "pause");
    await world.settled(control(world, id, "pause").catch(() => {}));
    await one(world, members[1]!.id, "stop");
    await world.settled(control(world, id, "stop").catch(() => {}));
    await reach(world, id, "stopped");
    world.disk.isFull = false;
    await world.until(
      () => world.fleet.health().ready && world.fleet.isQuiet(),
      "all is stored",
    );
    const { items } = await world.store.auditPage({ limit: 5, cursor: null });
    assert.deepEqual(items.map(({ action }) => action), [
      "team.stop",
      "agent.stop",
      "team.pause",
      "agent.pause",
      "team.spawn",
    ]);
    const records = await world.store.agents.list();
    assert.deepEqual(records.map(({ desired }) => desired), [
      "stopped",
      "stopped",
    ]);
  }));

Deno.test("a team command that was stored after it was given up is taken over by all of its agents", () =>
  withFleet(async (world) => {
    const { id } = await spawnTeam(world);
    await world.settled(control(world, id, "stop"));
    await reach(world, id, "stopped");
    world.disk.recordsLateMs = 5_000;
    const refused = await refusalOf(world, control(world, id, "start"));
    assert.equal(refused.code, "STORE_UNAVAILABLE");
    assert.equal(world.fleet.teams.get(id).state, "stopped");
    world.disk.recordsLateMs = 0;
    await reach(world, id, "running");
  }));

Deno.test("deleting a team deletes all of its agents, and an agent alone leaves it incomplete", () =>
  withFleet(async (world) => {
    const members = ["one", "two", "three"].map((role) => detector(role));
    const team = await spawnTeam(world, { members });
    const other = await spawnTeam(world, { name: "other" });
    await world.settled(world.fleet.remove(team.members[0]!.id, CALLER));
    assert.equal(world.fleet.teams.get(team.id).state, "incomplete");
    assert.equal(world.fleet.teams.get(team.id).members.length, 2);
    assert.equal(world.fleet.teams.get(team.id).size, 3);
    await world.settled(world.fleet.teams.remove(team.id, CALLER));
    await world.until(
      () => world.fleet.list().length === 2,
      "its agents are gone",
    );
    const { items } = await world.store.auditPage({ limit: 20, cursor: null });
    const deletions = items.filter(({ action }) => action === "team.delete");
    assert.deepEqual(deletions.map(({ target }) => target), [team.id]);
    assert.deepEqual(world.fleet.teams.list().map(({ id }) => id), [other.id]);
    const refused = await refusalOf(
      world,
      Promise.resolve().then(() => world.fleet.teams.get(team.id)),
    );
    assert.equal(refused.code, "TEAM_NOT_FOUND");
  }));

Deno.test("what a team works on together cannot be changed in one of its agents", () =>
  withFleet(async (world) => {
    const { members } = await spawnTeam(world, {
      members: [detector("watch", { signalsOnly: true }), detector("trade")],
    });
    const { id, config, configVersion } = world.fleet.get(members[0]!.id);
    const change = (part: Partial<typeof config>) =>
      refusalOf(
        world,
        world.fleet.updateConfig(id, { ...config, ...part }, {
          expectedVersion: configVersion,
          caller: CALLER,
        }),
      );
    const symbol = await change({ symbol: "ETH/USDT" });
    assert.match(symbol.message, /its team "pair" works on it together/);
    const trades = await change({ signalsOnly: false });
    assert.equal(trades.errors[0]!.pointer, "/signalsOnly");
    assert.match(trades.message, /watch of the team "pair" only reports/);
  }));
