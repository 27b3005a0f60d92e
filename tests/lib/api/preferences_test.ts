import assert from "node:assert/strict";
import {
  DEFAULT_PREFERENCES,
  type Preferences,
} from "../../../lib/contracts/preference_values.ts";
import { assertProblem } from "./assertions.ts";
import { createWorld } from "./world.ts";

const PATH = "/api/account/preferences";
const CHOSEN: Preferences = {
  ...DEFAULT_PREFERENCES,
  palette: "green-red",
  timeZone: "Asia/Tokyo",
  shortcuts: false,
};

Deno.test("preferences are each person's own, presets until they are chosen", async () => {
  const world = createWorld();
  const read = async (as: "viewer" | "admin"): Promise<Preferences> =>
    await (await world.call("GET", PATH, { as })).json();
  assert.deepEqual(await read("viewer"), DEFAULT_PREFERENCES);
  const put = await world.call("PUT", PATH, { as: "viewer", body: CHOSEN });
  assert.deepEqual(await put.json(), CHOSEN);
  assert.deepEqual(await read("viewer"), CHOSEN);
  assert.deepEqual(await read("admin"), DEFAULT_PREFERENCES);
});

Deno.test("PUT /api/account/preferences refuses what is no preference, and says which", async () => {
  const world = createWorld();
  for (
    const [field, value] of [["timeZone", "Mars/Base"], ["theme", "sepia"], [
      "refreshSeconds",
      7,
    ], ["later", 1]] as const
  ) {
    // deno-lint-ignore no-await-in-loop -- one request after the other
    const response = await world.call("PUT", PATH, {
      body: { ...CHOSEN, [field]: value },
    });
    // deno-lint-ignore no-await-in-loop -- its answer
    const problem = await assertProblem(response, "REQUEST_INVALID");
    assert.match(JSON.stringify(problem.errors), new RegExp(field));
  }
});
