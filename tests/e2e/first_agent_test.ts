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
import { waitAlive } from "../support/panel/alive.ts";

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
      await context.addInitScript(() => localStorage.setItem("debug", "smc:*"));
      let current = server;
      try {
        await createAccount(page, server, dataDir);
        await logInAgain(page, server);
        // A browser reports every refused form; these were meant.
        for (const text of complaints.splice(0)) {
          assert.match(text, /status of 401/);
        }
        await spawnWithMistake(page);
        await watchItMove(page);
        await pauseAndResume(page);
        await seeWhatItUses(page);
        const logs = await context.newPage();
        const applied = collectAppliedEvents(logs);
        await logs.goto(`${server.url}/logs`);
        await waitForChip(logs, /Live/);
        current = await restartUnderneath([page, logs], { server, dataDir });
        await logs.getByTestId("log-row").getByText(/starting again \(run 2\)/)
          .first().waitFor();
        await assertNothingMissing(current, applied);
        await logs.close();
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
  await page.getByTestId("welcome-later").click();
  await page.getByTestId("welcome-empty").click();
  await page.waitForURL(`${server.url}/`);
}

async function logInAgain(page: Page, server: TestServer): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${server.url}/`);
  await page.waitForURL("**/login**");
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill("a wrong but long password");
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.getByText(/e-mail or the password is wrong/i).first().waitFor();
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${server.url}/`);
}

async function spawnWithMistake(page: Page): Promise<void> {
  await waitAlive(page);
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.waitFor();
  await dialog.getByTestId("template-structure-combined").click();
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
  const acknowledge = dialog.getByTestId("spawn-acknowledge");
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

/** The agent's page has measured figures beside the estimate, and takes in newer ones by itself. */
async function seeWhatItUses(fleet: Page): Promise<void> {
  const link = fleet.getByTestId(`agent-row-${AGENT}`).getByRole("link");
  const page = await fleet.context().newPage();
  const address = await link.first().getAttribute("href");
  await page.goto(new URL(address!, fleet.url()).href);
  const row = page.getByTestId("resources-table").getByRole("row")
    .filter({ hasText: "Messages a minute" });
  const [estimate, lastMinute] = await row.getByRole("cell").allInnerTexts();
  assert.match(estimate!, /^[\d,.]+$/);
  assert.match(lastMinute!, /^[\d,.]+$/);
  const age = page.getByTestId("resources-age");
  const before = await age.innerText();
  assert.match(before, /^As of [\d:]{8} UTC/);
  await page.waitForFunction(
    (old) =>
      (document.querySelector('[data-testid="resources-age"]') as HTMLElement)
        .innerText !== old,
    before,
  );
  await page.close();
}

async function waitForChip(page: Page, text: RegExp): Promise<void> {
  await page.getByTestId("connection-chip").getByText(text).first()
    .waitFor({ timeout: 60_000 });
}

/** Restarts the server under open pages: they reconnect by themselves. */
async function restartUnderneath(
  pages: readonly [fleet: Page, logs: Page],
  options: { server: TestServer; dataDir: string },
): Promise<TestServer> {
  const [fleet] = pages;
  await waitForChip(fleet, /Live/);
  await options.server.stop();
  for (const page of pages) {
    // deno-lint-ignore no-await-in-loop -- both must notice
    await waitForChip(page, /Reconnecting|Polling|Offline/);
  }
  const server = await startServer({
    dataDir: options.dataDir,
    env: FAST,
    port: options.server.port,
  });
  for (const page of pages) {
    // deno-lint-ignore no-await-in-loop -- both must come back
    await waitForChip(page, /Live/);
  }
  const row = fleet.getByTestId(`agent-row-${AGENT}`);
  await row.getByTestId("agent-state").getByText("Running").waitFor();
  assert.equal(
    await fleet.evaluate(() => (globalThis as { marker?: boolean }).marker),
    true,
  );
  return server;
}

async function stopIt(page: Page): Promise<void> {
  const row = page.getByTestId(`agent-row-${AGENT}`);
  await row.getByTestId("action-stop").click();
  await page.getByTestId("confirm-submit").click();
  await row.getByTestId("agent-state").getByText("Stopped").waitFor();
}

async function filterLogs(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/logs?category=lifecycle`);
  const rows = page.getByTestId("log-row");
  await rows.first().waitFor();
  const lifecycle = (await rows.allInnerTexts()).join("\n");
  assert.match(lifecycle, /is paused/);
  assert.match(lifecycle, /is running again/);
  assert.match(lifecycle, /has stopped/);
  await page.getByTestId("log-filter-text").fill("is paused");
  await page.waitForFunction(() => {
    const texts = [...document.querySelectorAll('[data-testid="log-row"]')]
      .map((row) => (row as HTMLElement).innerText);
    return texts.length > 0 &&
      texts.every((text) => text.includes("is paused"));
  });
  assert.match(page.url(), /q=is(\+|%20)paused/);
}

/** An event that the page's stream client handed on, in the order in which it did. */
interface AppliedEvent {
  type: string;
  seq: number;
}

/** Collects what the stream client says of itself when `localStorage.debug` is set. */
function collectAppliedEvents(page: Page): AppliedEvent[] {
  const applied: AppliedEvent[] = [];
  page.on("console", (message) => {
    const found = /^\[smc:stream\] event ([\w.]+) (\d+)$/.exec(message.text());
    if (found !== null) {
      applied.push({ type: found[1]!, seq: Number(found[2]) });
    }
  });
  return applied;
}

/**
 * Every stored log line reached the open page
 * exactly once and in order, across the restart of the server.
 */
async function assertNothingMissing(
  server: TestServer,
  applied: readonly AppliedEvent[],
): Promise<void> {
  const isKept = ({ type }: { type: string }) => type === "log.added";
  const seen = applied.filter(isKept);
  const [first, last] = [seen[0]!.seq, seen.at(-1)!.seq];
  const api = await logIn(server);
  const events = await api.follow({
    after: first - 1,
    until: (all) => all.some((event: StreamedEvent) => event.seq >= last),
  });
  const stored = events.filter(isKept).filter((event) => event.seq <= last)
    .map(({ type, seq }) => ({ type, seq }));
  assert.deepEqual(seen, stored);
  assert.ok(seen.length > 5, "hardly a line was streamed");
}
