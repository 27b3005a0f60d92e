import assert from "node:assert/strict";
import { noSuchAction } from "../../../lib/cli/actions.ts";
import { createMachine } from "./machine.ts";

const ACTIONS = ["get", "set", "restore"];

Deno.test("noSuchAction() says what was meant perhaps, else what the command can do", () => {
  const said = (action?: string) =>
    noSuchAction("config", action, ACTIONS).message;
  assert.equal(said("gte"), '"config" cannot gte. Did you mean "get"?');
  assert.equal(
    said("btc-one"),
    '"config" cannot btc-one; it can get, set and restore',
  );
  assert.equal(said(), '"config" needs an action: get, set or restore');
});

Deno.test("config and bundles ask for the action, and then for what it is about", async () => {
  await using machine = createMachine();
  for (
    const [argv, pattern] of [
      [["config"], /"config" needs an action: get, set, diff/],
      [["config", "btc-one", "set"], /"config" cannot btc-one; it can get/],
      [["config", "get"], /"config get" needs an agent: its id or its name/],
      [["bundles"], /"bundles" needs an action: export, import or verify/],
    ] as const
  ) {
    // deno-lint-ignore no-await-in-loop -- one mistake after the other
    const { exitCode, err } = await machine.run(...argv);
    assert.equal(exitCode, 2, argv.join(" "));
    assert.match(err, pattern);
  }
});
