import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { EmergencyResponse } from "../../lib/contracts/emergency.ts";
import { setUp, type TestApi } from "../support/api.ts";
import {
  addVirtualAuthenticator,
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

Deno.test({
  name:
    "somebody with only a passkey adds keys, releases a stop and sets an authenticator up in the panel",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir });
      const browser = await launchBrowser();
      // Passkeys are for host names.
      const url = `http://localhost:${server.port}`;
      const page = await browser.newPage();
      const complaints = collectComplaints(page);
      try {
        const api = await setUp(server, dataDir);
        await addVirtualAuthenticator(page);
        await addPasskey(page, url);
        await reachSecrets(page, url);
        await logInAgain(page, url);
        await releaseStop(page, { url, api });
        await logInAgain(page, url);
        await enrol(page, url);
        // A browser reports every refused request; this one was meant.
        assert.deepEqual(
          complaints.filter((text) => !/status of 403/.test(text)),
          [],
        );
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

/** Logs in by password, which proves the first passkey. */
async function addPasskey(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login?next=/settings/second-factor`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.getByTestId("passkey-add").click();
  await page.getByTestId("field-proof-password").fill(TEST_PASSWORD);
  await page.getByTestId("proof-submit").click();
  await page.getByTestId("passkey-Passkey").waitFor();
}

/** Ends the fresh proof with the login. A proof changes the cookie, and the form of an open page has to know. */
async function logInAgain(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/second-factor`);
  await page.getByTestId("passkey-prove").click();
  await page.getByText("Proven until").first().waitFor();
  await page.getByLabel(/^Account of/).click();
  await page.getByTestId("logout").click();
  await page.waitForURL(`${url}/login**`);
  await page.getByTestId("passkey-login").click();
  await page.waitForURL(`${url}/`);
}

/** The password that proved the passkey is worth nothing here: it is asked for the passkey. */
async function reachSecrets(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/keys`);
  await page.getByTestId("field-label").fill("main");
  await page.getByTestId("field-exchange").fill("kraken");
  assert.equal(await page.getByTestId("field-code").count(), 0);
  await page.getByTestId("passkey-submit").click();
  await page.getByTestId("field-secret").waitFor();
  assert.equal(await page.getByTestId("field-label").inputValue(), "main");
}

/** What was typed goes with the proof: nothing is sent twice. */
async function releaseStop(
  page: Page,
  { url, api }: { url: string; api: TestApi },
): Promise<void> {
  await page.goto(`${url}/emergency-stop`);
  await page.getByTestId("emergency-submit").click();
  await page.getByTestId("release-open").click();
  assert.equal(await page.getByTestId("release-code").count(), 0);
  await page.getByTestId("release-reason").fill("looked at it");
  await page.getByTestId("release-confirm").fill("RELEASE");
  await page.getByTestId("passkey-submit").click();
  await page.getByText("Released lately (1)").waitFor();
  const state = await api.get<EmergencyResponse>("/api/emergency");
  assert.deepEqual(
    [state.latches.length, state.released[0]?.release?.reason],
    [0, "looked at it"],
  );
}

async function enrol(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/second-factor`);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("passkey-submit").click();
  await page.getByTestId("factor-secret").waitFor();
}
