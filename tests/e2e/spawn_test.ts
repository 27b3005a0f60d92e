import assert from "node:assert/strict";
import type { Page } from "playwright-core";
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

const AGENT = "by-plain-form";
const KEPT = "kept-over-a-login";

/** More than the server lets pass without a wait. */
const MAX_WRONG_LOGINS = 12;

/** Account, second factor later, a paper agent by one click. */
async function startFirst(
  page: Page,
  { server, dataDir }: { server: TestServer; dataDir: string },
): Promise<void> {
  await page.goto(
    `${server.url}/setup?token=${await readSetupToken(dataDir)}`,
  );
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("setup-submit").click();
  await page.waitForURL(`${server.url}/welcome`);
  await page.getByTestId("welcome-later").click();
  const start = page.getByRole("button", { name: "Start this paper agent" });
  await start.first().click();
  await page.waitForURL(/\/agents\/agt_/);
  // What the first start was made of is gone.
  await page.goto(`${server.url}/setup?token=any`);
  await page.waitForURL(`${server.url}/`);
  await page.goto(`${server.url}/welcome`);
  await page.waitForURL(`${server.url}/`);
}

/** A form that is sent when its login has ended comes back filled in after the next one, also where that takes two tries. */
async function keepsFormOverLogin(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/spawn`);
  await page.getByTestId("field-name").fill(KEPT);
  await page.getByTestId("field-leverage").fill("7");
  await page.context().clearCookies();
  await page.getByTestId("plain-submit").click();
  await page.getByText(/nothing was spawned.*the form waits/).waitFor();
  for (const password of ["not this one at all", TEST_PASSWORD]) {
    // deno-lint-ignore no-await-in-loop -- a person tries twice
    await page.getByTestId("field-email").fill(TEST_EMAIL);
    // deno-lint-ignore no-await-in-loop -- as above
    await page.getByTestId("field-password").fill(password);
    // deno-lint-ignore no-await-in-loop -- as above
    await page.getByTestId("login-submit").click();
  }
  await page.getByTestId("carried-submit").click();
  await page.waitForURL(`${url}/spawn`);
  assert.equal(await page.getByTestId("field-name").inputValue(), KEPT);
  assert.equal(await page.getByTestId("field-leverage").inputValue(), "7");
  assert.equal(await page.getByText(/older than your login/).count(), 0);
  await page.getByTestId("spawn-acknowledge").check();
  await page.getByTestId("plain-submit").click();
  await page.waitForURL(/\/agents\/agt_/);
  await page.getByRole("heading", { name: KEPT }).first().waitFor();
}

/** Mistakes first: each is told at its field, and what was typed in stays. */
async function spawnPlainly(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/`);
  await page.getByTestId("spawn-open").first().click();
  await page.waitForURL(/\/spawn/);
  assert.match(
    await page.getByTestId("spawn-headroom").innerText(),
    /^1 of \d+ agents/,
  );
  await page.getByTestId("field-name").fill("x");
  await page.getByTestId("field-leverage").fill("500");
  await page.getByTestId("field-maxDrawdownPct").fill("40");
  await page.getByTestId("plain-submit").click();
  const summary = page.getByTestId("error-summary");
  await summary.getByRole("link").nth(1).waitFor();
  assert.equal(await summary.getByRole("link").count(), 2);
  await page.getByTestId("error-name").waitFor();
  assert.equal(await page.getByTestId("field-leverage").inputValue(), "500");
  await summary.getByRole("link").nth(0).click();
  assert.match(page.url(), /#(name|leverage)$/);
  await page.getByTestId("field-name").fill(AGENT);
  await page.getByTestId("field-leverage").fill("50");
  await page.getByTestId("plain-submit").click();
  // What is risky is read first.
  const acknowledge = page.getByTestId("spawn-acknowledge");
  await acknowledge.waitFor();
  assert.match(await summary.innerText(), /Read the warnings/);
  const worst = page.getByTestId("spawn-worst");
  assert.match(await worst.innerText(), /In one day\s+[\d,.]+ USDT/);
  await acknowledge.check();
  await page.getByTestId("plain-submit").click();
  await page.waitForURL(/\/agents\/agt_/);
  await page.getByRole("heading", { name: AGENT }).first().waitFor();
}

/** A name that is taken is told when its field is left, and the dialog does not go by itself. */
async function askInDialog(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/`);
  await waitAlive(page);
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.getByTestId("step-basics").click();
  const name = dialog.getByTestId("field-name");
  await name.fill(AGENT.toUpperCase());
  await name.blur();
  await dialog.getByTestId("error-name").getByText(/taken/).waitFor();
  await name.fill("another-name");
  await name.blur();
  await dialog.getByTestId("name-free").waitFor();
  await page.mouse.click(4, 400);
  assert.ok(await dialog.isVisible(), "a click outside does nothing");
  await page.keyboard.press("Escape");
  await page.getByTestId("spawn-keep-draft").click();
  await dialog.waitFor({ state: "hidden" });
  await page.reload();
  await waitAlive(page);
  await page.getByTestId("spawn-open").first().click();
  await dialog.getByTestId("step-basics").click();
  assert.equal(await name.inputValue(), "another-name");
}

/** A login that has ended leads back; too many wrong ones wait, and say how long. */
async function logInAgain(page: Page, url: string): Promise<void> {
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.context().addCookies(
    cookies.map((cookie) => ({ ...cookie, value: "ended" })),
  );
  await page.goto(`${url}/logs?level=warning`);
  await page.getByText(/has ended. Log in again, to go on to \/logs/).waitFor();
  const over = page.getByTestId("wait-over").getByText(/try again now/);
  for (let attempt = 0; attempt < MAX_WRONG_LOGINS; attempt++) {
    // deno-lint-ignore no-await-in-loop -- one attempt after the other
    await page.getByTestId("field-email").fill(TEST_EMAIL);
    // deno-lint-ignore no-await-in-loop -- one attempt after the other
    await page.getByTestId("field-password").fill("a wrong but long password");
    // deno-lint-ignore no-await-in-loop -- one attempt after the other
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === "POST"),
      page.waitForEvent("load"),
      page.getByTestId("login-submit").click(),
    ]);
    if (answer.status() === 429) break;
  }
  await page.getByText(/Too many failed logins: try again in/).waitFor();
  await over.waitFor();
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.waitForURL(`${url}/logs?level=warning`);
}

Deno.test({
  name:
    "panel starts first in three steps, spawns by a plain form without script, and asks in the dialog with it",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir });
      const browser = await launchBrowser();
      try {
        const without = await browser.newContext({ javaScriptEnabled: false });
        const plain = await without.newPage();
        await startFirst(plain, { server, dataDir });
        const state = await without.storageState();
        const context = await browser.newContext({
          viewport: { width: 1440, height: 900 },
          storageState: state,
        });
        const page = await context.newPage();
        const complaints = collectComplaints(page);
        await spawnPlainly(plain, server.url);
        await keepsFormOverLogin(plain, server.url);
        await askInDialog(page, server.url);
        await logInAgain(page, server.url);
        // A browser reports every refused form; these were meant.
        assert.deepEqual(
          complaints.filter((text) => !/status of (401|429)/.test(text)),
          [],
        );
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});
