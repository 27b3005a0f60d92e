import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { waitAlive } from "../support/panel/alive.ts";

const TEAM = "btc";

Deno.test({
  name: "panel spawns a team, commands it as one, and deletes it",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({
        dataDir,
        env: { SIMULATION_SPEED: "600" },
      });
      const browser = await launchBrowser();
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
      });
      const page = await context.newPage();
      const complaints = collectComplaints(page);
      try {
        await setUp(server, dataDir);
        await logIn(page, server);
        await spawnTeam(page);
        await commandIt(page);
        await lookAtAgent(page, server);
        await deleteIt(page, server);
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function logIn(page: Page, { url }: TestServer): Promise<void> {
  await page.goto(`${url}/`);
  await page.waitForURL("**/login**");
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${url}/`);
}

async function spawnTeam(page: Page): Promise<void> {
  await waitAlive(page);
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.waitFor();
  await dialog.getByTestId("team-templates").locator("summary").click();
  await shoot(page, "team-templates");
  // To a team, back to the templates, and to another team.
  await dialog.getByTestId("team-template-smc-signals").click();
  await dialog.getByTestId("team-form").waitFor();
  await dialog.getByTestId("spawn-back").click();
  await dialog.getByTestId("team-templates").locator("summary").click();
  await dialog.getByTestId("team-template-two-detectors").click();
  await dialog.getByTestId("team-form").waitFor();
  // A name is missing: the step says so and stays.
  await dialog.getByTestId("spawn-next").click();
  await dialog.getByTestId("error-summary").waitFor();
  await dialog.getByTestId("field-name").fill(TEAM);
  await shoot(page, "team-basics");
  await dialog.getByTestId("spawn-next").click();
  await dialog.getByTestId("field-riskPerTradePct").first().waitFor();
  await dialog.getByTestId("spawn-next").click();
  const members = dialog.getByTestId("team-members");
  await members.getByTestId("member-blocks").getByText("btc blocks").waitFor();
  await members.getByText(/Together/).waitFor();
  const memory = await members.locator("td:last-child").allTextContents();
  const numbers = memory.map((text) => Number(text.replace(/[^\d.]/g, "")));
  const total = numbers.pop()!;
  // Each is shown rounded.
  const sum = numbers.reduce((a, b) => a + b);
  assert.ok(Math.abs(sum - total) <= numbers.length / 2, `${sum}, ${total}`);
  await dialog.getByTestId("spawn-warnings").waitFor();
  await shoot(page, "team-review");
  await dialog.getByTestId("spawn-submit").click();
  await dialog.getByText(/Read the warnings/).waitFor();
  await dialog.getByTestId("spawn-acknowledge").check();
  await dialog.getByTestId("spawn-submit").click();
  await dialog.waitFor({ state: "detached" });
}

async function waitForState(page: Page, state: string): Promise<void> {
  await page.getByTestId(`team-row-${TEAM}`).locator(
    `[data-testid=team-state][data-state=${state}]`,
  ).waitFor();
}

async function commandIt(page: Page): Promise<void> {
  const row = page.getByTestId(`team-row-${TEAM}`);
  await row.waitFor();
  await waitForState(page, "running");
  await shoot(page, "team-fleet");
  await row.getByTestId("team-pause").click();
  await waitForState(page, "paused");
  await row.getByTestId("team-resume").click();
  await waitForState(page, "running");
  // One agent alone: the team is not whole any more.
  const blocks = page.getByTestId(`agent-row-${TEAM} blocks`);
  await blocks.getByTestId("action-stop").click();
  await page.getByTestId("confirm-submit").click();
  await waitForState(page, "incomplete");
  await blocks.locator("[data-state=stopped]").waitFor();
  await shoot(page, "team-incomplete");
  await row.getByTestId("team-start").click();
  await page.getByText(/gaps was left: it is up already/).waitFor();
  await waitForState(page, "running");
  await row.getByTestId("team-stop").click();
  await page.getByText(`Stop the team ${TEAM}?`).waitFor();
  await page.getByTestId("confirm-submit").click();
  await waitForState(page, "stopped");
}

async function lookAtAgent(page: Page, { url }: TestServer): Promise<void> {
  await page.getByTestId("group-teams").click();
  await page.getByTestId(`team-row-${TEAM}`).waitFor({ state: "detached" });
  await page.getByTestId("team-chip").first().waitFor();
  await page.getByRole("link", { name: `${TEAM} gaps` }).first().click();
  const kin = page.getByTestId("agent-kin");
  await kin.getByText(/gaps of the team/).waitFor();
  await shoot(page, "team-agent");
  await kin.getByRole("link", { name: `${TEAM} blocks` }).click();
  await page.getByRole("heading", { name: `${TEAM} blocks` }).waitFor();
  await page.getByTestId("agent-kin").getByRole("link", {
    name: TEAM,
    exact: true,
  }).click();
  await page.waitForURL(`${url}/?q=**`);
}

async function deleteIt(page: Page, { url }: TestServer): Promise<void> {
  const row = page.getByTestId(`team-row-${TEAM}`);
  await row.getByTestId("team-delete").click();
  await page.getByTestId("team-delete-submit").click();
  await row.waitFor({ state: "detached" });
  await page.goto(`${url}/`);
  await page.getByTestId("empty-fleet").waitFor();
}

async function shoot(page: Page, name: string): Promise<void> {
  const dir = Deno.env.get("SHOTS");
  if (dir !== undefined) await page.screenshot({ path: `${dir}/${name}.png` });
}
