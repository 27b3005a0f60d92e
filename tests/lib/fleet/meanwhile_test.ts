import assert from "node:assert/strict";
import type {
  AgentRecord,
  ControlAction,
} from "../../../lib/contracts/agent.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { MAX_COMMAND_ATTEMPTS } from "../../../lib/fleet/limits.ts";
import {
  ChangedMeanwhile,
  overtakenOrDone,
} from "../../../lib/fleet/commands/meanwhile.ts";
import { auditOf } from "../store/support.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

function sendAll(world: FleetWorld, id: string, actions: ControlAction[]) {
  return Promise.all(
    actions.map((action) =>
      world.settled(
        world.fleet.control(
          id,
          { action, reason: action, positions: "close" },
          CALLER,
        ),
      )
    ),
  );
}

Deno.test("commands to one agent at the same moment are all carried out", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "hurried" });
    const actions: ControlAction[] = ["pause", "resume", "pause"];
    const outcomes = await sendAll(world, id, actions);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      actions.map(() => "fulfilled"),
    );
    const { items } = await world.store.auditPage({ limit: 3, cursor: null });
    assert.deepEqual(
      items.map(({ reason }) => reason).toSorted(),
      actions.toSorted(),
    );
  }));

for (const action of ["pause", "resume", "restart"] as const) {
  Deno.test(`a ${action} at the same moment does not undo a stop`, () =>
    withFleet(async (world) => {
      const { id } = await world.spawn({ name: "hurried" });
      const [, other] = await sendAll(world, id, ["stop", action]);
      if (other?.status === "rejected") {
        // As far as the stop has come by then.
        assert.match(
          String(other.reason.message),
          /it is being stopped|only an agent that is up/,
        );
      }
      await world.until(
        () => world.fleet.get(id).observed === "stopped",
        "the agent is stopped",
      );
      assert.equal(world.fleet.get(id).desired, "stopped");
    }));
}

for (const action of ["stop", "kill"] as const) {
  Deno.test(`a ${action} of an agent that is being deleted does not undo that`, () =>
    withFleet(async (world) => {
      const { id } = await world.spawn({ name: "unwanted" });
      const removal = world.settled(world.fleet.remove(id, CALLER));
      await sendAll(world, id, [action]);
      assert.equal((await removal).status, "fulfilled");
      await world.until(
        async () => (await world.store.agents.get(id)) === null,
        "the agent is gone",
      );
    }));
}

/** Stores another record of an agent as another process would; this one is not told. */
async function changeElsewhere(
  { store: { agents } }: FleetWorld,
  id: string,
  change: Partial<AgentRecord>,
): Promise<void> {
  const [expected] = await agents.getAll([id]);
  const record = { ...expected!, ...change, commandId: "cmd_other" };
  const audit = auditOf("agent.configure");
  const isSaved = await agents.save(record, { expected: expected!, audit });
  assert.ok(isSaved);
}

for (const action of ["pause", "stop", "kill", "restart"] as const) {
  Deno.test(`a ${action} on a record that another process has changed is carried out on what that one left`, () =>
    withFleet(async (world) => {
      const { id } = await world.spawn({ name: "shared" });
      const { config } = world.fleet.get(id);
      const renamed = { ...config, name: "renamed" };
      await changeElsewhere(world, id, { config: renamed });
      const [outcome] = await sendAll(world, id, [action]);
      assert.equal(outcome!.status, "fulfilled");
      const [stored] = await world.store.agents.getAll([id]);
      assert.equal(stored!.config.name, "renamed");
      assert.equal(stored!.desiredReason, action);
    }));
}

for (const action of ["pause", "stop", "kill"] as const) {
  Deno.test(`a ${action} that the store takes late leaves what another process stored meanwhile`, () =>
    withFleet(async (world) => {
      const { id } = await world.spawn({ name: "shared" });
      const { config, configVersion } = world.fleet.get(id);
      world.disk.isFull = true;
      const [outcome] = await sendAll(world, id, [action]);
      assert.equal(outcome!.status, "rejected");
      world.disk.isFull = false;
      await changeElsewhere(world, id, {
        config: { ...config, name: "renamed" },
        configVersion: configVersion + 1,
      });
      await world.until(() => world.fleet.isQuiet(), `the ${action} is stored`);
      const [stored] = await world.store.agents.getAll([id]);
      for (const record of [stored!, world.fleet.get(id)]) {
        assert.equal(record.config.name, "renamed");
        assert.equal(record.configVersion, configVersion + 1);
        assert.equal(record.desired, action === "pause" ? "paused" : "stopped");
      }
    }));
}

Deno.test("a pause that the store takes late does not undo that another process stopped the agent", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "shared" });
    world.disk.isFull = true;
    await sendAll(world, id, ["pause"]);
    world.disk.isFull = false;
    await changeElsewhere(world, id, {
      desired: "stopped",
      desiredReason: "stopped elsewhere",
    });
    await world.until(
      () => world.fleet.get(id).observed === "stopped" && world.fleet.isQuiet(),
      "the agent is stopped",
    );
    const [stored] = await world.store.agents.getAll([id]);
    assert.equal(stored!.desired, "stopped");
    assert.equal(stored!.desiredReason, "stopped elsewhere");
  }));

Deno.test("a configuration of an agent that another process has paused leaves it paused", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "shared" });
    const { config, configVersion } = world.fleet.get(id);
    await changeElsewhere(world, id, { desired: "paused" });
    const changed = await world.settled(world.fleet.updateConfig(
      id,
      { ...config, name: "renamed" },
      { expectedVersion: configVersion, caller: CALLER },
    ));
    assert.equal(changed.status, "fulfilled");
    const [stored] = await world.store.agents.getAll([id]);
    assert.equal(stored!.desired, "paused");
    assert.equal(stored!.config.name, "renamed");
  }));

Deno.test("a configuration is refused by its version where another process has stored one", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "shared" });
    const { config, configVersion } = world.fleet.get(id);
    await changeElsewhere(world, id, {
      config: { ...config, name: "theirs" },
      configVersion: configVersion + 1,
    });
    const changed = await world.settled(world.fleet.updateConfig(
      id,
      { ...config, name: "ours" },
      { expectedVersion: configVersion, caller: CALLER },
    ));
    assert.equal(changed.status, "rejected");
    const { reason } = changed as PromiseRejectedResult;
    assert.equal((reason as AppError).code, "CONFIG_STALE");
    const [stored] = await world.store.agents.getAll([id]);
    assert.equal(stored!.config.name, "theirs");
  }));

Deno.test("overtakenOrDone() gives up after MAX_COMMAND_ATTEMPTS, and at once for any other error", async () => {
  let runs = 0;
  const overtaken = () => {
    runs++;
    return Promise.reject(new ChangedMeanwhile([]));
  };
  await assert.rejects(overtakenOrDone(overtaken), ChangedMeanwhile);
  assert.equal(runs, MAX_COMMAND_ATTEMPTS);
  runs = 0;
  const refused = () => {
    runs++;
    return Promise.reject(new AppError("AGENT_NOT_FOUND", "gone"));
  };
  await assert.rejects(overtakenOrDone(refused), { code: "AGENT_NOT_FOUND" });
  assert.equal(runs, 1);
});
