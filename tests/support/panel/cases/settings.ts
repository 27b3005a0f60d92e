/** States of the pages of settings, login and first start. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { PRODUCT_VERSION } from "../../../../lib/core/version.ts";
import { emailOf } from "../../people.ts";
import { TEST_PASSWORD } from "../../server.ts";
import { comeBack, goOffline, refuse, seeErrorAndRetry } from "../acts.ts";
import { waitAlive } from "../alive.ts";
import type { StateCase } from "../states.ts";

const forbidden = (path: string, text: string): StateCase => ({
  name: `${path}: forbidden`,
  who: "guest",
  path,
  see: (page) => page.locator(".empty").getByText(text).waitFor(),
});

/** A button is seen and off, and says why. */
async function seeOff(page: Page, testId: string, why: string): Promise<void> {
  const button = page.getByTestId(testId).first();
  await page.locator(`[data-testid=${testId}][aria-disabled=true]`).first()
    .waitFor();
  assert.equal(await button.getAttribute("title"), why);
}

/** While the server does not answer nothing can be sent; afterwards it can. */
const offline = (path: string, testId: string): StateCase => ({
  name: `${path}: offline`,
  who: "owner",
  path,
  see: async (page) => {
    await goOffline(page);
    await seeOff(page, testId, "The server does not answer");
    await comeBack(page);
    await page.locator(`[data-testid=${testId}]:not([aria-disabled])`).first()
      .waitFor();
    await goOffline(page);
  },
});

/** The login ends while the page is open: found out with the next thing that is done. */
const ended = (
  path: string,
  act: (page: Page) => Promise<void>,
): StateCase => ({
  name: `${path}: the session has ended`,
  who: "owner",
  path,
  see: async (page) => {
    await page.context().clearCookies();
    await act(page);
    const standing = page.getByTestId("page-standing");
    await standing.getByText("Your session has ended").waitFor();
    const login = standing.getByRole("link", { name: "Log in again" });
    assert.match(await login.getAttribute("href") ?? "", /next=%2Fsettings/);
  },
});

async function endOther(page: Page): Promise<void> {
  await page.getByTestId("session-end").first().click();
  await page.getByTestId("confirm-go-on").click();
}

async function fillToken(page: Page): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill("nightly");
  await page.getByLabel("agents.read").check();
  await page.getByTestId("token-create").click();
}

const EMPTY: readonly StateCase[] = [
  {
    name: "keys: empty, and what is needed first",
    who: "owner",
    path: "/settings/keys",
    see: async (page) => {
      await page.getByText("You have no exchange key yet").waitFor();
      await page.getByTestId("factor-needed").waitFor();
    },
  },
  {
    name: "tokens: empty",
    who: "owner",
    path: "/settings/tokens",
    see: (page) => page.getByText("make the first one below").waitFor(),
  },
  {
    name: "dead letters: empty",
    who: "guest",
    path: "/dead-letters",
    see: (page) => page.getByText("No message was lost").waitFor(),
  },
  {
    name: "system: version, and a value that is unknown or known",
    who: "owner",
    path: "/settings/system",
    see: async (page) => {
      const version = page.getByTestId("system-version");
      assert.equal(await version.innerText(), PRODUCT_VERSION);
      await page.getByTestId("system-storage").getByText(/Works|Fails/)
        .waitFor();
      await page.getByTestId("hosts-single").waitFor();
    },
  },
  {
    name: "welcome: second step",
    who: "owner",
    path: "/welcome",
    see: (page) => page.getByTestId("welcome-factor").waitFor(),
  },
  {
    name: "welcome: third step",
    who: "owner",
    path: "/welcome?later",
    see: (page) =>
      page.getByRole("heading", { name: "Start your first agent" }).waitFor(),
  },
  {
    name: "welcome: forbidden",
    who: "guest",
    path: "/welcome?later",
    see: (page) => page.getByText("Needs role trader").first().waitFor(),
  },
  {
    name: "roles: the matrix",
    who: "guest",
    path: "/settings/roles",
    see: (page) => page.getByTestId("role-row-agents.spawn").waitFor(),
  },
  {
    name: "API docs",
    who: "guest",
    path: "/api/docs",
    see: (page) => page.getByRole("heading", { level: 1 }).waitFor(),
  },
];

