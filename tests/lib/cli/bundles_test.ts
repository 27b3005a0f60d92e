import assert from "node:assert/strict";
import { signed } from "../bundles/samples.ts";
import { createMachine } from "./machine.ts";

Deno.test("bundles verify checks a file without a server", async () => {
  await using machine = createMachine();
  machine.env["API_BASE_URL"] = "http://127.0.0.1:1/api";
  machine.input.text = signed();
  const fits = await machine.run("bundles", "verify");
  assert.equal(fits.exitCode, 0, fits.err);
  assert.match(fits.out, /^The signature fits: "Shared", made 2026-01-05\n/);
  assert.match(fits.out, /Signed by Ada, fingerprint [0-9a-f]{40}\n/);
  const json = await machine.run("bundles", "verify", "--json");
  assert.equal(JSON.parse(json.out).author.name, "Ada");
  machine.input.text = signed().replace("Ada", "Eve");
  const changed = await machine.run("bundles", "verify");
  assert.equal(changed.exitCode, 2);
  assert.equal(changed.out, "");
  assert.match(changed.err, /changed after it was signed/);
});

Deno.test("bundles import makes templates under the names that are asked for, and says whom nobody has met", async () => {
  await using machine = createMachine();
  machine.input.text = signed();
  const run = await machine.run(
    ...["bundles", "import", "--name", "shared=mine"] as const,
  );
  assert.equal(run.exitCode, 0, run.err);
  assert.equal(run.out, 'Imported "mine", signed by Ada\n');
  assert.match(run.err, /You have met nobody with this key/);
  const again = await machine.run("bundles", "import");
  assert.equal(again.out, 'Imported "shared", signed by Ada\n');
  assert.equal(again.err, "");
});

Deno.test("bundles says what is wrong with its words and its input", async () => {
  await using machine = createMachine();
  const cases: readonly [readonly string[], number, RegExp][] = [
    [["verfiy"], 2, /cannot verfiy\. Did you mean "verify"\?/],
    [["export", "templat"], 2, /Did you mean "template"\?/],
    [["export", "template", "x"], 2, /--as/],
    [["verify", "f.json"], 2, /bundles verify < f\.json/],
    [["import"], 2, /not JSON/],
    [["import", "--name", "x"], 2, /not JSON/],
    [
      ["export", "team", "none", "--as", "ab", "--author", "Ada"],
      3,
      /There is no team "none"/,
    ],
  ];
  for (const [words, exitCode, sentence] of cases) {
    machine.input.text = "not json";
    // deno-lint-ignore no-await-in-loop -- one command line after the other
    const run = await machine.run("bundles", ...words);
    assert.equal(run.exitCode, exitCode, words.join(" "));
    assert.match(run.err, sentence);
  }
});
