import assert from "node:assert/strict";
import { CHROMIUM_PATH } from "../support/browser.ts";
import { deskCases, EMPTY_DESK } from "../support/panel/cases/desk.ts";
import { fillPanel } from "../support/panel/pages.ts";
import { seeStates, withScene } from "../support/panel/states.ts";

Deno.test({
  name:
    "pages of risk, audit, backtests and the emergency stop say in each state what is the matter and what to do, without a barrier",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withScene(async (scene) => {
      const empty = { look: "turns", cases: EMPTY_DESK } as const;
      assert.deepEqual(await seeStates(scene, empty), []);
      const { run } = await fillPanel(scene.api);
      const cases = deskCases(run);
      assert.deepEqual(await seeStates(scene, { look: "turns", cases }), []);
    });
  },
});
