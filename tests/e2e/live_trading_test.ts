import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import type { Locator, Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  forgetLogin,
  launchBrowser,
} from "../support/browser.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { startFakeVenue } from "../venue/venue.ts";
import { waitAlive } from "../support/panel/alive.ts";

const KEY = { apiKey: "canary-api-key-7f3a", secret: "canary-secret-91bd" };
const AGENT = "live-btc";

Deno.test({
  name:
    "panel leads a person from a second factor and a key to a live agent, and shows no secret again",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const venue = startFakeVenue({ seed: 5, credentials: KEY });
      const server = await startServer({
        dataDir,
        env: {
          TRADING_MODE: "live",
          EXCHANGES: "none",
          EXCHANGE_ENDPOINTS: `binance=${venue.url}`,
        },
      });
      const browser = await launchBrowser();
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
      });
      const page = await context.newPage();
      const complaints = collectComplaints(page);
      const answers = collectAnswers(page);
      try {
        await setUp(server, dataDir);
        await logIn(page, server);
        const codes = await enrol(page, server);
        await addKey(page);
        await logIn(page, server, codes[3]);
        await allowKey(page, { server, code: codes[0]! });
        await logIn(page, server, codes[4]);
        await spawnLive(page, { server, code: codes[1]! });
        await logIn(page, server, codes[5]);
        await changeLimit(page, codes[2]!);
        await revokeIsRefused(page, server);
        await rotateIsRefused(page);
        // A browser reports every refused form; these were meant.
        assert.deepEqual(
          complaints.filter((text) => !/status of (403|409|422)/.test(text)),
          [],
        );
        const told = [...await answers(), server.output()].join("\n");
        for (const secret of [KEY.apiKey, KEY.secret]) {
          assert(!told.includes(secret), "a secret came back");
        }
      } finally {
        await browser.close();
        await server.stop();
        await venue.stop();
      }
    });
  },
});

/** Bodies of all pages and answers of the API; what is followed without end is left out. */
function collectAnswers(page: Page): () => Promise<string[]> {
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (!/html|json/.test(type)) return;
    // A page that was left meanwhile has no body any more.
    bodies.push(response.text().catch(() => ""));
  });
  return () => Promise.all(bodies);
}

