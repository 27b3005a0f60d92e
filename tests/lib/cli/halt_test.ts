import assert from "node:assert/strict";
import type { StopView } from "../../../lib/contracts/emergency.ts";
import { PASSWORD } from "../api/fake_ports.ts";
import { createMachine, type Machine } from "./machine.ts";

function inForce(machine: Machine) {
  return machine.world.fleet.emergency.latches;
}

Deno.test("halt without a choice withdraws the entries of everything", async () => {
  await using machine = createMachine();
  const run = await machine.run("halt", "--reason", "the feed is wrong");
  assert.equal(run.exitCode, 0, run.err);
  const [stop] = inForce(machine);
  assert.deepEqual([stop?.scope.kind, stop?.lever], ["all", "cancel"]);
  assert.equal(stop?.by.via, "cli");
  assert.equal(
    run.out,
    `${stop?.id}\tall\tcancel\tholds\tthe feed is wrong\n`,
  );
});

Deno.test("halt takes an agent by its name, a user, an account and a lever", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({ name: "alpha" });
  await machine.run("halt", "--agent", "alpha", "--lever", "flatten");
  await machine.run("halt", "--user", "a@example.com", "--lever", "block");
  await machine.run("halt", "--account", "paper", "--collar", "2.5");
  assert.deepEqual(inForce(machine).map(({ scope }) => scope), [
    { kind: "agent", id },
    { kind: "user", id: "a@example.com" },
    { kind: "account", id: "paper" },
  ]);
  assert.equal(inForce(machine)[2]!.collarPct, 2.5);
});

Deno.test("halt refuses what it does not understand and stops nothing", async () => {
  await using machine = createMachine();
  for (
    const args of [
      ["--lever", "explode"],
      ["--agent", "x", "--all"],
      ["--deadline", "0"],
      ["--collar", "x"],
      ["--local", "--drill"],
      ["--local", "--agent", "alpha"],
      ["extra"],
    ]
  ) {
    // deno-lint-ignore no-await-in-loop -- each refusal is looked at
    const { exitCode } = await machine.run("halt", ...args);
    assert.equal(exitCode, 2, args.join(" "));
  }
  assert.deepEqual(inForce(machine), []);
});

Deno.test("halt ends with 1 where something is left over, and names it", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({ name: "alpha" });
  const { emergency } = machine.world.fleet;
  const stop = emergency.stop;
  emergency.stop = async (request, options) => {
    const answer = await stop(request, options);
    const left = {
      agentId: id,
      state: "residue" as const,
      blockedAt: 1,
      ordersLeft: 0,
      positionLeft: "0.5",
      orders: [],
      error: "Too far from the last price",
    };
    const view: StopView = {
      ...answer.stop,
      progress: [left],
      residue: [left],
    };
    emergency.latches = [view];
    return { ...answer, stop: view };
  };
  const run = await machine.run("halt");
  assert.equal(run.exitCode, 1);
  assert.match(run.out, /alpha\tresidue\t0\t0\.5\t—\tToo far from/);
  const listed = await machine.run("halts");
  assert.match(listed.out, /\tresidue\t/);
  assert.match(listed.err, /Left over/);
});

Deno.test("halt says how to stop where the server cannot be reached", async () => {
  await using machine = createMachine();
  const run = await machine.run("halt", "--server", "http://127.0.0.1:9");
  assert.equal(run.exitCode, 6);
  assert.match(run.err, /deno task agent halt --local/);
});

Deno.test("halt --drill shows what would happen and does nothing", async () => {
  await using machine = createMachine();
  const run = await machine.run("halt", "--drill", "--lever", "flatten");
  assert.equal(run.exitCode, 0, run.err);
  assert.match(run.err, /Nothing is done/);
  assert.match(run.out, /Time expected\t—/);
  assert.deepEqual(inForce(machine), []);
});

Deno.test("halt --local asks the desk by a file and waits for its answer", async () => {
  await using machine = createMachine();
  machine.env.DATA_DIR = "/srv/data/";
  const write = machine.io.writePrivateFile;
  machine.io.writePrivateFile = async (path, text) => {
    await write(path, text);
    const id = /^\/srv\/data\/emergency\/halt-([0-9a-z]+)\.json$/.exec(path)
      ?.[1];
    const request = JSON.parse(text);
    machine.files.set(
      `/srv/data/emergency/done-${id}.json`,
      JSON.stringify({
        ...request,
        id: `stop_${id}`,
        isWorking: false,
        progress: [],
        residue: [],
      }),
    );
  };
  const run = await machine.run("halt", "--local", "--lever", "block");
  assert.equal(run.exitCode, 0, run.err);
  assert.match(run.out, /^stop_\w+\tall\tblock\tholds/);
});

