import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { setUp } from "../support/api.ts";
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

const MINUTE_MS = 60_000;

Deno.test({
  name:
    "panel keeps preferences, finds and does things by keys, warns before the login ends, and says that it is offline",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir });
      const browser = await launchBrowser();
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        timezoneId: "Asia/Tokyo",
      });
      const page = await context.newPage();
      const complaints = collectComplaints(page);
      let isUp = true;
      try {
        const api = await setUp(server, dataDir);
        await api.send("POST", "/api/agents/spawn", {
          config: agentConfig({ name: "btc" }),
          acknowledgeWarnings: true,
        });
        await logIn(page, server);
        await tryPalette(page, server);
        await tryKeys(page, server);
        await choosePreferences(page, server);
        await stayLoggedIn(page);
        await savePlainForm(context, server);
        assert.deepEqual(complaints, []);
        await goOffline(page, async () => {
          isUp = false;
          await server.stop();
        });
      } finally {
        await browser.close();
        if (isUp) await server.stop();
      }
    });
  },
});

async function logIn(page: Page, { url }: TestServer): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.waitForURL(`${url}/`);
  await page.getByTestId("agent-row-btc").waitFor();
}

/** A command needs a question, and its message stays in the list. */
async function tryPalette(page: Page, { url }: TestServer): Promise<void> {
  await page.locator("[data-testid=connection-chip][data-state=live]")
    .waitFor();
  await page.keyboard.press("Control+k");
  const input = page.getByTestId("palette-input");
  await input.fill("stop btc");
  await page.getByText("Stop btc…").waitFor();
  await page.keyboard.press("Enter");
  await page.getByTestId("confirm-dialog").getByText("Stop btc?").waitFor();
  await page.getByTestId("confirm-submit").click();
  await page.getByText("btc is stopping").waitFor();
  await page.getByRole("button", { name: "Notifications, 1 new" }).click();
  const list = page.getByTestId("notice-list");
  await list.getByText("btc is stopping").waitFor();
  await list.getByText(/\d\d:\d\d:\d\d UTC/).waitFor();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "hidden" });
  // What was told stays told on the next page.
  await page.keyboard.press("Control+k");
  await input.fill("backtests");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${url}/backtests`);
  await page.getByTestId("notices-open").click();
  await list.getByText("btc is stopping").waitFor();
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "hidden" });
}

async function tryKeys(page: Page, { url }: TestServer): Promise<void> {
  await page.keyboard.press("?");
  await page.getByTestId("shortcut-sheet").getByText("g l").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("shortcut-sheet").waitFor({ state: "hidden" });
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.waitForURL(`${url}/logs`);
  await page.getByTestId("palette-open").waitFor();
  await page.locator("[data-testid=connection-chip][data-state=live]")
    .waitFor();
  await page.keyboard.press("n");
  await page.getByTestId("spawn-dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("spawn-dialog").waitFor({ state: "detached" });
}

/** They hold at once, after a reload, and are painted by the server. */
async function choosePreferences(
  page: Page,
  { url }: TestServer,
): Promise<void> {
  await page.goto(`${url}/settings/preferences`);
  const form = page.getByTestId("preferences-form");
  const standing = page.getByTestId("preferences-standing");
  const choose = async (name: string, value: string) => {
    const saved = page.waitForResponse((response) =>
      response.request().method() === "PUT"
    );
    await form.locator(`select[name=${name}]`).selectOption(value);
    assert.equal((await saved).status(), 200);
    await standing.getByText("Saved").waitFor({ state: "attached" });
  };
  await choose("theme", "light");
  await choose("palette", "green-red");
  await choose("density", "compact");
  await choose("timeZone", "browser");
  await page.getByTestId("preferences-sample").getByText(/Tokyo$/).waitFor();
  const painted = await (await page.request.get(`${url}/settings/preferences`))
    .text();
  const [root] = /<html[^>]*>/.exec(painted)!;
  for (
    const attribute of [
      'data-theme="light"',
      'data-palette="green-red"',
      'data-density="compact"',
      'data-zone="Asia/Tokyo"',
    ]
  ) assert.ok(root.includes(attribute), `${attribute} in ${root}`);
  const up = await page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue("--up").trim()
  );
  assert.equal(up.toUpperCase(), "#0B6B3A");
  await page.getByTestId("field-shortcuts").focus();
  const saved = page.waitForResponse((response) =>
    response.request().method() === "PUT"
  );
  await page.keyboard.press("Space");
  await saved;
  await page.locator("html[data-shortcuts=off]").waitFor();
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").waitFor();
  assert.equal(await page.getByTestId("shortcut-sheet").isVisible(), false);
  await page.keyboard.press("Escape");
}

/** The browser's clock is moved, not the server's: there the login goes on. */
async function stayLoggedIn(page: Page): Promise<void> {
  await page.clock.install();
  await page.reload();
  await page.getByTestId("palette-open").waitFor();
  await page.clock.fastForward(28 * MINUTE_MS + 5_000);
  const warning = page.getByTestId("session-warning");
  await warning.getByText("You will be logged out").waitFor();
  await warning.getByText(/^1 min/).waitFor();
  await page.getByTestId("session-stay").click();
  await warning.waitFor({ state: "detached" });
  await page.clock.fastForward(31 * MINUTE_MS);
  await warning.getByText("You are logged out").waitFor();
}

async function savePlainForm(
  context: BrowserContext,
  { url }: TestServer,
): Promise<void> {
  const plain = await context.browser()!.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const page = await plain.newPage();
  await page.goto(`${url}/settings/preferences`);
  await page.locator("select[name=theme]").selectOption("dark");
  await page.getByTestId("preferences-save").click();
  await page.getByTestId("preferences-saved").waitFor();
  await page.locator("html[data-theme=dark][data-shortcuts=off]").waitFor();
  await plain.close();
}

/** A page of its own is shown, and nothing of the fleet was kept. */
async function goOffline(
  page: Page,
  stopServer: () => Promise<void>,
): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(
      names.map(async (name) => (await caches.open(name)).keys()),
    );
    return requests.flat().map(({ url }) => new URL(url).pathname).sort();
  });
  assert.deepEqual(kept, ["/css/offline.css", "/favicon.svg", "/offline.html"]);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await stopServer();
  await page.goto(new URL("/", page.url()).href);
  await page.getByRole("heading", { name: "The server cannot be reached" })
    .waitFor();
  assert.equal(await page.getByText("btc").count(), 0);
}
