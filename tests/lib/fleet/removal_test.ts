import assert from "node:assert/strict";
import { CALLER, withFleet } from "./world.ts";

/** More than the store tries by itself. */
const REFUSALS = 12;

Deno.test("an agent whose removal failed at first is removed by the next try, and nothing of it comes back", () =>
  withFleet(async (world) => {
    const { fleet, store } = world;
    const { id } = await world.spawn({ name: "gone" });
    const stop = { action: "stop", reason: "", positions: "keep" } as const;
    await world.settled(fleet.control(id, stop, CALLER));
    await world.until(() => fleet.get(id).observed === "stopped", "it stops");
    let refusals = 0;
    world.disk.onCall = ({ kind, keys }) => {
      const isRemoval = kind === "write" &&
        keys.some(([family]) => family === "removed_agent");
      if (!isRemoval || refusals >= REFUSALS) return null;
      refusals++;
      return { outcome: "fail", message: "no room" };
    };
    await world.settled(fleet.remove(id, CALLER));
    await world.until(
      async () => await store.agents.get(id) === null,
      "it is removed",
    );
    await world.until(() => fleet.isQuiet(), "nothing is under way");
    assert.equal(refusals, REFUSALS);
    assert.equal(await store.agents.observed(id), null);
    const { events } = await store.events.after(0, 1_000);
    const types = events.map(({ type }) => type);
    const removedAt = types.indexOf("agent.removed");
    assert.ok(removedAt > 0);
    assert.ok(types.lastIndexOf("agent.updated") < removedAt);
    assert.throws(() => fleet.get(id), { code: "AGENT_NOT_FOUND" });
  }));