const FAILING: readonly StateCase[] = [
  {
    name: "sessions: error",
    who: "owner",
    path: "/settings/sessions",
    see: async (page) => {
      await page.route("**/api/sessions/**", refuse);
      await endOther(page);
      const rows = page.getByTestId("session-end");
      const before = await rows.count();
      await seeErrorAndRetry(page, "**/api/sessions/**");
      await page.getByTestId("sessions-done").getByText("The login has ended")
        .waitFor({ state: "attached" });
      await rows.nth(before - 1).waitFor({ state: "detached" });
    },
  },
  {
    name: "tokens: error, and the form keeps what was filled in",
    who: "owner",
    path: "/settings/tokens",
    see: async (page) => {
      await page.route("**/api/tokens", refuse);
      await fillToken(page);
      await seeErrorAndRetry(page, "**/api/tokens");
      await page.getByTestId("proof-dialog").getByLabel("Your password")
        .waitFor();
      await page.keyboard.press("Escape");
      const name = page.getByLabel("Name", { exact: true });
      assert.equal(await name.inputValue(), "nightly");
    },
  },
  {
    name: "users: an invitation that fails leaves the rest as it is",
    who: "owner",
    path: "/settings/users",
    see: async (page) => {
      await page.route("**/api/users", refuse);
      await page.getByTestId("field-invite-email").fill("new@example.com");
      await page.getByTestId("invite-person").click();
      const error = page.getByTestId("form-error");
      await error.getByText(/STORE_UNAVAILABLE, request req_OF_THE_TEST/)
        .waitFor();
      await page.getByTestId(`person-${emailOf("guest")}`).waitFor();
    },
  },
  {
    name: "preferences: not kept",
    who: "owner",
    path: "/settings/preferences",
    see: async (page) => {
      await page.route("**/api/account/preferences", refuse);
      await page.getByLabel("Density").selectOption({ index: 1 });
      await page.getByTestId("preferences-standing").getByText(/it is not kept/)
        .waitFor();
    },
  },
  {
    name: "password: error",
    who: "owner",
    path: "/settings/password",
    see: async (page) => {
      await page.route("**/api/account/password", refuse);
      await page.locator("[name=newPassword]").fill(
        "seven quiet harbour bells",
      );
      await page.getByTestId("password-change").click();
      await page.getByTestId("form-error").getByText(/STORE_UNAVAILABLE/)
        .waitFor();
    },
  },
];

/** Forms that were loaded too early, are used twice, or come from a link that is over. */
const TWICE: readonly StateCase[] = [
  {
    name: "second factor: a form is sent once, however often it is pressed",
    who: "owner",
    path: "/settings/second-factor",
    see: async (page) => {
      let posts = 0;
      const held = Promise.withResolvers<void>();
      await page.route("**/settings/second-factor", async (route) => {
        if (route.request().method() === "POST") posts++;
        await held.promise;
        await route.continue();
      });
      await page.getByTestId("field-password").fill("a wrong password");
      await page.getByTestId("factor-enrol-form").evaluate((form) => {
        (form as HTMLFormElement).requestSubmit();
        (form as HTMLFormElement).requestSubmit();
      });
      held.resolve();
      await page.getByTestId("error-password").waitFor();
      assert.equal(posts, 1);
    },
  },
  {
    name: "login: a form from before another tab's login",
    who: null,
    path: "/login?next=/settings/roles",
    see: async (page) => {
      const other = await page.context().newPage();
      await other.goto(new URL("/login", page.url()).href);
      const logIn = async (tab: Page, name: string) => {
        await tab.getByTestId("field-email").fill(emailOf(name));
        await tab.getByTestId("field-password").fill(TEST_PASSWORD);
        await tab.getByTestId("login-submit").click();
      };
      await logIn(other, "owner");
      await other.waitForURL((url) => url.pathname === "/");
      await other.close();
      await logIn(page, "guest");
      await page.waitForURL("**/settings/roles");
      await page.getByText("Your role is Viewer").waitFor();
    },
  },
  {
    name: "setup: its link a second time",
    who: null,
    path: "/setup?token=used",
    see: async (page) => {
      await page.waitForURL("**/login?set-up");
      await page.getByText("This server is set up already").waitFor();
    },
  },
  {
    name: "invite: a link that was used or is over",
    who: null,
    path: `/invite#token=${"a".repeat(43)}&for=late@example.com`,
    see: async (page) => {
      await page.locator("[name=password]").fill("seven quiet harbour bells");
      await page.getByTestId("invite-submit").click();
      await page.getByText(/ask .* for a new one/i).first().waitFor();
    },
  },
  {
    name: "settings: opened without a login leads to it and back",
    who: null,
    path: "/settings/tokens",
    see: async (page) => {
      await page.getByText(/to go on to \/settings\/tokens/).waitFor();
      await waitAlive(page);
    },
  },
];

/** Pages of settings, login and first start, by state. */
export const SETTINGS_CASES: readonly StateCase[] = [
  ...EMPTY,
  forbidden("/settings/keys", "Exchange keys need the role Trader"),
  forbidden("/settings/users", "Accounts need the role Administrator"),
  forbidden("/settings/system", "This page needs the role Administrator"),
  offline("/settings/tokens", "token-create"),
  offline("/settings/sessions", "session-end"),
  offline("/settings/users", "person-status"),
  offline("/settings/password", "password-change"),
  offline("/settings/second-factor", "factor-enrol"),
  ended("/settings/sessions", endOther),
  ended("/settings/tokens", fillToken),
  ...FAILING,
  ...TWICE,
];
