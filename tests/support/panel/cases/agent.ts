/** States of the agent's page and of the log. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  breakCalls,
  BROKEN_REQUEST,
  cutOff,
  holdCalls,
  seeChip,
  seeOff,
  seeStopAtHand,
} from "../acts.ts";
import { waitAlive } from "../alive.ts";
import type { StateCase } from "../states.ts";

/** The agents whose pages are looked at. */
export interface Agents {
  /** One that trades. */
  trader: string;
  guard: string;
}

/** Parts of the page, the calls that they come from, and what is there once they answer. */
const PARTS = [
  { tab: "orders", call: /\/orders\?/, there: "orders-table" },
  { tab: "decisions", call: /\/decisions$/, there: "decisions" },
  { tab: "config", call: /\/config\/history/, there: "compare-1" },
  { tab: "logs", call: /\/api\/agents\/logs/, there: "log-row" },
] as const;

function partsOf({ trader, guard }: Agents): StateCase[] {
  const path = `/agents/${trader}`;
  return [
    {
      name: "parts that fail",
      path,
      async *see(page) {
        for (const { tab, call, there } of PARTS) {
          await breakCalls(page, call);
          await page.getByTestId(`tab-${tab}`).click();
          yield* seeFailure(page);
          await page.unroute(call);
          await page.getByTestId("panel-retry").click();
          await page.getByTestId("panel-retry").waitFor({ state: "detached" });
          await page.getByTestId(there).first().waitFor();
        }
      },
    },
    {
      name: "parts that are on their way",
      path,
      async *see(page) {
        for (const { tab, call, there } of PARTS.slice(0, 3)) {
          const release = await holdCalls(page, call);
          await page.getByTestId(`tab-${tab}`).click();
          await page.locator(".skeleton-line").first().waitFor();
          await release();
          await page.getByTestId(there).first().waitFor();
          await page.locator(".skeleton").waitFor({ state: "detached" });
        }
        yield;
      },
    },
    {
      name: "results that fail while the page asks again and again",
      path,
      before: async (page) => {
        await page.route(/\/api\/stream/, (route) => route.abort());
        await breakCalls(page, /\/performance$/);
      },
      async *see(page) {
        await seeChip(page, "polling");
        await page.getByText("Newer results could not be read").waitFor();
        await page.getByTestId("tab-trades").click();
        yield* seeFailure(page);
        await page.getByTestId("trades-table").waitFor();
        await page.unroute(/\/performance$/);
        await page.getByTestId("panel-retry").click();
        await page.locator(".panel-failure").waitFor({ state: "detached" });
      },
    },
    {
      name: "figures of a risk manager that fail, and those that nobody knows",
      path: `/agents/${guard}`,
      before: (page) => breakCalls(page, /\/risk$/),
      async *see(page) {
        yield* seeFailure(page);
        await page.unroute(/\/risk$/);
        await page.getByTestId("panel-retry").click();
        await page.getByTestId("risk-panel").waitFor();
        await page.locator(".unknown[title]").first().waitFor();
        yield;
      },
    },
  ];
}

/** What could not be read, with code and request; the rest of the page stands. */
async function* seeFailure(page: Page): AsyncGenerator<void> {
  const failure = page.locator(".panel-failure");
  await failure.getByText("could not be read").waitFor();
  await failure.getByText("Its worker was asked and said nothing").waitFor();
  await failure.getByText("AGENT_UNREACHABLE").waitFor();
  await failure.getByText(`Request ${BROKEN_REQUEST}`).waitFor();
  await page.getByTestId("state-timeline").waitFor();
  await page.getByTestId("resources-table").waitFor();
  yield;
}

function wholesOf({ trader }: Agents): StateCase[] {
  return [
    {
      name: "agent offline",
      path: `/agents/${trader}`,
      before: cutOff,
      see: seeOffline,
    },
    {
      name: "agent of somebody else for a viewer",
      path: `/agents/${trader}#config`,
      who: "guest",
      async *see(page) {
        for (const testId of ["action-resume", "action-stop", "action-kill"]) {
          // deno-lint-ignore no-await-in-loop -- one control after the other
          await seeOff(page, { testId, why: "Needs role" });
        }
        await seeOff(page, { testId: "config-edit", why: "Needs role" });
        await seeOff(page, { testId: "agent-remove", why: "Needs role" });
        yield;
      },
    },
    {
      name: "an agent that never was",
      path: "/agents/agt_never",
      async *see(page) {
        await page.getByText("There is no such agent").last().waitFor();
        await page.getByText("AGENT_NOT_FOUND").waitFor();
        await page.getByRole("link", { name: "Go to the fleet" }).waitFor();
        yield;
      },
    },
  ];
}