/** A new login has no fresh proof. */
async function logIn(
  page: Page,
  server: TestServer,
  code?: string,
): Promise<void> {
  await forgetLogin(page);
  await page.goto(`${server.url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  if (code !== undefined) {
    await page.getByTestId("field-code").fill(code);
    await page.getByTestId("login-code-submit").click();
    await page.getByTestId("recovery-used").getByRole("link").click();
  }
  await page.waitForURL(`${server.url}/`);
  await page.getByTestId("live-server").waitFor();
}

/** Sets the second factor up. @returns Its recovery codes. */
async function enrol(page: Page, server: TestServer): Promise<string[]> {
  await page.goto(`${server.url}/settings/keys`);
  await page.getByTestId("factor-needed").waitFor();
  await page.goto(`${server.url}/settings/second-factor`);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("factor-enrol").click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
  const text = await page.getByTestId("factor-secret").innerText();
  const secret = OTPAuth.Secret.fromBase32(text.replaceAll(/\s/g, ""));
  const totp = new OTPAuth.TOTP({ secret });
  await page.getByTestId("field-code").fill("12345");
  await page.getByTestId("factor-confirm").click();
  await page.getByTestId("error-code").getByText(/six digits/).waitFor();
  await page.getByTestId("field-code").fill(totp.generate());
  await page.getByTestId("factor-confirm").click();
  const codes = await page.getByTestId("recovery-codes").locator("code")
    .allInnerTexts();
  assert.equal(codes.length, 10);
  await page.goto(`${server.url}/settings/second-factor`);
  await page.getByTestId("factor-state").getByText(/10 recovery codes left/)
    .waitFor();
  assert(!(await page.content()).includes(codes[0]!), "codes are shown once");
  return codes;
}

async function addKey(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Exchange keys" }).click();
  await page.getByTestId("field-label").fill("main");
  await page.getByTestId("field-exchange").fill("binance");
  await page.getByTestId("field-apiKey").fill(KEY.apiKey);
  await page.getByTestId("field-secret").fill("short");
  await page.getByTestId("key-add-submit").click();
  await page.getByTestId("error-secret").waitFor();
  assert.equal(await page.getByTestId("field-label").inputValue(), "main");
  assert.equal(await page.getByTestId("field-apiKey").inputValue(), "");
  await page.getByTestId("field-apiKey").fill(KEY.apiKey);
  await page.getByTestId("field-secret").fill(KEY.secret);
  await page.getByTestId("key-add-submit").click();
  const card = page.getByTestId("key-main");
  await card.getByText("Verified").waitFor();
  assert.match(await card.innerText(), /…7f3a/);
  assert.match(await card.innerText(), /Withdraw\s+no/);
}

/** The proof is asked for in between; a wrong code keeps what was wanted. */
async function allowKey(
  page: Page,
  { server, code }: { server: TestServer; code: string },
): Promise<void> {
  await page.goto(`${server.url}/settings/keys`);
  await page.getByTestId("key-allow").click();
  const form = page.getByTestId("key-proof-form");
  await form.getByTestId("field-code").fill("00000-00000");
  await form.getByTestId("key-proof-submit").click();
  await form.getByTestId("error-code").waitFor();
  await form.getByTestId("field-code").fill(code);
  await form.getByTestId("key-proof-submit").click();
  await page.getByTestId("keys-done").getByText(/is allowed for live trading/)
    .waitFor();
}

async function spawnLive(
  page: Page,
  { server, code }: { server: TestServer; code: string },
): Promise<void> {
  await waitAlive(page);
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.getByTestId("template-structure-combined").click();
  await dialog.getByTestId("field-mode-live").check({ force: true });
  await dialog.getByText("LIVE: trades real money").waitFor();
  await dialog.getByTestId("spawn-next").click();
  await dialog.getByTestId("field-name").fill(AGENT);
  await dialog.getByTestId("field-key-main").check();
  assert(await dialog.getByTestId("field-feed-exchange").isChecked());
  assert(await dialog.getByTestId("field-feed-simulated").isDisabled());
  await goTo(dialog, "field-leverage");
  await dialog.getByTestId("field-leverage").fill("1");
  await goTo(dialog, "spawn-submit");
  const acknowledge = dialog.getByTestId("spawn-acknowledge");
  if (await acknowledge.isVisible()) await acknowledge.check();
  await dialog.getByTestId("field-confirmName").fill("another");
  await dialog.getByTestId("spawn-submit").click();
  await dialog.getByTestId("error-confirmName").waitFor();
  await dialog.getByTestId("field-confirmName").fill(AGENT);
  await dialog.getByTestId("spawn-submit").click();
  const proof = page.getByTestId("proof-dialog");
  await proof.getByTestId("field-proof-code").fill(code);
  await proof.getByTestId("proof-submit").click();
  await dialog.waitFor({ state: "hidden" });
  const row = page.getByTestId(`agent-row-${AGENT}`);
  assert.match(
    await row.getByTestId("agent-mode").innerText(),
    /LIVE\s+test venue/,
  );
  await row.getByRole("link", { name: AGENT }).click();
  await page.waitForURL(`${server.url}/agents/**`);
  await page.getByTestId("agent-mode").getByText("LIVE").waitFor();
}

/** What the server has checked of the last edit may come a moment later; the step is left when it has. */
async function goTo(dialog: Locator, testId: string): Promise<void> {
  while (!await dialog.getByTestId(testId).isVisible()) {
    // deno-lint-ignore no-await-in-loop -- one step after the other
    await dialog.getByTestId("spawn-next").click();
  }
}

/** Limits of a live agent are changed after a fresh proof only. */
async function changeLimit(page: Page, code: string): Promise<void> {
  await page.getByTestId(`agent-row-${AGENT}`).getByRole("link").first()
    .click();
  await page.getByRole("tab", { name: "Config" }).click();
  await page.getByText(/^key_/).first().waitFor();
  await page.getByTestId("config-edit").click();
  await page.getByTestId("field-riskPerTradePct").fill("0.25");
  await page.getByTestId("config-review").click();
  await page.getByTestId("config-save").click();
  const proof = page.getByTestId("proof-dialog");
  await proof.getByTestId("field-proof-code").fill(code);
  await proof.getByTestId("proof-submit").click();
  await page.getByText(/^0.25% of equity$/).waitFor();
}

async function revokeIsRefused(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/settings/keys`);
  await page.getByTestId("key-revoke-open").click();
  await page.getByTestId("key-revoke").click();
  await page.getByTestId("form-error").getByText(`is used by "${AGENT}"`)
    .waitFor();
}

/** New secrets do not take the place of those that trade; the proof of before still counts. */
async function rotateIsRefused(page: Page): Promise<void> {
  await page.getByTestId("key-rotate").click();
  const form = page.getByTestId("key-rotate-form");
  await form.getByTestId("field-apiKey").fill(KEY.apiKey);
  await form.getByTestId("field-secret").fill(KEY.secret);
  await form.getByTestId("key-rotate-submit").click();
  await form.getByTestId("form-error").getByText(`"${AGENT}" is not stopped`)
    .waitFor();
  assert.equal(await form.getByTestId("field-secret").inputValue(), "");
}
