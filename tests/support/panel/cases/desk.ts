/** States of the pages of risk, audit, backtests and the emergency stop. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { FleetRisk } from "../../../../lib/contracts/fleet_risk.ts";
import { comeBack, goOffline, refuse, seeErrorAndRetry } from "../acts.ts";
import type { StateCase } from "../states.ts";
import { backtestCases } from "./backtests.ts";

/** Somebody looks at the page again, which asks anew. */
function lookAgain(page: Page): Promise<void> {
  return page.evaluate(() =>
    void document.dispatchEvent(new Event("visibilitychange"))
  );
}

/** Pages of a server that has nothing yet. */
export const EMPTY_DESK: readonly StateCase[] = [
  {
    name: "risk: empty",
    who: "owner",
    path: "/risk",
    see: (page) =>
      page.getByTestId("risk-empty").getByRole("link", { name: /first paper/ })
        .waitFor(),
  },
  {
    name: "risk: empty and forbidden",
    who: "guest",
    path: "/risk",
    see: async (page) => {
      const button = page.getByTestId("risk-empty").getByRole("button");
      assert.equal(await button.getAttribute("aria-disabled"), "true");
      assert.match(await button.innerText(), /Needs role trader/);
      assert.match(
        await page.getByTestId("risk-stop-link").innerText(),
        /Needs role operator/,
      );
    },
  },
  {
    name: "backtests: empty",
    who: "owner",
    path: "/backtests",
    see: (page) => page.getByText("No backtest yet").waitFor(),
  },
  {
    name: "backtests: forbidden",
    who: "guest",
    path: "/backtests",
    see: async (page) => {
      const run = page.getByRole("button", { name: /^Run backtest/ });
      assert.equal(await run.getAttribute("title"), "Needs role trader");
      assert.equal(await run.getAttribute("aria-disabled"), "true");
    },
  },
  {
    name: "audit: forbidden",
    who: "guest",
    path: "/audit",
    see: (page) =>
      page.getByText("The audit trail needs the role Risk officer").waitFor(),
  },
  {
    name: "emergency page: forbidden",
    who: "guest",
    path: "/emergency-stop",
    see: async (page) => {
      const stop = page.getByTestId("emergency-submit");
      assert.equal(await stop.getAttribute("aria-disabled"), "true");
      assert.match(await stop.innerText(), /Needs role operator/);
    },
  },
  {
    name: "emergency dialog: forbidden",
    who: "guest",
    path: "/settings/roles",
    see: async (page) => {
      await page.keyboard.press("Control+Shift+Period");
      await page.getByTestId("stop-refusal").getByText(/Needs role operator/)
        .waitFor();
    },
  },
];

async function openStop(page: Page): Promise<void> {
  await page.keyboard.press("Control+Shift+Period");
  await page.getByTestId("stop-now").waitFor();
}

const EMERGENCY: readonly StateCase[] = [
  {
    name: "emergency dialog: offline it goes on trying",
    who: "owner",
    path: "/audit",
    see: async (page) => {
      // Its code is there before the network goes.
      await openStop(page);
      await page.keyboard.press("Escape");
      await goOffline(page);
      await openStop(page);
      const now = page.getByTestId("stop-now");
      assert.equal(await now.getAttribute("aria-disabled"), null);
      await now.click();
      const failure = page.getByTestId("stop-failure");
      await failure.getByText(/sent again every two/).waitFor();
      await failure.getByText(/halt --local/).waitFor();
    },
  },
  {
    name: "emergency dialog: the session has ended",
    who: "owner",
    path: "/audit",
    see: async (page) => {
      await openStop(page);
      await page.context().clearCookies();
      await page.getByTestId("stop-now").click();
      const failure = page.getByTestId("stop-failure");
      await failure.getByText(/Nothing was stopped/).waitFor();
      await failure.getByRole("link", { name: /Log in again/ }).waitFor();
    },
  },
  {
    name: "emergency dialog: what it would meet cannot be counted",
    who: "owner",
    path: "/audit",
    before: (page) => page.route("**/api/emergency/drill", refuse),
    see: async (page) => {
      await openStop(page);
      await page.getByTestId("stop-facts").locator("[title*='store']").first()
        .waitFor();
      const now = page.getByTestId("stop-now");
      assert.equal(await now.getAttribute("aria-disabled"), null);
    },
  },
];