async function* seeOffline(page: Page): AsyncGenerator<void> {
  const why = "The server does not answer";
  await seeChip(page, "offline");
  await page.getByTestId("stale-banner").getByText("has not answered since")
    .waitFor();
  await page.locator(".stale").first().waitFor();
  await seeOff(page, { testId: "action-stop", why });
  await page.getByTestId("tab-config").click();
  await seeOff(page, { testId: "config-edit", why });
  await seeOff(page, { testId: "agent-remove", why });
  await seeStopAtHand(page);
  yield;
  // Still in vain; afterwards the page comes back by itself, or has already.
  await page.getByRole("button", { name: "Try now" }).click();
  await page.unroute(/\/api\//);
  await seeChip(page, "live");
  await page.locator(".stale").waitFor({ state: "detached" });
}

function logsOf(): StateCase[] {
  const call = /\/api\/agents\/logs/;
  return [
    {
      name: "a log of which nothing fits the filter",
      path: "/logs?q=nothing-says-this",
      async *see(page) {
        await page.getByText("No line matches the filter").waitFor();
        yield;
        await page.getByTestId("log-clear-filter").click();
        await page.getByTestId("log-row").first().waitFor();
        assert.equal(new URL(page.url()).search, "");
      },
    },
    {
      name: "a log whose new filter cannot be read, and is on its way then",
      path: "/logs?q=nothing-says-this",
      async *see(page) {
        await breakCalls(page, call);
        await page.getByTestId("log-filter-text").fill("running");
        const failure = page.locator(".panel-failure");
        await failure.getByText("AGENT_UNREACHABLE").waitFor();
        yield;
        await page.unroute(call);
        const release = await holdCalls(page, call);
        await page.getByTestId("panel-retry").click();
        await page.locator("[data-testid=panel-retry][aria-busy=true]")
          .waitFor();
        await release();
        await page.getByTestId("log-row").first().waitFor();
        await failure.waitFor({ state: "detached" });
      },
    },
    {
      name: "a log offline",
      path: "/logs",
      before: cutOff,
      async *see(page) {
        await seeChip(page, "offline");
        await page.getByTestId("stale-banner").waitFor();
        await page.getByTestId("log-row").first().waitFor();
        await seeStopAtHand(page);
        yield;
      },
    },
    {
      name: "a log that wraps its lines, also the next time",
      path: "/logs",
      async *see(page) {
        await page.getByTestId("log-wrap").click();
        await page.reload();
        await waitAlive(page);
        await page.locator("[data-testid=log-wrap][aria-pressed=true]")
          .waitFor();
        yield;
        await page.getByTestId("log-wrap").click();
      },
    },
  ];
}

/** What is laid out another way there. */
export function phoneCases(agents: Agents): StateCase[] {
  const { trader, guard } = agents;
  return [
    {
      name: "orders that fail",
      path: `/agents/${trader}#orders`,
      before: (page) => breakCalls(page, /\/orders\?/),
      see: seeFailure,
    },
    ...wholesOf(agents).slice(0, 1),
    {
      name: "rules of a risk manager, which stay inside the window",
      path: `/agents/${guard}#config`,
      async *see(page) {
        await page.getByTestId("config-edit").click();
        const rules = page.locator(".guard-scroll");
        await rules.waitFor();
        const hidden = await rules.evaluate((box) =>
          [...box.querySelectorAll("input, select")].filter((field) =>
            field.getBoundingClientRect().right > innerWidth
          ).length
        );
        assert.equal(hidden, 0);
        yield;
      },
    },
    ...logsOf().slice(0, 1),
  ];
}

/** Every state of the agent's page and of the log. */
export function agentCases(agents: Agents): StateCase[] {
  return [...partsOf(agents), ...wholesOf(agents), ...logsOf()];
}
