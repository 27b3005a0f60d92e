import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { hasFocus, tabTo, untilFocused } from "../support/panel/keyboard.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const AGENT = "by-keys";

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await tabTo(page, page.getByTestId("field-email"));
  await page.keyboard.type(TEST_EMAIL);
  await tabTo(page, page.getByTestId("field-password"));
  await page.keyboard.type(TEST_PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${url}/`);
}

async function skipToContent(page: Page): Promise<void> {
  await page.keyboard.press("Tab");
  assert.ok(await hasFocus(page.locator(".skip")), "the first stop skips");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
}

async function spawn(page: Page): Promise<void> {
  const opener = page.getByTestId("spawn-open").first();
  await tabTo(page, opener);
  await page.keyboard.press("Enter");
  const dialog = page.getByTestId("spawn-dialog");
  // Escape closes an untouched dialog, and the focus is where it was.
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await untilFocused(opener);
  await page.keyboard.press("Enter");
  // Tab leads to a group, arrows choose in it.
  await tabTo(page, dialog.locator('input[name="template"]:checked'));
  const template = dialog.getByTestId("template-structure-combined");
  await tabTo(page, template, "ArrowDown");
  assert.ok(await template.isChecked());
  await tabTo(page, dialog.getByTestId("spawn-next"));
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByTestId("field-name"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(AGENT);
  await page.keyboard.press("Tab");
  await dialog.getByTestId("name-free").waitFor();
  const step = dialog.getByTestId("spawn-step");
  const submit = dialog.getByTestId("spawn-submit");
  while (!await submit.isVisible()) {
    const before = await step.getAttribute("data-step");
    await tabTo(page, dialog.getByTestId("spawn-next"));
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (old) =>
        document.querySelector('[data-testid="spawn-step"]')
          ?.getAttribute("data-step") !== old,
      before,
    );
  }
  const acknowledge = dialog.getByTestId("spawn-acknowledge");
  if (await acknowledge.isVisible()) {
    await tabTo(page, acknowledge);
    await page.keyboard.press("Space");
  }
  await tabTo(page, submit);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await stateOf(page).getByText("Running").waitFor();
}

function stateOf(page: Page) {
  return page.getByTestId(`agent-row-${AGENT}`).getByTestId("agent-state");
}

async function stopIt(page: Page): Promise<void> {
  const opener = page.getByTestId(`agent-row-${AGENT}`)
    .getByTestId("action-stop");
  await tabTo(page, opener);
  await page.keyboard.press("Enter");
  const confirm = page.getByTestId("confirm-submit");
  await confirm.waitFor();
  // A stray Escape changes nothing.
  await page.keyboard.press("Escape");
  await confirm.waitFor({ state: "hidden" });
  await untilFocused(opener);
  await page.keyboard.press("Enter");
  await tabTo(page, confirm);
  await page.keyboard.press("Enter");
  await stateOf(page).getByText("Stopped").waitFor();
}

async function stopEverything(page: Page): Promise<void> {
  await tabTo(page, page.getByTestId("emergency-stop"));
  await page.keyboard.press("Enter");
  const submit = page.getByTestId("stop-now");
  await submit.waitFor();
  await page.keyboard.press("Escape");
  await submit.waitFor({ state: "hidden" });
  await page.keyboard.press("ControlOrMeta+Shift+Period");
  await submit.waitFor();
  // One Enter stops.
  await untilFocused(submit);
  await page.keyboard.press("Enter");
  await page.getByTestId("stop-outcome").waitFor();
}

Deno.test({
  name:
    "an agent is spawned and stopped, and everything is stopped, by keys alone",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir });
      const browser = await launchBrowser();
      try {
        await setUp(server, dataDir);
        const page = await browser.newPage();
        const complaints = collectComplaints(page);
        await logIn(page, server.url);
        await skipToContent(page);
        await spawn(page);
        await stopIt(page);
        await stopEverything(page);
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});
