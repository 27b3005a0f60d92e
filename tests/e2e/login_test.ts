import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import type { Browser, Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import {
  addVirtualAuthenticator,
  CHROMIUM_PATH,
  collectComplaints,
  forgetLogin,
  launchBrowser,
} from "../support/browser.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const NEW_PERSON = "ben@example.com";
const NEW_PASSWORD = "violet kettle under stairs";

Deno.test({
  name:
    "panel logs in by code, without script, by passkey, and lets an invited person in",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir });
      const browser = await launchBrowser();
      // Passkeys are for host names.
      const url = `http://localhost:${server.port}`;
      const context = await browser.newContext();
      const page = await context.newPage();
      const complaints = collectComplaints(page);
      try {
        await setUp(server, dataDir);
        await enterPassword(page, `${url}/login`);
        await page.waitForURL(`${url}/`);
        const codes = await enrol(page, url);
        await logInByCode(page, { url, codes });
        await logInWithoutScript(browser, { url, code: codes[2]! });
        await addVirtualAuthenticator(page);
        await addPasskey(page, { url, code: codes[3]! });
        await logInByPasskey(page, url);
        const link = await invite(page, url);
        await acceptInvite(browser, { url, link });
        // A browser reports every refused request; these were meant.
        assert.deepEqual(
          complaints.filter((text) => !/status of (401|403|422)/.test(text)),
          [],
        );
        const [, token = ""] = /token=([\w-]+)/.exec(link) ?? [];
        assert(token !== "" && !server.output().includes(token));
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function enterPassword(page: Page, address: string): Promise<void> {
  await forgetLogin(page);
  await page.goto(address);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
}

/** Sets an authenticator up. @returns Its recovery codes. */
async function enrol(page: Page, url: string): Promise<string[]> {
  await page.goto(`${url}/settings/second-factor`);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("factor-enrol").click();
  const text = await page.getByTestId("factor-secret").innerText();
  const secret = OTPAuth.Secret.fromBase32(text.replaceAll(/\s/g, ""));
  await page.getByTestId("field-code").fill(
    new OTPAuth.TOTP({ secret }).generate(),
  );
  await page.getByTestId("factor-confirm").click();
  return await page.getByTestId("recovery-codes").locator("code")
    .allInnerTexts();
}

/** A wrong code keeps the step; a recovery code warns how many are left, and leads on. */
async function logInByCode(
  page: Page,
  { url, codes }: { url: string; codes: readonly string[] },
): Promise<void> {
  await enterPassword(page, `${url}/login?next=/settings/password`);
  const field = page.getByTestId("field-code");
  assert.equal(await field.getAttribute("autocomplete"), "one-time-code");
  assert(!(await page.content()).includes(TEST_PASSWORD));
  await field.fill("00000-00000");
  await page.getByTestId("login-code-submit").click();
  await page.getByTestId("error-code").waitFor();
  await page.getByTestId("field-code").fill(codes[0]!.toUpperCase());
  await page.getByTestId("login-code-submit").click();
  const warning = page.getByTestId("recovery-used");
  assert.match(await warning.innerText(), /9 codes left/);
  await warning.getByRole("link").click();
  await page.waitForURL(`${url}/settings/password`);
}

async function logInWithoutScript(
  browser: Browser,
  { url, code }: { url: string; code: string },
): Promise<void> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await enterPassword(page, `${url}/login?next=/logs`);
  await page.getByTestId("field-code").fill(code);
  await page.getByTestId("login-code-submit").click();
  await page.getByTestId("recovery-used").getByRole("link").click();
  await page.waitForURL(`${url}/logs`);
  await context.close();
}

/** It wants a fresh proof first, which is asked for in between. */
async function addPasskey(
  page: Page,
  { url, code }: { url: string; code: string },
): Promise<void> {
  await page.goto(`${url}/settings/second-factor`);
  await page.getByTestId("field-passkey-name").fill("Laptop");
  await page.getByTestId("passkey-add").click();
  await page.getByTestId("field-proof-code").fill(code);
  await page.getByTestId("proof-submit").click();
  await page.getByTestId("passkey-Laptop").waitFor();
  await page.getByTestId("passkey-rename-open").click();
  await page.getByTestId("field-rename").fill("Phone");
  await page.getByTestId("passkey-rename").click();
  await page.getByTestId("passkey-Phone").getByText(/For localhost/).waitFor();
}

async function logInByPasskey(page: Page, url: string): Promise<void> {
  await forgetLogin(page);
  await page.goto(`${url}/login?next=/settings/users`);
  await page.getByTestId("passkey-login").click();
  await page.waitForURL(`${url}/settings/users`);
}

/** The proof in between is the passkey this time. @returns The link. */
async function invite(page: Page, url: string): Promise<string> {
  const email = page.getByTestId("field-invite-email");
  await email.fill("no address");
  await page.getByTestId("field-invite-role").selectOption("trader");
  await page.getByTestId("invite-person").click();
  await page.getByTestId("proof-passkey").click();
  await page.getByTestId("error-invite-email").waitFor();
  await email.fill(NEW_PERSON);
  await page.getByTestId("invite-person").click();
  const link = await page.getByTestId("field-link").inputValue();
  await page.getByTestId("link-close").click();
  await page.getByTestId(`invite-${NEW_PERSON}`).waitFor();
  assert(link.startsWith(`${url}/invite#token=`));
  return link;
}

async function acceptInvite(
  browser: Browser,
  { url, link }: { url: string; link: string },
): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(link);
  await page.waitForURL(`${url}/invite`);
  assert.equal(await page.getByTestId("field-email").inputValue(), NEW_PERSON);
  await page.getByTestId("field-password").fill("password1234567890");
  await page.getByTestId("password-strength").getByText(/try this first/)
    .waitFor();
  await page.getByTestId("invite-submit").click();
  await page.getByTestId("error-password").waitFor();
  await page.getByTestId("field-password").fill(NEW_PASSWORD);
  await page.getByTestId("invite-submit").click();
  await page.waitForURL(/\/login/);
  await page.getByTestId("field-email").fill(NEW_PERSON);
  await page.getByTestId("field-password").fill(NEW_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.waitForURL(`${url}/`);
  assert(asked.every((address) => !address.includes("token=")));
  await page.goto(`${url}/settings/users`);
  await page.getByText(/need the role Administrator/).waitFor();
  await context.close();
}