const AUDIT: readonly StateCase[] = [
  {
    name: "audit: entries, verified",
    who: "owner",
    path: "/audit",
    see: async (page) => {
      await page.getByTestId("chain-status").getByText(
        /Chain verified: [\d,]+ entries, intact/,
      ).waitFor();
      await page.getByTestId("audit-export").waitFor();
    },
  },
  {
    name: "audit: no entry matches, and the way back",
    who: "owner",
    path: "/audit?actor=nobody-of-that-name",
    see: async (page) => {
      await page.getByRole("button", { name: "Show all" }).click();
      await page.getByTestId("audit-table").waitFor();
      await page.getByTestId("audit-actor").fill("nobody-of-that-name");
      await page.locator(".empty").waitFor();
    },
  },
  {
    name: "audit: loading",
    who: "owner",
    path: "/audit",
    see: async (page) => {
      const held = Promise.withResolvers<void>();
      await page.route("**/api/audit?*", async (route) => {
        await held.promise;
        await route.continue();
      });
      await page.getByTestId("audit-outcome").selectOption("refused");
      await page.locator("[data-testid=audit][aria-busy=true]").waitFor();
      held.resolve();
      await page.locator("[data-testid=audit][aria-busy=false]").waitFor();
    },
  },
  {
    name: "audit: error",
    who: "owner",
    path: "/audit",
    see: async (page) => {
      await page.route("**/api/audit?*", refuse);
      await page.getByTestId("audit-stream").selectOption("commands");
      await page.getByText(/need not match the filter/).waitFor();
      await seeErrorAndRetry(page, "**/api/audit?*");
      await page.route("**/api/audit?*", refuse);
      await page.getByTestId("audit-stream").selectOption("access");
      await page.locator(".audit.stale .error-state").waitFor();
    },
  },
  {
    name: "audit: offline",
    who: "owner",
    path: "/audit",
    see: async (page) => {
      await goOffline(page);
      await comeBack(page);
      await goOffline(page);
      const stop = page.getByTestId("emergency-stop");
      assert.equal(await stop.getAttribute("aria-disabled"), null);
    },
  },
  {
    name: "audit: the session has ended",
    who: "owner",
    path: "/audit",
    see: async (page) => {
      await page.context().clearCookies();
      await page.getByTestId("audit-outcome").selectOption("ok");
      await page.getByTestId("page-standing").getByText(/session has ended/)
        .waitFor();
      await page.locator(".error-state").getByRole("link", {
        name: "Log in again",
      }).waitFor();
    },
  },
];

/** A part of the answer that could not be found out, and a figure that is not known. */
async function withoutParts(page: Page): Promise<void> {
  await page.route("**/api/risk", async (route) => {
    const response = await route.fetch();
    const risk: FleetRisk = await response.json();
    await route.fulfill({
      response,
      json: {
        ...risk,
        denials: null,
        problems: [{ part: "denials", detail: "The log cannot be read" }],
        money: risk.money.map((one) => ({ ...one, equity: null })),
      },
    });
  });
}

const RISK: readonly StateCase[] = [
  {
    name: "risk: a part that failed fails alone, and what is unknown says why",
    who: "owner",
    path: "/risk",
    before: withoutParts,
    see: async (page) => {
      await lookAgain(page);
      const denied = page.getByTestId("risk-denied");
      await denied.getByText("The log cannot be read").first().waitFor();
      await page.getByTestId("risk-limits-table").first().waitFor();
      const unknown = page.getByTestId("risk-money-table").locator(".unknown")
        .first();
      assert.equal(
        await unknown.getAttribute("title"),
        "No account of it is known yet",
      );
    },
  },
  {
    name: "risk: limits of a minute, and who sees no way to change them",
    who: "guest",
    path: "/risk",
    see: async (page) => {
      const limits = page.getByTestId("risk-limits");
      await limits.getByText("Orders within a minute").first().waitFor({
        state: "attached",
      });
      await limits.getByText("Needs role trader").first().waitFor();
    },
  },
  {
    name: "risk: stale",
    who: "owner",
    path: "/risk",
    see: async (page) => {
      await page.route("**/api/risk", refuse);
      await lookAgain(page);
      await page.getByTestId("risk-stale").getByText(/Values as of/).waitFor();
      await page.locator(".stale [data-testid=risk-panel]").waitFor();
    },
  },
];

/** The same pages with something on them; `run` is a backtest. */
export function deskCases(run: string): StateCase[] {
  return [...AUDIT, ...RISK, ...backtestCases(run), ...EMERGENCY];
}
