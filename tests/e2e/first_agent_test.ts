import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { logIn, type StreamedEvent } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import {
  readSetupToken,
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const FAST = { SIMULATION_SPEED: "600" };
const AGENT = "first-agent";

Deno.test({
  name:
    "panel walks a new user from setup to a traded, paused, resumed and stopped agent",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir, env: FAST });
      const browser = await launchBrowser();
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
      });
      const page = await context.newPage();
      const complaints = collectComplaints(page);
      let current = server;
      try {
        await createAccount(page, server, dataDir);
        await logInAgain(page, server);
        await spawnWithMistake(page);
        await watchItMove(page);
        await pauseAndResume(page);
        current = await restartUnderneath(page, { server, dataDir });
        await stopIt(page);
        await filterLogs(page, current);
        // The connection was cut on purpose; anything else is a fault.
        assert.deepEqual(
          complaints.filter((text) => !isLostConnection(text)),
          [],
        );
      } finally {
        await browser.close();
        await current.stop();
      }
    });
  },
});

function isLostConnection(text: string): boolean {
  return /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 503/
    .test(text);
}

async function createAccount(
  page: Page,
  server: TestServer,
  dataDir: string,
): Promise<void> {
  await page.goto(`${server.url}/`);
  await page.waitForURL("**/setup**");
  await page.getByTestId("setup-form").waitFor();
  await page.getByTestId("field-token").fill("not-the-token");
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("setup-form").locator("button[type=submit]").click();
  await page.getByText(/token/i).first().waitFor();
  await page.getByTestId("field-token").fill(await readSetupToken(dataDir));
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("setup-form").locator("button[type=submit]").click();
  await page.waitForURL(`${server.url}/`);
}

async function logInAgain(page: Page, server: TestServer): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${server.url}/`);
  await page.waitForURL("**/login**");
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill("a wrong but long password");
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.getByText(/wrong e-mail or password/i).first().waitFor();
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${server.url}/`);
}

async function spawnWithMistake(page: Page): Promise<void> {
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.waitFor();
  await dialog.getByTestId("template-order-block").click();
  await dialog.getByTestId("spawn-next").click();
  // A name that is too short is explained at its field and blocks.
  await dialog.getByTestId("field-name").fill("x");
  await dialog.getByTestId("field-name").blur();
  const explained = dialog.getByTestId("error-name");
  await explained.waitFor();
  assert.match(await explained.innerText(), /2 to 40 letters/);
  await dialog.getByTestId("field-name").fill(AGENT);
  await explained.waitFor({ state: "detached" });
  while (!await dialog.getByTestId("spawn-submit").isVisible()) {
    await dialog.getByTestId("spawn-next").click();
  }
  const acknowledge = dialog.getByTestId("acknowledge-warnings");
  if (await acknowledge.isVisible()) await acknowledge.check();
  await dialog.getByTestId("spawn-submit").click();
  await dialog.waitFor({ state: "hidden" });
}

async function watchItMove(page: Page): Promise<void> {
  const row = page.getByTestId(`agent-row-${AGENT}`);
  await row.getByTestId("agent-state").getByText("Running").waitFor();
  // Trades are counted up in the same page, without a reload.
  await page.evaluate(() => (globalThis as { marker?: boolean }).marker = true);
  const before = await row.getByTestId("agent-trades").innerText();
  await page.waitForFunction(
    ([name, old]) => {
      const cell = document.querySelector(
        `[data-testid="agent-row-${name}"] [data-testid="agent-trades"]`,
      );
      return cell !== null && (cell as HTMLElement).innerText !== old;
    },
    [AGENT, before],
    { timeout: 60_000 },
  );
  assert.equal(
    await page.evaluate(() => (globalThis as { marker?: boolean }).marker),
    true,
  );
}

async function pauseAndResume(page: Page): Promise<void> {
  const row = page.getByTestId(`agent-row-${AGENT}`);
  await row.getByTestId("action-pause").click();
  await row.getByTestId("agent-state").getByText("Paused").waitFor();
  await row.getByTestId("action-resume").click();
  await row.getByTestId("agent-state").getByText("Running").waitFor();
}

/** Restarts the server under the open page: it reconnects, and no event is missing or doubled. */
async function restartUnderneath(
  page: Page,
  options: { server: TestServer; dataDir: string },
): Promise<TestServer> {
  await page.getByTestId("connection-chip").getByText(/Live/).first().waitFor();
  await options.server.stop();
  await page.getByTestId("connection-chip").getByText(
    /Reconnecting|Polling|Offline/,
  ).waitFor();
  const server = await startServer({
    dataDir: options.dataDir,
    env: FAST,
    port: options.server.port,
  });
  await page.getByTestId("connection-chip").getByText(/Live/).first().waitFor({
    timeout: 60_000,
  });
  const row = page.getByTestId(`agent-row-${AGENT}`);
  await row.getByTestId("agent-state").getByText("Running").waitFor();
  assert.equal(
    await page.evaluate(() => (globalThis as { marker?: boolean }).marker),
    true,
  );
  return server;
}

async function stopIt(page: Page): Promise<void> {
  const row = page.getByTestId(`agent-row-${AGENT}`);
  await row.getByTestId("action-stop").click();
  const confirm = page.getByTestId("confirm-stop");
  await confirm.waitFor();
  await confirm.click();
  await row.getByTestId("agent-state").getByText("Stopped").waitFor();
}

async function filterLogs(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/logs?category=lifecycle`);
  const rows = page.getByTestId("log-row");
  await rows.first().waitFor();
  const text = (await rows.allInnerTexts()).join("\n");
  assert.match(text, /is paused/);
  assert.match(text, /is running again/);
  assert.match(text, /has stopped/);
  assert.doesNotMatch(text, /Order block retest/i);
  await assertNothingMissing(server);
}

/** The stored order of events has no hole and no double. */
async function assertNothingMissing(server: TestServer): Promise<void> {
  const api = await logIn(server);
  const { seq: head } = (await api.follow({
    after: 0,
    until: (events) => events.some((event) => event.type === "hello"),
  })).find((event: StreamedEvent) => event.type === "hello");
  const events = await api.follow({
    after: 0,
    until: (seen) =>
      seen.some((event) => event.seq !== null && event.seq >= head),
  });
  const stored = events.filter((event) =>
    event.topic !== undefined && event.seq !== null
  )
    .map((event) => event.seq);
  assert.deepEqual(stored, [...new Set(stored)].sort((a, b) => a - b));
}
