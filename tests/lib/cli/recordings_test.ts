import assert from "node:assert/strict";
import { RECORDED } from "../api/fake_recordings.ts";
import { createMachine } from "./machine.ts";

Deno.test("recordings lists an agent's sessions and writes one to standard output byte for byte", async () => {
  await using machine = createMachine();
  const { id, name: agent } = machine.world.fleet.add();
  const name = `${id}-3.session`;
  const list = await machine.run("recordings", agent);
  assert.equal(list.exitCode, 0, list.err);
  assert.match(list.out, new RegExp(`${name}.*1970-01-01 00:00:00.*whole`));
  const json = await machine.run("recordings", id, "--json");
  assert.equal(JSON.parse(json.out)[0].name, name);
  const file = await machine.run("recordings", agent, name);
  assert.equal(file.exitCode, 0, file.err);
  assert.equal(file.out, "");
  assert.deepEqual(file.bytes, RECORDED);
});

Deno.test("recordings says what is wrong with its words and its output", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add();
  const cases: readonly [readonly string[], number, RegExp][] = [
    [[], 2, /agent/],
    [["nobody"], 3, /nobody/],
    [[id, `${id}-9.session`], 3, /There is no "/],
    [[id, "../../store.sqlite"], 3, /There is no "/],
    [[id, "a", "b"], 2, /agent/],
  ];
  for (const [words, exitCode, sentence] of cases) {
    // deno-lint-ignore no-await-in-loop -- one command line after the other
    const run = await machine.run("recordings", ...words);
    assert.equal(run.exitCode, exitCode, words.join(" "));
    assert.match(run.err, sentence);
  }
  machine.io.isTerminal = true;
  const shown = await machine.run("recordings", id, `${id}-3.session`);
  assert.equal(shown.exitCode, 2);
  assert.match(shown.err, /no text: write it to a file with > FILE/);
});
