import assert from "node:assert/strict";
import { stopRequestSchema } from "../../../lib/contracts/emergency.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { agentConfig } from "../../support/config.ts";
import { codeOf, control, ID, release, stop } from "./emergency_support.ts";
import { CALLER, type FleetWorld, withFleet } from "./world.ts";

async function audits(world: FleetWorld, prefix: string) {
  const page = await world.settled(
    world.store.auditPage({ limit: 100, cursor: null }),
  );
  assert.ok(page.status === "fulfilled");
  return page.value.items.filter(({ action }) => action.startsWith(prefix));
}

Deno.test("block leaves agents running, refuses what would let them trade, and is audited once", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    const answer = await stop(world, { lever: "block" });
    assert.equal(answer.isLatched, true);
    assert.deepEqual(answer.stop.progress.map(({ state }) => state), ["done"]);
    await world.until(
      () => world.fleet.get(id).account?.tradingState === "halted",
      "the account is shown as halted",
    );
    assert.equal(world.fleet.get(id).observed, "running");
    assert.equal(await control(world, id, "rearm"), "EMERGENCY_LATCHED");
    assert.equal(await control(world, id, "pause"), null);
    await world.until(
      () => world.fleet.get(id).observed === "paused",
      "the agent is paused",
    );
    assert.equal(await control(world, id, "resume"), "EMERGENCY_LATCHED");
    const config = agentConfigSchema.parse(agentConfig({ name: "two" }));
    const spawned = await codeOf(
      world,
      () => world.fleet.spawn({ config, acknowledgeWarnings: true }, CALLER),
    );
    assert.equal(spawned, "EMERGENCY_LATCHED");
    await stop(world, { lever: "block" });
    assert.equal((await audits(world, "emergency.stop")).length, 1);
    assert.equal(await release(world), null);
    assert.equal(await control(world, id, "resume"), null);
    const [released] = await audits(world, "emergency.release");
    assert.equal(released?.reason, "over");
  });
});

Deno.test("a stop of one agent leaves the others alone", async () => {
  await withFleet(async (world) => {
    const one = await world.spawn({ name: "one" });
    const two = await world.spawn({ name: "two" });
    await stop(world, { scope: { kind: "agent", id: one.id } });
    assert.equal(await control(world, one.id, "rearm"), "EMERGENCY_LATCHED");
    assert.equal(await control(world, two.id, "rearm"), null);
    const unknown = { kind: "agent", id: `agt_${"0".repeat(26)}` } as const;
    assert.equal(
      await codeOf(
        world,
        () => stop(world, { scope: unknown }, "stop_other001"),
      ),
      "AGENT_NOT_FOUND",
    );
    const nobody = { kind: "user", id: "nobody@example.com" } as const;
    assert.equal(
      await codeOf(
        world,
        () => stop(world, { scope: nobody }, "stop_other002"),
      ),
      "REQUEST_INVALID",
    );
  });
});

Deno.test("a stop by user takes the e-mail and covers the user's agents", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    const { stop: { scope, progress } } = await stop(world, {
      scope: { kind: "user", id: "Owner@example.com" },
    });
    assert.deepEqual(scope, { kind: "user", id: "usr_1" });
    assert.equal(progress[0]?.agentId, id);
  });
});

Deno.test("flatten closes everything and stops the agents; they start again after the release", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    await stop(world, { lever: "flatten" });
    await world.until(
      () => world.fleet.get(id).observed === "stopped",
      "the agent is stopped",
    );
    const { account, desired } = world.fleet.get(id);
    assert.equal(desired, "stopped");
    assert.equal(account?.position, null);
    assert.deepEqual(account?.openOrders, []);
    assert.equal(await control(world, id, "start"), "EMERGENCY_LATCHED");
    assert.equal(await release(world), null);
    assert.equal(await control(world, id, "start"), null);
    await world.until(
      () => world.fleet.get(id).observed === "running",
      "the agent runs",
    );
  });
});

Deno.test("a stop holds over a restart of everything and is neither announced nor audited again", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    await stop(world, { lever: "block" });
    assert.equal((await audits(world, "emergency.stop")).length, 1);
    await world.restart();
    assert.equal(world.fleet.emergency.state().latches[0]?.id, ID);
    await world.until(
      () => world.fleet.get(id).account?.tradingState === "halted",
      "the account is halted again",
    );
    assert.equal(await control(world, id, "rearm"), "EMERGENCY_LATCHED");
    assert.equal((await audits(world, "emergency.stop")).length, 1);
  });
});

