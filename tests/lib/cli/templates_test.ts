import assert from "node:assert/strict";
import { createMachine } from "./machine.ts";

Deno.test("templates export writes the file to stdout, import reads it from stdin", async () => {
  await using machine = createMachine();
  const exported = await machine.run("templates", "export", "smc-order-block");
  assert.equal(exported.exitCode, 0);
  assert.equal(JSON.parse(exported.out).template.name, "smc-order-block");
  machine.input.text = exported.out;
  const taken = await machine.run("templates", "import");
  assert.equal(taken.exitCode, 0, taken.err);
  assert.equal(taken.out, 'Imported "smc-order-block", version 1\n');
  const removed = await machine.run("templates", "delete", "smc-order-block");
  assert.equal(removed.exitCode, 0);
  assert.deepEqual(
    machine.world.fleet.calls.map(({ method }) => method),
    ["importTemplate", "removeTemplate"],
  );
});

Deno.test("templates export --as makes a template of an agent", async () => {
  await using machine = createMachine();
  machine.world.fleet.add({ name: "alpha" });
  const { out } = await machine.run(
    ...["templates", "export", "alpha", "--as", "my-gaps"] as const,
  );
  assert.deepEqual(JSON.parse(out).template, {
    name: "my-gaps",
    title: "alpha",
  });
});

Deno.test("templates says what is wrong with its words and its input", async () => {
  await using machine = createMachine();
  const cases: readonly [readonly string[], number, RegExp][] = [
    [["exprot"], 2, /cannot exprot\. Did you mean "export"\?/],
    [["export"], 2, /needs the name of a template/],
    [["export", "nothing"], 3, /There is no template "nothing"/],
    [["import", "file.json"], 2, /templates import < file\.json/],
    [["import"], 2, /not JSON/],
  ];
  for (const [words, exitCode, sentence] of cases) {
    machine.input.text = "not json";
    // deno-lint-ignore no-await-in-loop -- one command line after the other
    const run = await machine.run("templates", ...words);
    assert.equal(run.exitCode, exitCode, words.join(" "));
    assert.match(run.err, sentence);
  }
});
