import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { FleetRisk } from "../../lib/contracts/fleet_risk.ts";
import { logIn as logInByApi } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import { serveInProcess } from "../support/in_process.ts";
import { fillPanel } from "../support/panel/pages.ts";
import {
  comeBack,
  faultsOfStates,
  goOffline,
  refuse,
  seeErrorAndRetry,
  type StateCase,
} from "../support/panel/page_states.ts";
import { storePeople } from "../support/people.ts";
import { withTempDir } from "../support/temp.ts";

/** Somebody looks at the page again, which asks anew. */
function lookAgain(page: Page): Promise<void> {
  return page.evaluate(() =>
    void document.dispatchEvent(new Event("visibilitychange"))
  );
}

/** Pages of a server that has nothing yet. */
const EMPTY: readonly StateCase[] = [
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
    arrange: (page) => page.route("**/api/emergency/drill", refuse),
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
    arrange: withoutParts,
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

function backtests(run: string): readonly StateCase[] {
  return [
    {
      name: "backtests: a run that is refused",
      who: "owner",
      path: "/backtests",
      see: async (page) => {
        await page.route(
          "**/api/backtests",
          (route) =>
            route.request().method() === "POST"
              ? refuse(route)
              : route.continue(),
        );
        await page.getByRole("button", { name: /^Run backtest/ }).click();
        await page.getByText(/The store does not answer/).first().waitFor();
      },
    },
    {
      name: "backtest: it is not there",
      who: "owner",
      path: "/backtests/bt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
      see: async (page) => {
        const error = page.locator(".error-state");
        await error.getByText(/bt_01ARZ3NDEKTSV4RRFFQ69G5FAV/).waitFor();
        await error.getByRole("link", { name: "Go to the fleet" }).waitFor();
      },
    },
    {
      name: "backtest: its result",
      who: "guest",
      path: `/backtests/${run}`,
      see: (page) => page.getByTestId("verdict").first().waitFor(),
    },
    {
      name: "replay: a candle that cannot be read, and again",
      who: "owner",
      path: `/backtests/${run}/replay`,
      see: async (page) => {
        await page.route("**/replay?*", refuse);
        await page.keyboard.press("ArrowRight");
        const failure = page.getByTestId("chart-failure");
        await failure.getByText(/The store does not answer/).waitFor();
        await page.unroute("**/replay?*");
        await failure.getByRole("button").click();
        await failure.waitFor({ state: "detached" });
      },
    },
    {
      name: "replay: the session has ended",
      who: "owner",
      path: `/backtests/${run}/replay`,
      see: async (page) => {
        await page.context().clearCookies();
        await page.keyboard.press("ArrowRight");
        await page.getByTestId("page-standing").getByText(/session has ended/)
          .waitFor();
      },
    },
  ];
}

Deno.test({
  name:
    "pages of risk, audit, backtests and the emergency stop say in each state what is the matter and what to do, without a barrier",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dir) => {
      const dataDir = `${dir}/data`;
      await storePeople(dataDir, { owner: "admin", guest: "viewer" });
      const server = await serveInProcess({
        dataDir,
        env: { SIMULATION_SPEED: "2000" },
      });
      const browser = await launchBrowser();
      try {
        const { url } = server;
        const empty = await faultsOfStates(browser, { url, cases: EMPTY });
        assert.deepEqual(empty, []);
        const { run } = await fillPanel(await logInByApi(server));
        const cases = [...AUDIT, ...RISK, ...backtests(run), ...EMERGENCY];
        assert.deepEqual(await faultsOfStates(browser, { url, cases }), []);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});