Deno.test("a stop works while the store takes nothing; its audit entry is written afterwards, its release waits", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    world.disk.isFull = true;
    const answer = await stop(world, { lever: "flatten" });
    assert.equal(answer.isLatched, true);
    assert.equal(await release(world), "STORE_UNAVAILABLE");
    await world.until(
      () => world.fleet.get(id).observed === "stopped",
      "the agent is stopped",
    );
    assert.ok(
      world.volatile.some((event) =>
        event.type === "system.event" && event.data.kind === "emergency"
      ),
      "whoever listens is told",
    );
    world.disk.isFull = false;
    await world.until(
      () => world.fleet.emergency.state().latches[0]!.isAudited,
      "the stop is audited",
    );
    const [entry] = await audits(world, "emergency.stop");
    assert.equal(entry?.actor.name, CALLER.email);
    assert.equal(entry?.target, ID);
    await world.until(() => world.fleet.heldReason() === null, "it goes on");
    assert.equal(await release(world), null);
  });
});

Deno.test("a stop of a desk that does not answer waits in its folder and holds when it is back", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    world.hosts.desk.at(-1)!.terminate();
    const answer = await stop(world, { lever: "block" });
    assert.equal(answer.isLatched, false);
    assert.match(answer.detail, /it holds before the desk trades again/);
    assert.equal(await control(world, id, "rearm"), "EMERGENCY_LATCHED");
    await world.until(
      () =>
        world.fleet.emergency.state().latches.some(({ progress }) =>
          progress.some(({ blockedAt }) => blockedAt !== null)
        ),
      "the desk has taken it",
    );
    assert.equal(world.fleet.emergency.state().latches.length, 1);
    await world.until(
      () =>
        [...Deno.readDirSync(`${world.journalDir}/emergency`)].every((
          { name },
        ) => !name.startsWith("halt")),
      "its request is gone",
    );
  });
});

Deno.test("a stop whose file cannot be written holds over a death of the desk", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    // A file where the folder belongs.
    await Deno.remove(`${world.journalDir}/emergency`, { recursive: true });
    await Deno.writeTextFile(`${world.journalDir}/emergency`, "");
    const answer = await stop(world, { lever: "block" });
    assert.equal(answer.isLatched, true);
    assert.match(
      world.fleet.emergency.state().fileProblem!,
      /cannot be written .* not over a restart/,
    );
    const desks = world.hosts.desk.length;
    world.hosts.desk.at(-1)!.terminate();
    await world.until(
      () =>
        world.hosts.desk.length > desks &&
        world.fleet.emergency.state().latches.some((one) =>
          one.id === ID &&
          one.progress.some(({ blockedAt }) => blockedAt !== null)
        ),
      "the next desk has it, too",
    );
    assert.equal(await control(world, id, "rearm"), "EMERGENCY_LATCHED");
  });
});

Deno.test("a request in the folder is heard of, announced and audited", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    await Deno.mkdir(`${world.journalDir}/emergency`, { recursive: true });
    await Deno.writeTextFile(`${world.journalDir}/emergency/halt`, "");
    await world.until(
      () => world.fleet.emergency.state().latches[0]?.isAudited === true,
      "it is audited",
    );
    assert.equal(await control(world, id, "rearm"), "EMERGENCY_LATCHED");
    const [entry] = await audits(world, "emergency.stop");
    assert.equal(entry?.via, "local");
  });
});

Deno.test("a drill says what a stop would do and does nothing", async () => {
  await withFleet(async (world) => {
    const { id } = await world.spawn({ name: "one" });
    const request = stopRequestSchema.parse({ lever: "flatten" });
    const outcome = await world.settled(
      world.fleet.emergency.drill(request, CALLER),
    );
    assert.ok(outcome.status === "fulfilled");
    const { agents, totals, expectedMs } = outcome.value;
    assert.equal(agents[0]?.agentId, id);
    assert.equal(totals.agentsStopped, 1);
    assert.notEqual(expectedMs, null);
    assert.deepEqual(world.fleet.emergency.state().latches, []);
    assert.equal(world.fleet.get(id).observed, "running");
  });
});
