/** Spawns at the same moment: each is judged as if those before it had succeeded. */
import assert from "node:assert/strict";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import { agentConfig } from "../../support/config.ts";
import { detector, teamOf } from "./teams/support.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

function spawn({ fleet, settled }: FleetWorld, name: string) {
  const config = agentConfigSchema.parse(agentConfig({ name }));
  return settled(fleet.spawn({ config, acknowledgeWarnings: true }, CALLER));
}

function codesOf(outcomes: readonly PromiseSettledResult<unknown>[]) {
  return outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? null : (outcome.reason as AppError).code
  );
}

Deno.test("of two spawns at the same moment one has the name", () =>
  withFleet(async (world) => {
    const outcomes = await Promise.all([
      spawn(world, "twin"),
      spawn(world, "TWIN"),
    ]);
    assert.deepEqual(codesOf(outcomes), [null, "AGENT_NAME_TAKEN"]);
    assert.equal((await world.store.agents.list()).length, 1);
  }));

Deno.test("spawns at the same moment, of a team among them, stay within the quota", () =>
  withFleet(async (world) => {
    // Ten agents are allowed.
    const names = Array.from({ length: 9 }, (_, place) => `one-${place}`);
    const outcomes = await Promise.all([
      ...names.map((name) => spawn(world, name)),
      world.settled(world.fleet.teams.spawn(teamOf(), CALLER)),
      spawn(world, "last"),
      spawn(world, "beyond"),
    ]);
    // Whichever was judged first: what did not fit any more was refused.
    const refused = codesOf(outcomes).filter((code) => code !== null);
    assert.ok(refused.length > 0);
    assert.deepEqual([...new Set(refused)], ["QUOTA_EXCEEDED"]);
    assert.equal((await world.store.agents.list()).length, 10);
  }));

Deno.test("of two teams with one name at the same moment one is spawned", () =>
  withFleet(async (world) => {
    const team = (members: ReturnType<typeof detector>[]) =>
      world.settled(world.fleet.teams.spawn(teamOf({ members }), CALLER));
    const outcomes = await Promise.all([
      team([detector("first"), detector("second")]),
      team([detector("third"), detector("fourth")]),
    ]);
    assert.deepEqual(codesOf(outcomes), [null, "TEAM_NAME_TAKEN"]);
    assert.equal((await world.store.agents.list()).length, 2);
  }));

Deno.test("a spawn that fails gives its name and its place back", () =>
  withFleet(async (world) => {
    const isOfAgent = ([family]: Deno.KvKey) => family === "agent";
    world.disk.onCall = ({ kind, keys }) =>
      kind === "write" && keys.some(isOfAgent) ? { outcome: "fail" } : null;
    const failed = await spawn(world, "again");
    assert.deepEqual(codesOf([failed]), ["STORE_UNAVAILABLE"]);
    world.disk.onCall = () => null;
    const repeated = await spawn(world, "again");
    assert.deepEqual(codesOf([repeated]), [null]);
  }));
