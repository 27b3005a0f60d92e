import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { EmergencyResponse } from "../../lib/contracts/emergency.ts";
import { logIn as logInByApi, type TestApi } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { guardConfig, tirelessConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { emailOf, storePeople } from "../support/people.ts";
import { TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** What nothing ever breaks. */
const WIDE = { warning: 90, limit: 95, release: 80 } as const;

Deno.test({
  name:
    "panel shows the risk of the fleet with its states and roles, and stops it from where one is",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dir) => {
      const dataDir = `${dir}/data`;
      await storePeople(dataDir, { owner: "admin", guest: "viewer" });
      const server = await serveInProcess({
        dataDir,
        env: { SIMULATION_SPEED: "3000" },
      });
      const browser = await launchBrowser();
      try {
        const api = await logInByApi(server);
        const page = await browser.newPage();
        const complaints = collectComplaints(page);
        await openRisk(page, { url: server.url, name: "owner" });
        await page.getByTestId("risk-empty").waitFor();
        await spawnFleet(api);
        await lookAtRisk(page, server.url);
        await asGuest(browser, server.url);
        await stopAndRelease(page, api);
        await fitsPhone(page);
        assert.deepEqual(complaints, []);
        await goesOldAndBack(page);
        await withoutScript(browser, server.url);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function openRisk(
  page: Page,
  { url, name }: { url: string; name: string },
): Promise<void> {
  await page.goto(`${url}/login?next=/risk`);
  await page.getByTestId("field-email").fill(emailOf(name));
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("field-password").press("Enter");
  await page.waitForURL("**/risk");
}

/** One agent that trades, one whose every order is too large, one that guards both. */
async function spawnFleet(api: TestApi): Promise<void> {
  const spawn = async (config: unknown) => {
    const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
      config,
      acknowledgeWarnings: true,
    });
    return id;
  };
  const refused = await spawn({
    ...tirelessConfig("refused"),
    safety: { maxOrderNotional: "1" },
  });
  await spawn({ ...tirelessConfig("trader"), symbol: "ETH/USDT" });
  await spawn(
    guardConfig("warden", { measure: "value_at_risk_pct", ...WIDE }),
  );
  await api.waitForAgent(
    refused,
    ({ lastDecision }) => lastDecision?.startsWith("Denied") ?? false,
  );
}

async function lookAtRisk(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/risk`);
  await page.locator("[data-testid=connection-chip][data-state=live]")
    .waitFor();
  await page.locator("[data-testid=risk-state][data-state=active]").waitFor();
  const denied = page.locator("[data-code=ORDER_NOTIONAL_LIMIT]");
  await denied.getByText("worth more than one order may be").waitFor();
  await denied.getByText(/the limit is 1$/).waitFor();
  const limits = page.getByTestId("risk-limits");
  // Perhaps among the further ones, which are folded.
  await limits.locator("th", { hasText: "Value at risk" }).first()
    .waitFor({ state: "attached" });
  await limits.getByRole("link", { name: /^Change Drawdown of / }).first()
    .waitFor();
  await page.getByTestId("risk-losses").getByText(/Historical, .* returns/)
    .waitFor();
  await page.getByTestId("risk-losses-table").getByText("95%").waitFor();
  await page.getByTestId("risk-money-table").getByText("USDT").waitFor();
  await page.getByTestId("risk-drawdowns").getByRole("img").first().waitFor();
  assert.match(await page.title(), /^Risk — trading active/);
}

/** By keyboard from the page one is on; the page behind hears of it by itself. */
async function stopAndRelease(page: Page, api: TestApi): Promise<void> {
  const now = page.getByTestId("stop-now");
  await page.keyboard.press("Control+Shift+Period");
  await page.locator("[data-testid=stop-now]:focus").waitFor();
  await page.keyboard.press("Escape");
  await now.waitFor({ state: "detached" });
  await page.getByTestId("emergency-stop").click();
  await page.getByTestId("stop-facts").getByText(/^2$/).first().waitFor();
  await page.getByTestId("stop-flatten").check();
  await page.getByText(/positions are closed at the market/).waitFor();
  await page.getByTestId("stop-reason").fill("a drill");
  await page.keyboard.press("Enter");
  await page.getByText("Trading is stopped").waitFor();
  const steps = page.getByTestId("stop-progress").locator("li");
  assert.deepEqual(
    await steps.evaluateAll((items) =>
      items.map((item) => item.getAttribute("data-state"))
    ),
    ["done", "done", "done", "done"],
  );
  assert.match(await steps.last().innerText(), /2 of 2/);
  await page.locator("[data-testid=risk-state][data-state=stopped]").waitFor();
  await page.getByTestId("risk-stop").getByText(/a drill/).waitFor();
  await page.getByTestId("stop-dismiss").click();
  await page.getByTestId("stop-outcome").waitFor({ state: "detached" });
  const { latches } = await api.get<EmergencyResponse>("/api/emergency");
  assert.deepEqual(
    latches.map(({ lever, reason }) => [lever, reason]),
    [["flatten", "a drill"]],
  );
  await api.send("POST", `/api/emergency/${latches[0]!.id}/release`, {
    reason: "over",
    confirm: "RELEASE",
    password: TEST_PASSWORD,
  });
  await page.getByTestId("risk-stop").waitFor({ state: "detached" });
}

async function fitsPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 800 });
  const { scroll, width } = await page.locator("html").evaluate((html) => ({
    scroll: html.scrollWidth,
    width: html.clientWidth,
  }));
  assert.ok(scroll <= width, `${scroll} px on a screen of ${width} px`);
}

/** What is shown while the server gives no answer says so, and is taken back. */
async function goesOldAndBack(page: Page): Promise<void> {
  const comeBack = () =>
    page.evaluate(() =>
      void document.dispatchEvent(new Event("visibilitychange"))
    );
  await page.route("**/api/risk", (route) => route.abort());
  await comeBack();
  await page.getByTestId("risk-stale").getByText(/Values as of/).waitFor();
  await page.getByTestId("risk-panel").waitFor();
  await page.unroute("**/api/risk");
  await comeBack();
  await page.getByTestId("risk-stale").waitFor({ state: "detached" });
}

async function asGuest(browser: Browser, url: string): Promise<void> {
  const page = await (await browser.newContext()).newPage();
  await openRisk(page, { url, name: "guest" });
  const link = page.getByTestId("risk-stop-link");
  assert.equal(await link.getAttribute("aria-disabled"), "true");
  assert.match(await link.innerText(), /Needs role operator/);
  await page.getByTestId("risk-limits").getByText("Needs role trader").first()
    .waitFor();
  await page.locator("[data-testid=connection-chip][data-state=live]")
    .waitFor();
  await page.keyboard.press("Control+Shift+Period");
  const now = page.getByTestId("stop-now");
  await now.waitFor();
  assert.equal(await now.getAttribute("aria-disabled"), "true");
  await page.context().close();
}

async function withoutScript(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openRisk(page, { url, name: "owner" });
  await page.locator("[data-code=ORDER_NOTIONAL_LIMIT]").waitFor();
  assert.ok(await page.getByTestId("risk-limits-table").locator("tr").count());
  await page.getByTestId("risk-stop-link").click();
  await page.waitForURL("**/emergency-stop");
  await page.getByTestId("stop-facts").waitFor();
  await page.getByTestId("emergency-submit").click();
  await page.getByTestId("stop-progress").getByText("Accounts halted")
    .waitFor();
  await context.close();
}
