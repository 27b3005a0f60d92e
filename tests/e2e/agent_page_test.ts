import assert from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { tirelessConfig } from "../support/config.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import {
  editJson,
  editLimit,
  mergeTwo,
  restoreFirst,
  shoot,
  Subject,
} from "../support/panel/config_walk.ts";
import { followOrders, lookBack } from "../support/panel/seen_walk.ts";

const NAME = "desk-agent";

const VIEWPORT = { width: 1440, height: 900 };

Deno.test({
  name:
    "the agent page edits, merges and restores a configuration, shows orders and decisions, and kills",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({
        dataDir,
        env: { SIMULATION_SPEED: "600" },
      });
      const browser = await launchBrowser();
      const context = await browser.newContext({ viewport: VIEWPORT });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const complaints = collectComplaints(page);
      try {
        const api = await setUp(server, dataDir);
        const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
          config: tirelessConfig(NAME),
          acknowledgeWarnings: true,
        });
        await logIn(page, server);
        await page.goto(`${server.url}/agents/${id}`);
        await editLimit(page, { api, id });
        await editJson(page, { api, id });
        await mergeTwo(page, { api, id, server });
        // A browser reports every refused request; the stale one was meant.
        for (const text of complaints.splice(0)) {
          assert.match(text, /status of 412/);
        }
        await restoreFirst(page, { api, id });
        await api.waitForAgent(id, ({ account }) => (account?.trades ?? 0) > 0);
        await followOrders(page);
        await lookBack(page, { api, id });
        await seeOrders(page, { api, id });
        await withoutScript(browser, context, { server, api, id });
        await killIt(page, { api, id });
        await seeNothingThere(page, server);
        assert.deepEqual(
          complaints.filter((text) => !/status of 404/.test(text)),
          [],
        );
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function logIn(page: Page, { url }: TestServer): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${url}/`);
}

async function seeOrders(page: Page, { api, id }: Subject): Promise<void> {
  await api.waitForAgent(id, ({ account }) => (account?.trades ?? 0) > 0);
  await page.getByTestId("tab-orders").click();
  const table = page.getByTestId("orders-table");
  for (const kind of ["ordered", "filled"]) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await table.locator(`tr[data-kind=${kind}]`).first().waitFor();
  }
  await shoot(page, "agent-orders");
  await page.getByTestId("tab-decisions").click();
  const candle = page.getByTestId("decision-candle").first();
  await candle.waitFor();
  await shoot(page, "agent-decisions");
  await candle.click();
  await page.waitForFunction(() =>
    document.activeElement?.classList.contains("chart-canvas") === true
  );
  await page.getByTestId("tab-supervision").click();
  await page.getByTestId("restart-meter").getByText(/0 of 5 in 1 m/).waitFor();
  await shoot(page, "agent-supervision");
}

/** Tabs are links, tables are there at once, and a command is a form with a page that asks. */
async function withoutScript(
  browser: Browser,
  withLogin: BrowserContext,
  { server, api, id }: Subject & { server: TestServer },
): Promise<void> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: VIEWPORT,
    storageState: await withLogin.storageState(),
  });
  const page = await context.newPage();
  await page.goto(`${server.url}/agents/${id}`);
  await page.getByTestId("tab-orders").click();
  await page.waitForURL(/tab=orders/);
  await page.getByTestId("orders-table").locator("tr[data-kind=ordered]")
    .first().waitFor();
  await shoot(page, "agent-no-script");
  await page.getByTestId("tab-config").click();
  await page.getByTestId("config-history").locator("tbody tr").first()
    .waitFor();
  await page.getByTestId("tab-decisions").click();
  await page.getByTestId("decisions").locator("li").first().waitFor();
  assert.equal(
    await page.getByTestId("decision-candle").first().isVisible(),
    false,
  );
  await page.getByTestId("plain-commands").getByText("Pause").click();
  const form = page.getByTestId("command-form");
  await form.getByText(`Pause ${NAME}?`).waitFor();
  await shoot(page, "agent-command");
  await form.getByTestId("field-reason").fill("a look at it");
  await form.getByTestId("command-submit").click();
  await page.waitForURL(`${server.url}/agents/${id}`);
  await api.waitForAgent(id, ({ observed }) => observed === "paused");
  await context.close();
}

async function killIt(page: Page, { api, id }: Subject): Promise<void> {
  const panel = page.getByTestId("supervision-panel");
  await panel.getByTestId("lifecycle-table").getByText("a look at it").first()
    .waitFor();
  await panel.getByTestId("action-kill").click();
  const dialog = page.getByTestId("confirm-dialog");
  await dialog.getByTestId("positions-keep").check();
  await dialog.getByTestId("confirm-reason").fill("it does not answer");
  await dialog.getByTestId("confirm-submit").click();
  await api.waitForAgent(id, ({ observed }) => observed === "killed");
  await panel.getByText("Kill asked for").waitFor();
  await panel.getByText("it does not answer").first().waitFor();
  await page.locator(".timeline-now").getByText("Killed").waitFor();
}

async function seeNothingThere(page: Page, { url }: TestServer): Promise<void> {
  await page.goto(`${url}/agents/agt_00000000000000000000000000`);
  await page.getByText(/not found|no agent/i).first().waitFor();
}
