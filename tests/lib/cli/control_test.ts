import assert from "node:assert/strict";
import { createMachine } from "./machine.ts";

Deno.test("control commands store the wish with its reason for each agent and go on after a failure", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({ name: "alpha" });
  const one = await machine.run("pause", "alpha", "--reason", "news");
  assert.deepEqual([one.exitCode, one.out], [0, "alpha\tpaused\n"]);
  assert.deepEqual(machine.world.fleet.calls[0]!.request, {
    action: "pause",
    reason: "news",
    positions: "close",
  });
  const both = await machine.run("resume", "nobody", id, "--json");
  assert.equal(both.exitCode, 3);
  assert.match(both.err, /^nobody: error: There is no agent "nobody"/);
  assert.deepEqual(JSON.parse(both.out), [{
    id,
    name: "alpha",
    observed: "running",
    desired: "running",
  }]);
  assert.equal(
    (await machine.run("restart", id)).out,
    "alpha\tstarting\trunning is wanted\n",
  );
  assert.equal(
    (await machine.run("start", id)).out,
    "alpha\tstarting\trunning is wanted\n",
  );
  assert.equal((await machine.run("pause")).exitCode, 2);
});

Deno.test("stop waits until stopped is observed, and not with --no-wait", async () => {
  await using machine = createMachine();
  const { fleet } = machine.world;
  const agent = fleet.add({ name: "alpha" });
  fleet.stopAfterReads = 4;
  const stopped = await machine.run("stop", "alpha", "--keep-positions");
  assert.deepEqual([stopped.exitCode, stopped.out], [0, "alpha\tstopped\n"]);
  assert.ok(machine.slept.ms > 0);
  assert.match(stopped.err, /Stopping alpha/);
  agent.observed = "running";
  fleet.stopAfterReads = 100;
  const asked = await machine.run("stop", agent.id, "--no-wait");
  assert.equal(asked.out, "alpha\tstopping\tstopped is wanted\n");
});

Deno.test("stop is honest when the deadline passes", async () => {
  await using machine = createMachine();
  const { fleet } = machine.world;
  const { id } = fleet.add({ name: "alpha" });
  fleet.stopAfterReads = 1_000;
  const late = await machine.run("stop", "alpha", "--timeout", "3");
  assert.equal(late.exitCode, 1);
  assert.equal(late.out, "");
  assert.match(
    late.err,
    /has not stopped within 3 s; it was stopping last, and the stop goes on/,
  );
  assert.ok(late.err.includes(`deno task agent show ${id}`));
  assert.equal(machine.slept.ms, 3_000);
  assert.equal((await machine.run("stop", id, "--timeout", "x")).exitCode, 2);
});

Deno.test("delete asks on a terminal, and always for real money", async () => {
  await using machine = createMachine();
  const { fleet } = machine.world;
  fleet.add({ name: "alpha" });
  machine.io.isInputTerminal = true;
  machine.answers.push("alhpa", "alpha", "beta");
  const wrong = await machine.run("delete", "alpha");
  assert.equal(wrong.exitCode, 2);
  assert.equal(fleet.agents.size, 1);
  assert.equal((await machine.run("delete", "alpha")).exitCode, 0);
  assert.equal(fleet.agents.size, 0);
  fleet.add({ name: "beta", mode: "live" });
  machine.io.isInputTerminal = false;
  assert.equal((await machine.run("delete", "beta", "--yes")).exitCode, 2);
  machine.io.isInputTerminal = true;
  assert.equal((await machine.run("delete", "beta", "--yes")).exitCode, 0);
  fleet.add({ name: "gamma" });
  machine.io.isInputTerminal = false;
  const piped = await machine.run("delete", "gamma", "--json");
  assert.equal(JSON.parse(piped.out).observed, "deleted");
});

Deno.test("several agents are commanded in one request, with a result for each", async () => {
  await using machine = createMachine();
  const { fleet, idempotency } = machine.world;
  fleet.add({ name: "alpha", observed: "paused", desired: "paused" });
  fleet.add({ name: "beta", observed: "paused", desired: "paused" });
  fleet.add({ name: "gamma", observed: "running" });
  const run = await machine.run("resume", "alpha", "gamma", "nobody", "beta");
  assert.equal(run.exitCode, 3);
  assert.deepEqual(run.out.trim().split("\n").toSorted(), [
    "alpha\trunning",
    "beta\trunning",
  ]);
  assert.match(run.err, /^nobody: error: There is no agent "nobody"/m);
  assert.match(
    run.err,
    /^gamma: error: The agent's state does not allow this: .*\n {2}code AGENT_STATE_CONFLICT, request \S+/m,
  );
  assert.equal(idempotency.size, 1);
});

Deno.test("--all commands those that it makes sense for, and waits for them", async () => {
  await using machine = createMachine();
  const { fleet } = machine.world;
  fleet.add({ name: "alpha" });
  fleet.add({ name: "beta", observed: "stopped", desired: "stopped" });
  fleet.add({ name: "gamma", observed: "quarantined" });
  fleet.stopAfterReads = 2;
  const run = await machine.run("stop", "--all", "--json");
  assert.equal(run.exitCode, 0, run.err);
  assert.deepEqual(
    JSON.parse(run.out).map(({ name }: { name: string }) => name),
    ["alpha"],
  );
  const again = await machine.run("pause", "--all");
  assert.deepEqual([again.exitCode, again.out], [0, ""]);
  assert.match(again.err, /There is no agent to pause/);
  assert.equal((await machine.run("stop", "--all", "alpha")).exitCode, 2);
});

Deno.test("absent says of one order, after a fresh proof and with what was seen, that it is not at the exchange", async () => {
  await using machine = createMachine();
  machine.world.fleet.add({ name: "alpha" });
  const command = ["absent", "alpha", "7.0-entry"];
  const bare = await machine.run(...command);
  assert.equal(bare.exitCode, 2);
  assert.match(bare.err, /--reason "in no list of orders or trades"/);
  command.push("--reason", "in no list");
  assert.equal((await machine.run(...command)).exitCode, 5);
  machine.world.options.auth.factor.requireProven = () => Promise.resolve();
  const run = await machine.run(...command);
  assert.equal(run.exitCode, 0, run.err);
  assert.equal(run.out, "alpha\torder 7.0-entry is absent\n");
  assert.partialDeepStrictEqual(machine.world.fleet.calls.at(-1), {
    method: "settleOrder",
    request: { orderId: "7.0-entry", reason: "in no list" },
  });
  const json = await machine.run(...command, "--json");
  assert.equal(JSON.parse(json.out).outcome, "absent");
});

Deno.test("rearm is by name, with its reason, after a fresh proof", async () => {
  await using machine = createMachine();
  machine.world.fleet.add({ name: "alpha" });
  const command = ["rearm", "alpha", "--reason", "looked at it"];
  assert.equal((await machine.run(...command)).exitCode, 5);
  machine.world.options.auth.factor.requireProven = () => Promise.resolve();
  const run = await machine.run(...command);
  assert.equal(run.exitCode, 0, run.err);
  assert.partialDeepStrictEqual(machine.world.fleet.calls.at(-1), {
    request: { action: "rearm", reason: "looked at it" },
  });
  assert.equal((await machine.run("rearm", "--all")).exitCode, 2);
});