Deno.test("halt --local waits for every desk that runs and says which has not answered", async () => {
  await using machine = createMachine();
  const folder = "./data/emergency";
  machine.files.set(`${folder}/binance.swap/running`, "");
  machine.files.set(`${folder}/okx.spot/latches.json`, "");
  const answer = (desk: string, path: string, request: object) =>
    machine.files.set(
      path,
      JSON.stringify({
        ...request,
        id: "stop_00000001",
        isWorking: false,
        progress: [{ agentId: desk, state: "done", orders: [] }],
        residue: [],
      }),
    );
  const write = machine.io.writePrivateFile;
  let answers = 1;
  machine.io.writePrivateFile = async (path, text) => {
    await write(path, text);
    const file = path.split("/").at(-1)!.replace("halt-", "done-");
    const request = JSON.parse(text);
    answer("paper", `${folder}/${file}`, request);
    if (answers > 1) {
      answer("venue", `${folder}/binance.swap/${file}`, request);
    }
  };
  const one = await machine.run("halt", "--local", "--deadline", "1");
  assert.equal(one.exitCode, 1);
  assert.match(one.err, /desk of binance\.swap has not answered/);
  answers = 2;
  const both = await machine.run("halt", "--local", "--json");
  assert.equal(both.exitCode, 0, both.err);
  assert.deepEqual(
    JSON.parse(both.out).progress.map((one: { agentId: string }) =>
      one.agentId
    ),
    ["paper", "venue"],
  );
});

Deno.test("halt --local says that no desk has answered, and that the request stays", async () => {
  await using machine = createMachine();
  const run = await machine.run("halt", "--local", "--deadline", "1");
  assert.equal(run.exitCode, 6);
  assert.match(run.err, /holds when a server with this data folder starts/);
  assert.ok(
    [...machine.files.keys()].some((path) =>
      /^\.\/data\/emergency\/halt-/.test(path)
    ),
  );
});

Deno.test("halt --local says which folders it may write to", async () => {
  await using machine = createMachine();
  machine.io.writePrivateFile = () =>
    Promise.reject(
      Object.assign(new Error("Requires write access"), { name: "NotCapable" }),
    );
  const run = await machine.run("halt", "--local", "--data-dir", "/elsewhere");
  assert.equal(run.exitCode, 1);
  assert.match(run.err, /DATA_DIR=DIR deno task agent halt --local/);
});

Deno.test("release asks for the word and the password", async () => {
  await using machine = createMachine();
  machine.env.AGENT_TOKEN = machine.world.tokens.risk;
  await machine.run("halt");
  const id = inForce(machine)[0]!.id;
  machine.env.AGENT_TOKEN = machine.world.tokens.admin;
  assert.equal((await machine.run("release", id)).exitCode, 2, "no reason");
  const reason = ["--reason", "looked at"];
  machine.input.text = `release\n${PASSWORD}\n`;
  assert.equal((await machine.run("release", id, ...reason)).exitCode, 2);
  machine.input.text = "RELEASE\nwrong\n";
  assert.equal((await machine.run("release", id, ...reason)).exitCode, 5);
  assert.equal(inForce(machine).length, 1);
  machine.input.text = `RELEASE\n${PASSWORD}\n`;
  const run = await machine.run("release", id, ...reason);
  assert.deepEqual([run.exitCode, run.out], [0, `${id}\treleased\n`]);
  assert.deepEqual(inForce(machine), []);
  assert.match((await machine.run("halts")).err, /No emergency stop/);
});

Deno.test("release of one's own stop names who has to do it", async () => {
  await using machine = createMachine();
  await machine.run("halt");
  machine.input.text = `RELEASE\n${PASSWORD}\n`;
  const id = inForce(machine)[0]!.id;
  const run = await machine.run("release", id, "--reason", "looked at");
  assert.equal(run.exitCode, 5);
  assert.match(run.err, /with the role risk has to release it/);
});
