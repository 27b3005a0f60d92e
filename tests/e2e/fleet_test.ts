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

function row(page: Page, name: string) {
  return page.getByTestId(`agent-row-${name}`);
}

async function waitForState(page: Page, name: string, state: string) {
  await row(page, name).locator(`[data-state=${state}]`).waitFor();
}

/** Waits until the page's script has the table. */
async function waitForScript(page: Page): Promise<void> {
  await page.locator("[data-testid=fleet-scroll][data-live=true]").waitFor();
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
  await chooseColumns(page);
  await keepView(page);
  // The browser tells of every refusal and failure; these are wanted.
  const others = complaints.filter((text) =>
    !/status of 412|ERR_FAILED/.test(text)
  );
  assert.deepEqual(others, []);
  await context.close();
}

async function focused(page: Page): Promise<string> {
  return await page.evaluate(() =>
    document.activeElement?.getAttribute("data-testid") ?? ""
  );
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

async function walkByKeys(page: Page): Promise<void> {
  await row(page, "alpha").focus();
  await page.keyboard.press("j");
  assert.equal(await focused(page), "agent-row-beta");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "agent-row-gamma");
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), "agent-row-alpha");
  // One row alone is a stop of the Tab key.
  assert.equal(await page.locator("tr[tabindex='0']").count(), 1);
  await page.keyboard.press("e");
  await page.getByTestId("agent-card").waitFor();
  await page.keyboard.press("e");
  await page.getByTestId("agent-card").waitFor({ state: "detached" });
  await page.keyboard.press("p");
  await waitForState(page, "alpha", "paused");
  await page.keyboard.press("p");
  await waitForState(page, "alpha", "running");
  // Letters mean nothing to the table while somebody types elsewhere.
  await page.getByTestId("fleet-filter").pressSequentially("xpe");
  await page.getByTestId("clear-filter").click();
  assert.equal(await page.getByTestId("batch-bar").count(), 0);
  await row(page, "alpha").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+X");
  await page.getByText("3 agents selected").waitFor();
  await row(page, "alpha").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/agents/agt_*");
  await page.goBack();
  await waitForScript(page);
}

async function commandMixed(page: Page): Promise<void> {
  await page.getByTestId("select-all").check();
  await shoot(page, "fleet-batch");
  const opener = page.getByTestId("batch-pause");
  await opener.click();
  // What it skips, and why, before it is sent.
  await page.getByTestId("skips").getByText(/Not running: gamma/).waitFor();
  await shoot(page, "fleet-skips");
  await page.keyboard.press("Escape");
  await page.getByTestId("skips").waitFor({ state: "detached" });
  assert.equal(await focused(page), "batch-pause");
  await opener.click();
  await page.getByTestId("confirm-submit").click();
  const result = page.getByTestId("batch-result");
  await result.getByText("2 pausing, 1 refused").waitFor();
  await result.getByTestId("result-gamma").getByText("Not running").waitFor();
  await result.getByTestId("result-alpha").getByText("pausing").waitFor();
  await shoot(page, "fleet-result");
  await result.getByText("Close").click();
  await waitForState(page, "alpha", "paused");
  await waitForState(page, "beta", "paused");
}

async function editTogether(page: Page, api: TestApi): Promise<void> {
  await page.getByTestId("batch-edit").click();
  const dialog = page.getByTestId("batch-limits");
  const field = dialog.getByTestId("field-maxDrawdownPct");
  await field.fill("900");
  await dialog.getByTestId("batch-limits-save").click();
  await dialog.getByText(/alpha\)|beta\)|gamma\)/).first().waitFor();
  await field.fill("7");
  // Somebody else is quicker with one of them.
  const { items } = await api.get<{ items: { id: string; name: string }[] }>(
    "/api/agents",
  );
  const { id } = items.find(({ name }) => name === "beta")!;
  const { config, configVersion } = await api.get<
    { config: { risk: object }; configVersion: number }
  >(`/api/agents/${id}`);
  await putConfig(page, { id, config, configVersion });
  await shoot(page, "fleet-limits");
  await dialog.getByTestId("batch-limits-save").click();
  const result = page.getByTestId("batch-result");
  await result.getByText("2 saved, 1 refused").waitFor();
  await result.getByTestId("result-beta").getByText(/Somebody has changed it/)
    .waitFor();
  await result.getByText("Close").click();
}

/** As another tab of the same person would. */
async function putConfig(
  page: Page,
  { id, config, configVersion }: {
    id: string;
    config: { risk: object };
    configVersion: number;
  },
): Promise<void> {
  const status = await page.evaluate(
    async ([id, version, body]) => {
      const answer = await fetch(`/api/agents/${id}/config`, {
        method: "PUT",
        headers: { "content-type": "application/json", "If-Match": version },
        body,
      });
      return answer.status;
    },
    [
      id,
      `"${configVersion}"`,
      JSON.stringify({
        config: { ...config, risk: { ...config.risk, maxDrawdownPct: 6 } },
      }),
    ] as const,
  );
  assert.equal(status, 200);
}

async function headOf(page: Page): Promise<string[]> {
  return await page.locator("[data-testid=fleet-table] thead th")
    .allTextContents();
}

async function chooseColumns(page: Page): Promise<void> {
  const menu = page.getByTestId("columns-menu");
  await menu.locator("summary").click();
  await menu.getByTestId("column-type").uncheck();
  await menu.getByRole("button", { name: "Move Market to the right" }).click();
  await shoot(page, "fleet-columns");
  const head = await headOf(page);
  assert.ok(!head.includes("Type"));
  assert.ok(head.indexOf("Mode") < head.indexOf("Market"));
  await page.keyboard.press("Escape");
  // Where the focus was before the menu was opened.
  assert.equal(
    await page.evaluate(() => document.activeElement?.tagName),
    "SUMMARY",
  );
  await page.reload();
  await waitForScript(page);
  await page.locator("thead th", { hasText: "Type" }).waitFor({
    state: "detached",
  });
}

async function keepView(page: Page): Promise<void> {
  await page.getByTestId("fleet-filter").fill("beta");
  await page.getByTestId("sort-equity").click();
  const menu = page.getByTestId("views-menu");
  await menu.locator("summary").click();
  await menu.getByTestId("view-name").fill("mine");
  await menu.getByTestId("view-save").click();
  await menu.getByTestId("view-mine").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("fleet-filter").fill("");
  await row(page, "alpha").waitFor();
  await page.reload();
  await waitForScript(page);
  await menu.locator("summary").click();
  await menu.getByTestId("view-mine").click();
  await row(page, "alpha").waitFor({ state: "detached" });
  await page.waitForURL("**/?q=beta&sort=equity");
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

async function shoot(page: Page, name: string): Promise<void> {
  const dir = Deno.env.get("SHOTS");
  if (dir === undefined) return;
  for (const colorScheme of ["dark", "light"] as const) {
    // deno-lint-ignore no-await-in-loop -- one theme after the other
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // deno-lint-ignore no-await-in-loop -- as above
    await page.screenshot({ path: `${dir}/${name}-${colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
