import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { setUp, type TestApi } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { agentConfig } from "../support/config.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import {
  chooseColumns,
  commandMixed,
  editTogether,
  keepView,
  row,
  scrollWide,
  shoot,
  waitForScript,
  walkByKeys,
} from "../support/panel/fleet_walk.ts";

const NAMES = ["alpha", "beta", "gamma"];

Deno.test({
  name: "fleet page: keys, batches, columns and views, no script, phone",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir });
      const browser = await launchBrowser();
      try {
        const api = await setUp(server, dataDir);
        await spawnAll(api);
        const state = await logIn(browser, server);
        await walkWithScript({ browser, server, api, state });
        await walkWithoutScript({ browser, server, api, state });
        await lookOnPhone({ browser, server, api, state });
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

interface Scene {
  browser: Browser;
  server: TestServer;
  api: TestApi;
  /** Cookies of a login. */
  state: Awaited<ReturnType<typeof logIn>>;
}

/** Two agents that run, and one that is stopped. */
async function spawnAll(api: TestApi): Promise<void> {
  const spawned = await Promise.all(
    NAMES.map((name) =>
      api.send<{ id: string }>("POST", "/api/agents/spawn", {
        config: agentConfig({ name }),
        acknowledgeWarnings: true,
      })
    ),
  );
  await Promise.all(
    spawned.map(({ id }) =>
      api.waitForAgent(id, ({ observed }) => observed === "running")
    ),
  );
  const last = spawned.at(-1)!.id;
  await api.send("POST", `/api/agents/${last}/control`, { action: "stop" });
  await api.waitForAgent(last, ({ observed }) => observed === "stopped");
}

async function logIn(browser: Browser, { url }: TestServer) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${url}/`);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function walkWithScript(scene: Scene): Promise<void> {
  const context = await scene.browser.newContext({
    viewport: { width: 1440, height: 900 },
    storageState: scene.state,
  });
  const page = await context.newPage();
  const complaints = collectComplaints(page);
  await page.goto(`${scene.server.url}/`);
  await waitForScript(page);
  await shoot(page, "fleet");
  await askWithoutAnswer(page);
  await walkByKeys(page);
  await commandMixed(page);
  await editTogether(page, scene.api);
  await scrollWide(page);
  await chooseColumns(page);
  await keepView(page);
  // The browser tells of every refusal and failure; these are wanted.
  const others = complaints.filter((text) =>
    !/status of 412|ERR_FAILED/.test(text)
  );
  assert.deepEqual(others, []);
  await context.close();
}

/** A question whose code does not come says so, and can be asked for again. */
async function askWithoutAnswer(page: Page): Promise<void> {
  const stop = row(page, "alpha").getByTestId("action-stop");
  const code = "**/ConfirmDialog-*.js";
  await page.route(code, (route) => route.abort());
  await stop.click();
  await page.getByTestId("toasts").getByText("could not be loaded").waitFor();
  await stop.and(page.locator(":focus")).waitFor();
  await page.unroute(code);
  await stop.press("Enter");
  const question = page.getByTestId("confirm-dialog");
  await question.getByText("Stop alpha?").waitFor();
  await page.locator("[data-testid=confirm-submit]:focus").waitFor();
  await page.keyboard.press("Escape");
  await question.getByText("Stop alpha?").waitFor({ state: "detached" });
  await stop.and(page.locator(":focus")).waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
}

async function walkWithoutScript({ browser, server, state }: Scene) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    storageState: state,
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  await page.goto(`${server.url}/`);
  await shoot(page, "fleet-plain");
  await page.getByTestId("sort-name").click();
  await page.waitForURL("**/?sort=-name");
  const names = await page.locator("tbody th.cell-name > a")
    .allTextContents();
  assert.deepEqual(names, NAMES.toReversed());
  await page.getByTestId("fleet-filter").fill("state:stopped");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL("**/?q=state%3Astopped*");
  assert.equal(await page.locator("tr[data-agent-id]").count(), 1);
  await row(page, "gamma").getByTestId("action-start").click();
  await page.getByTestId("command-form").waitFor();
  await shoot(page, "fleet-control");
  await page.getByTestId("command-submit").click();
  await page.waitForURL(`${server.url}/`);
  await row(page, "alpha").getByTestId("action-stop").click();
  await page.getByTestId("command-submit").click();
  await page.waitForURL(`${server.url}/`);
  // What was asked for shows at once, or already as done.
  await row(page, "alpha").getByText(/Stopping|Stopped/).waitFor();
  await page.goto(`${server.url}/?q=nothing-of-this-name`);
  await page.getByText("No agent matches the filter").waitFor();
  await context.close();
}

async function lookOnPhone({ browser, server, state }: Scene): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    storageState: state,
  });
  const page = await context.newPage();
  await page.goto(`${server.url}/`);
  await waitForScript(page);
  await shoot(page, "fleet-phone");
  const sizes = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    window: innerWidth,
    card: document.querySelector("tr[data-agent-id]")!
      .getBoundingClientRect().width,
  }));
  // No sideways scrolling: a row is a card as wide as the page.
  assert.ok(sizes.page <= sizes.window, JSON.stringify(sizes));
  assert.ok(sizes.card > 300, JSON.stringify(sizes));
  await row(page, "beta").getByTestId("row-expand").click();
  await page.getByTestId("agent-card").waitFor();
  await shoot(page, "fleet-phone-card");
  await context.close();
}
