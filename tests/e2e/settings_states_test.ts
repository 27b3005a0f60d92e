import assert from "node:assert/strict";
import { CHROMIUM_PATH } from "../support/browser.ts";
import { ALERT_CASES } from "../support/panel/cases/alerts.ts";
import { SETTINGS_CASES } from "../support/panel/cases/settings.ts";
import { seeStates, withScene } from "../support/panel/states.ts";
import { logInBrowser } from "../support/panel/windows.ts";

/** Logins that may be ended. */
const SPARE_LOGINS = 2;

Deno.test({
  name:
    "pages of settings, login and first start say in each state what is the matter and what to do, without a barrier",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withScene(async (scene) => {
      const { browser, server: { url } } = scene;
      for (let n = 0; n < SPARE_LOGINS; n++) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        await logInBrowser(browser, { url, who: "owner" });
      }
      const cases = [...SETTINGS_CASES, ...ALERT_CASES];
      assert.deepEqual(await seeStates(scene, { look: "turns", cases }), []);
    });
  },
});
