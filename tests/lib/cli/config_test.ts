import assert from "node:assert/strict";
import { createMachine } from "./machine.ts";

Deno.test("config get writes the configuration, and set changes it by paths and by standard input", async () => {
  await using machine = createMachine();
  const { id, name, config } = machine.world.fleet.add();
  const got = await machine.run("config", "get", name);
  assert.equal(got.exitCode, 0, got.err);
  assert.deepEqual(JSON.parse(got.out), config);
  const set = await machine.run("config", "set", name, "risk.leverage=3");
  assert.equal(set.exitCode, 0, set.err);
  assert.match(set.out, /^risk\.leverage\t\d+ → 3\n$/);
  assert.match(set.err, /Version 2 is in force/);
  assert.equal(machine.world.fleet.agents.get(id)!.config.risk.leverage, 3);
  machine.input.text = got.out;
  const back = await machine.run("config", "set", id);
  assert.equal(back.exitCode, 0, back.err);
  assert.deepEqual(machine.world.fleet.agents.get(id)!.config, config);
});

Deno.test("config history, diff and restore work on versions", async () => {
  await using machine = createMachine();
  const { name, configVersion } = machine.world.fleet.add();
  const history = await machine.run("config", "history", name);
  assert.equal(history.exitCode, 0, history.err);
  assert.match(history.out, /trader@example\.com/);
  const version = String(configVersion);
  const same = await machine.run("config", "diff", name, version);
  assert.match(same.err, /They are the same/);
  const restored = await machine.run("config", "restore", name, version);
  assert.equal(restored.exitCode, 0, restored.err);
});

Deno.test("config says what is wrong with its words", async () => {
  await using machine = createMachine();
  const { name } = machine.world.fleet.add();
  const cases: readonly [readonly string[], number, RegExp][] = [
    [["config", "get"], 2, /agent/],
    [["config", "sett", name], 2, /set/],
    [["config", "set", name, "risk.leverag=3"], 2, /leverage/],
    [["config", "set", name, "risk.leverage=many"], 2, /leverage/],
    [["config", "diff", name], 2, /Name a version/],
    [["config", "restore", name, "99"], 3, /There is no version "99"/],
  ];
  for (const [words, exitCode, sentence] of cases) {
    // deno-lint-ignore no-await-in-loop -- one command line after the other
    const run = await machine.run(...words);
    assert.match(run.err, sentence, words.join(" "));
    assert.equal(run.exitCode, exitCode, `${words.join(" ")}\n${run.err}`);
  }
});
