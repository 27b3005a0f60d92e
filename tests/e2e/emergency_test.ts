import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { EmergencyResponse } from "../../lib/contracts/emergency.ts";
import { setUp, type TestApi } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { tirelessConfig } from "../support/config.ts";
import { barFaultsOf } from "../support/panel/layout.ts";
import { serveInProcess } from "../support/in_process.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const NAMES = ["alpha", "beta"];
/** Folder for pictures of what the test sees, to be looked at; none if empty. */
const SHOTS = Deno.env.get("E2E_SHOTS") ?? "";

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login?next=/emergency-stop`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("field-password").press("Enter");
  await page.waitForURL("**/emergency-stop");
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === "") return;
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** Tabs until an element has the focus. */
async function tabTo(page: Page, testId: string): Promise<void> {
  const target = page.getByTestId(testId).first();
  for (let presses = 0; presses < 60; presses++) {
    // deno-lint-ignore no-await-in-loop -- one press after the other
    await page.keyboard.press("Tab");
    // deno-lint-ignore no-await-in-loop -- as above
    const isThere = await target.evaluate((node) =>
      node === document.activeElement || node.contains(document.activeElement)
    );
    if (isThere) return;
  }
  throw new Error(`${testId} cannot be reached with the keyboard`);
}

async function stateOf(api: TestApi): Promise<EmergencyResponse> {
  return await api.get<EmergencyResponse>("/api/emergency");
}

Deno.test({
  name:
    "emergency stop without script and with the keyboard only: drill, stop, banner, refused and accepted release",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await serveInProcess({
        dataDir,
        env: { SIMULATION_SPEED: "600" },
      });
      const browser = await launchBrowser();
      try {
        const api = await setUp(server, dataDir);
        for (const name of NAMES) {
          // deno-lint-ignore no-await-in-loop -- in the order of the list
          const { id } = await api.send<AgentView>(
            "POST",
            "/api/agents/spawn",
            {
              config: tirelessConfig(name, "structure-combined"),
              acknowledgeWarnings: true,
            },
          );
          // deno-lint-ignore no-await-in-loop -- as above
          await api.waitForAgent(id, ({ account }) => account !== null);
        }
        const context = await browser.newContext({
          javaScriptEnabled: false,
          viewport: { width: 1280, height: 900 },
        });
        const page = await context.newPage();
        await logIn(page, server.url);
        await drill(page);
        await stopByEnter(page, api);
        await releaseByKeyboard(page, api);
        await phone(page);
        await context.close();
        await bannerLives(await browser.newPage(), server.url, api);
        await formsStay(await browser.newPage(), server.url, api);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function drill(page: Page): Promise<void> {
  await tabTo(page, "emergency-drill");
  await page.keyboard.press("Enter");
  await page.waitForURL(/show=drill/);
  const rows = page.getByTestId("drill").locator("tbody tr");
  assert.equal(await rows.count(), NAMES.length);
  const totals = await page.getByTestId("drill-totals").innerText();
  assert.match(totals, /Agents blocked\s+2/);
  await shoot(page, "drill");
}

/** The button has the focus, which a browser gives when it first paints: one Enter stops. */
async function stopByEnter(page: Page, api: TestApi): Promise<void> {
  await page.goto(new URL("/emergency-stop", page.url()).href);
  await page.locator('[data-testid="emergency-submit"]:focus').waitFor();
  await page.keyboard.press("Enter");
  await page.getByTestId("emergency-banner").waitFor();
  const { latches } = await stateOf(api);
  assert.deepEqual(
    latches.map(({ scope, lever }) => [scope.kind, lever]),
    [["all", "cancel"]],
  );
  await page.getByText("In force; 2 accounts done").waitFor();
  await shoot(page, "in-force");
}

async function releaseByKeyboard(page: Page, api: TestApi): Promise<void> {
  await tabTo(page, "release-open");
  await page.keyboard.press("Enter");
  await tabTo(page, "release-reason");
  await page.keyboard.type("it was a drill");
  await tabTo(page, "release-confirm");
  await page.keyboard.type("RELEASE");
  await tabTo(page, "release-password");
  await page.keyboard.type("not my password at all");
  await page.keyboard.press("Enter");
  await page.getByText(/The password is wrong/).first().waitFor();
  await shoot(page, "release-refused");
  assert.equal((await stateOf(api)).latches.length, 1);
  assert.equal(
    await page.getByTestId("release-reason").inputValue(),
    "it was a drill",
  );
  await tabTo(page, "release-confirm");
  await page.keyboard.type("RELEASE");
  await tabTo(page, "release-password");
  await page.keyboard.type(TEST_PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByTestId("emergency-banner").waitFor({ state: "detached" });
  const { latches, released } = await stateOf(api);
  assert.deepEqual(latches, []);
  assert.equal(released[0]?.release?.reason, "it was a drill");
}

/** Nothing is cut off on a small screen. */
async function phone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(
    new URL("/emergency-stop?show=drill&lever=flatten", page.url()).href,
  );
  await shoot(page, "phone");
  const { scroll, width } = await page.locator("html").evaluate((html) => ({
    scroll: html.scrollWidth,
    width: html.clientWidth,
  }));
  assert.ok(scroll <= width, `${scroll} px on a screen of ${width} px`);
}

/** A page that is open hears of a stop that somebody else makes, and of its release. */
async function bannerLives(
  page: Page,
  url: string,
  api: TestApi,
): Promise<void> {
  const complaints = collectComplaints(page);
  await logIn(page, url);
  await page.goto(`${url}/`);
  await page.getByTestId("connection").or(page.getByText(/Live/)).first()
    .waitFor();
  const { stop } = await api.send<{ stop: { id: string } }>(
    "POST",
    "/api/emergency",
    { lever: "block" },
  );
  await page.getByTestId("emergency-banner").waitFor();
  await shoot(page, "banner");
  const size = page.viewportSize()!;
  for (const width of [320, 390, 820]) {
    // deno-lint-ignore no-await-in-loop -- one width after the other
    await page.setViewportSize({ width, height: 740 });
    // deno-lint-ignore no-await-in-loop -- as above
    assert.deepEqual(await barFaultsOf(page), []);
    // deno-lint-ignore no-await-in-loop -- as above
    await shoot(page, `banner-${width}`);
  }
  await page.setViewportSize(size);
  await api.send("POST", `/api/emergency/${stop.id}/release`, {
    reason: "over",
    confirm: "RELEASE",
    password: TEST_PASSWORD,
  });
  await page.getByTestId("emergency-banner").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
}

/** While a stop works its card goes on by itself, and what is typed beside it stays. */
async function formsStay(
  page: Page,
  url: string,
  api: TestApi,
): Promise<void> {
  await logIn(page, url);
  await page.getByTestId("lever-block").check();
  await page.getByTestId("emergency-submit").click();
  await page.locator(".stop-card").waitFor();
  await page.getByTestId("lever-flatten").check();
  await page.getByTestId("field-reason").fill("typed while it works");
  await page.getByText(/In force on 2 accounts/).waitFor();
  assert.equal((await stateOf(api)).latches.length, 1);
  assert.ok(await page.getByTestId("lever-flatten").isChecked());
  assert.equal(
    await page.getByTestId("field-reason").inputValue(),
    "typed while it works",
  );
}
