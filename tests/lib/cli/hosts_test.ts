import assert from "node:assert/strict";
import { createMachine } from "./machine.ts";

Deno.test("agent hosts lists the hosts and what is wrong with them", async () => {
  await using machine = createMachine();
  const { exitCode, out, err } = await machine.run("hosts");
  assert.equal(exitCode, 0);
  assert.match(out, /host-1\talive\thost\t3\/50\tno/);
  assert.equal(err, "");
  machine.world.fleet.hostList[0]!.version = "9.9.9";
  const mixed = await machine.run("hosts", "list");
  assert.match(mixed.err, /different versions/);
});

Deno.test("agent hosts drain and forget want a fresh proof, and forget the name once more", async () => {
  await using machine = createMachine();
  const { calls } = machine.world.fleet;
  const refused = await machine.run("hosts", "drain", "host-1");
  assert.equal(refused.exitCode, 5);
  machine.world.options.auth.factor.requireProven = () => Promise.resolve();
  assert.equal((await machine.run("hosts", "drain", "host-1")).exitCode, 0);
  assert.equal(calls.at(-1)!.method, "drainHost");
  assert.equal((await machine.run("hosts", "forget", "host-1")).exitCode, 2);
  const wrong = ["hosts", "forget", "host-1", "--confirm", "host-2"];
  assert.equal((await machine.run(...wrong)).exitCode, 2);
  assert.equal(calls.at(-1)!.method, "drainHost");
  const right = ["hosts", "forget", "host-1", "--confirm", "host-1"];
  assert.equal((await machine.run(...right)).exitCode, 0);
  assert.equal(calls.at(-1)!.method, "forgetHost");
  assert.equal((await machine.run("hosts", "drain")).exitCode, 2);
  assert.equal((await machine.run("hosts", "drain", "none")).exitCode, 3);
});
