/** Two commands at the same moment, of which the store takes the first not at all and the second late, after both were given up. */
import assert from "node:assert/strict";
import type { ControlAction } from "../../../lib/contracts/agent.ts";
import { teamControlSchema } from "../../../lib/contracts/team.ts";
import type { KvCall } from "../../../lib/store/kv/faults.ts";
import { KV_ATTEMPTS } from "../../../lib/store/limits.ts";
import { spawnTeam } from "./teams/support.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

/** When the second command is in the store: both were given up before. */
const LANDS_MS = 2_500;

/** From now on the store takes of all changes of agents only the first attempt of the second command, and that late. */
function takeSecondLate({ clock, disk }: FleetWorld): void {
  const fromMs = clock.monotonicMs();
  let attempts = 0;
  disk.onCall = ({ kind, keys }: KvCall) => {
    const isChange = kind === "write" &&
      keys.some(([family]) => family === "agent");
    const hasLanded = clock.monotonicMs() - fromMs > LANDS_MS;
    if (!isChange || hasLanded) return null;
    attempts++;
    if (attempts !== KV_ATTEMPTS + 1) return { outcome: "fail" };
    const delay = new Promise<void>((resolve) =>
      void clock.after(LANDS_MS, resolve)
    );
    return { outcome: "ok", delay };
  };
}

function command(world: FleetWorld, id: string, action: ControlAction) {
  const request = { action, reason: action, positions: "close" } as const;
  return world.settled(world.fleet.control(id, request, CALLER));
}

async function actionsOf({ store }: FleetWorld): Promise<readonly string[]> {
  const { items } = await store.auditPage({ limit: 10, cursor: null });
  return items.map(({ action }) => action)
    .filter((action) => /\.(stop|pause)$/.test(action)).toSorted();
}

Deno.test("a stop is stored although the store took another command on the same record in its place", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "hurried" });
    takeSecondLate(world);
    const outcomes = await Promise.all([
      command(world, id, "stop"),
      command(world, id, "pause"),
    ]);
    for (const { status } of outcomes) assert.equal(status, "rejected");
    await world.until(() => world.fleet.isQuiet(), "all is stored");
    assert.equal((await world.store.agents.get(id))!.desired, "stopped");
    assert.equal(world.fleet.get(id).desired, "stopped");
    assert.deepEqual(await actionsOf(world), ["agent.pause", "agent.stop"]);
  }));

Deno.test("a stop of a team is stored of all its members although the store took another command to one of them in its place", () =>
  withFleet(async (world) => {
    const { id, members } = await spawnTeam(world);
    takeSecondLate(world);
    const request = teamControlSchema.parse({ action: "stop", reason: "" });
    const outcomes = await Promise.all([
      world.settled(world.fleet.teams.control(id, request, CALLER)),
      command(world, members[0]!.id, "pause"),
    ]);
    for (const { status } of outcomes) assert.equal(status, "rejected");
    await world.until(() => world.fleet.isQuiet(), "all is stored");
    for (const member of members) {
      // deno-lint-ignore no-await-in-loop -- two members
      const stored = await world.store.agents.get(member.id);
      assert.equal(stored!.desired, "stopped");
    }
    assert.deepEqual(await actionsOf(world), ["agent.pause", "team.stop"]);
  }));
