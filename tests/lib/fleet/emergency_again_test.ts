import assert from "node:assert/strict";
import type { StopRequest } from "../../../lib/contracts/emergency.ts";
import { codeOf, control, release, stop } from "./emergency_support.ts";
import { CALLER, withFleet } from "./world.ts";

Deno.test("the same id with another lever is refused", async () => {
  await withFleet(async (world) => {
    await stop(world, { lever: "block" });
    assert.equal(
      await codeOf(world, () => stop(world, { lever: "flatten" })),
      "IDEMPOTENCY_KEY_REUSED",
    );
    assert.equal(
      await release(world, "stop_unknown01"),
      "EMERGENCY_NOT_FOUND",
    );
  });
});

Deno.test("the same id for another scope, or for whatever else is withdrawn, is refused", async () => {
  await withFleet(async (world) => {
    const one = await world.spawn({ name: "one" });
    const two = await world.spawn({ name: "two" });
    const ofOne = { scope: { kind: "agent", id: one.id } } as const;
    const codeOfStop = (change: Partial<StopRequest>) =>
      codeOf(world, () => stop(world, change));
    assert.equal(await codeOfStop(ofOne), null);
    assert.equal(await codeOfStop(ofOne), null);
    for (
      const other of [
        { scope: { kind: "agent", id: two.id } },
        { scope: { kind: "user", id: CALLER.email } },
        { scope: { kind: "all" } },
        { ...ofOne, withdrawAll: true },
      ] as const
    ) {
      assert.equal(
        // deno-lint-ignore no-await-in-loop -- each refusal is looked at
        await codeOfStop(other),
        "IDEMPOTENCY_KEY_REUSED",
        JSON.stringify(other),
      );
    }
    assert.equal(await control(world, two.id, "rearm"), null);
  });
});

Deno.test("the same id after the release is refused, and whoever repeats a request is not told that something is stopped", async () => {
  await withFleet(async (world) => {
    await world.spawn({ name: "one" });
    const mine = { scope: { kind: "user", id: CALLER.email } } as const;
    await stop(world, mine);
    // As somebody named them, and by the id that it is stored under.
    assert.equal((await stop(world, mine)).isLatched, true);
    const byId = { scope: { kind: "user", id: CALLER.userId } } as const;
    assert.equal((await stop(world, byId)).isLatched, true);
    assert.equal(await release(world), null);
    const refused = await world.settled(stop(world, mine));
    assert.ok(refused.status === "rejected");
    assert.equal(refused.reason.code, "IDEMPOTENCY_KEY_REUSED");
    assert.match(refused.reason.message, /released since.* new stop/);
    assert.equal(world.fleet.emergency.state().latches.length, 0);
  });
});

Deno.test("a stop that a desk has not answered to is not confirmed to who repeats it, until the desk has it", async () => {
  await withFleet(async (world) => {
    await world.spawn({ name: "one" });
    world.hosts.desk.at(-1)!.terminate();
    assert.equal((await stop(world, { lever: "block" })).isLatched, false);
    const again = await stop(world, { lever: "block" });
    assert.equal(again.isLatched, false);
    assert.match(again.detail, /has not answered to this stop yet/);
    await world.until(
      () =>
        world.fleet.emergency.state().latches.some(({ progress }) =>
          progress.some(({ blockedAt }) => blockedAt !== null)
        ),
      "the desk has taken it",
    );
    assert.equal((await stop(world, { lever: "block" })).isLatched, true);
  });
});

Deno.test("a stop of an agent that is gone since is answered again", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    const ofOne = { scope: { kind: "agent", id } } as const;
    await stop(world, ofOne);
    assert.equal(await control(world, id, "stop"), null);
    await world.until(
      () => world.fleet.get(id).observed === "stopped",
      "the agent is stopped",
    );
    const removed = await world.settled(world.fleet.remove(id, CALLER));
    assert.equal(removed.status, "fulfilled");
    await world.until(
      () => world.fleet.list().length === 0,
      "the agent is gone",
    );
    assert.equal((await stop(world, ofOne)).isLatched, true);
    assert.equal(
      await codeOf(world, () => stop(world, ofOne, "stop_other003")),
      "AGENT_NOT_FOUND",
    );
  });
});
