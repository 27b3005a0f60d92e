import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { CHROMIUM_PATH } from "../support/browser.ts";
import { agentConfig } from "../support/config.ts";
import { waitAlive } from "../support/panel/alive.ts";
import {
  breakCalls,
  cutOff,
  endLogin,
  holdCalls,
  seeChip,
  seeOff,
  seeStopAtHand,
} from "../support/panel/acts.ts";
import {
  fillLogin,
  openAs,
  type Scene,
  seeStates,
  type StateCase,
  withScene,
} from "../support/panel/states.ts";

Deno.test({
  name:
    "every state of the fleet, its spawn dialog and the plain form is told, light on a desk and dark on a phone, without a barrier",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withScene(async (scene) => {
      const faults = [
        ...await seeStates(scene, { look: "desk", cases: EMPTY }),
        ...await seeStates(scene, { look: "phone", cases: EMPTY.slice(0, 1) }),
      ];
      const id = await spawnStopped(scene);
      faults.push(
        ...await seeStates(scene, { look: "desk", cases: casesOf(id) }),
        ...await seeStates(scene, {
          look: "phone",
          cases: casesOf(id).slice(0, 2),
        }),
      );
      assert.deepEqual(faults, []);
      await seeRemoval(scene);
      await waitsForCheck(scene);
      await keepsOldForm(scene);
    });
  },
});

async function spawn({ api }: Scene, name: string): Promise<AgentView> {
  return await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: agentConfig({ name }),
    acknowledgeWarnings: true,
  });
}

/** One that is at rest, so that nothing moves. */
async function spawnStopped(scene: Scene): Promise<string> {
  const { id } = await spawn(scene, "holder");
  // One that is about to start has "stopped", too.
  await scene.api.waitForAgent(id, ({ observed }) => observed === "running");
  await scene.api.send("POST", `/api/agents/${id}/control`, { action: "stop" });
  // Both, for a page that hears nothing more shows for ever what it began with.
  await scene.api.waitForAgent(
    id,
    ({ observed, desired }) => observed === "stopped" && desired === "stopped",
  );
  return id;
}

const EMPTY: readonly StateCase[] = [
  {
    name: "a fleet of nobody",
    path: "/",
    async *see(page) {
      const empty = page.getByTestId("empty-fleet");
      await empty.getByText("trades with simulated money").waitFor();
      yield;
      await page.getByTestId("spawn-open").click();
      await page.getByTestId("spawn-dialog").waitFor();
    },
  },
  {
    name: "a fleet of nobody for a viewer",
    path: "/",
    who: "guest",
    async *see(page) {
      await page.getByTestId("empty-refusal").getByText("Needs role").waitFor();
      await seeOff(page, { testId: "spawn-open", why: "Needs role" });
      yield;
    },
  },
];

function casesOf(id: string): StateCase[] {
  return [
    {
      name: "fleet offline",
      path: "/",
      before: cutOff,
      see: seeOffline,
    },
    {
      name: "fleet of which nothing fits the filter",
      path: "/?q=nothing-says-this",
      async *see(page) {
        await page.getByText("No agent matches the filter").waitFor();
        yield;
        await page.getByTestId("clear-filter").click();
        await page.getByTestId("row-expand").waitFor();
      },
    },
    {
      name: "card whose events cannot be read, or are on their way",
      path: "/",
      async *see(page) {
        const call = new RegExp(`/api/agents/${id}$`);
        const release = await holdCalls(page, call);
        await page.getByTestId("row-expand").click();
        const card = page.getByTestId("agent-card");
        await card.getByText("Loading…").waitFor();
        await release();
        await card.locator(".event-list li").first().waitFor();
        await page.reload();
        await waitAlive(page);
        await breakCalls(page, call);
        await page.getByTestId("row-expand").click();
        await card.getByText("The events could not be read").waitFor();
        yield;
        await page.unroute(call);
        await page.getByTestId("row-expand").click();
        await page.getByTestId("row-expand").click();
        await card.locator(".event-list li").first().waitFor();
      },
    },
    {
      name: "fleet for a viewer",
      path: "/",
      who: "guest",
      async *see(page) {
        for (const testId of ["action-start", "action-stop", "spawn-open"]) {
          // deno-lint-ignore no-await-in-loop -- one control after the other
          await seeOff(page, { testId, why: "Needs role" });
        }
        yield;
      },
    },
    {
      name: "plain form for a viewer",
      path: "/spawn",
      who: "guest",
      async *see(page) {
        await page.getByTestId("spawn-refusal").getByText("Needs role")
          .waitFor();
        await seeOff(page, { testId: "plain-submit", why: "Needs role" });
        yield;
      },
    },
    {
      name: "fleet whose login has ended, until there is another",
      path: "/",
      see: seeEndOfLogin,
    },
  ];
}

async function* seeOffline(page: Page): AsyncGenerator<void> {
  const why = "The server does not answer";
  await seeChip(page, "offline");
  await page.getByTestId("stale-banner").getByText("has not answered since")
    .waitFor();
  for (const testId of ["action-start", "spawn-open"]) {
    // deno-lint-ignore no-await-in-loop -- one control after the other
    await seeOff(page, { testId, why });
  }
  await seeStopAtHand(page);
  yield;
  await page.unroute(/\/api\//);
  await page.getByTestId("connection-chip").click();
  await seeChip(page, "live");
  await page.locator(".stale").waitFor({ state: "detached" });
}

async function* seeEndOfLogin(page: Page): AsyncGenerator<void> {
  const { origin: url } = new URL(page.url());
  await seeChip(page, "live");
  await endLogin(page.context(), url);
  await seeChip(page, "signedOut");
  await page.getByTestId("stale-banner").getByText("Your session has ended")
    .waitFor();
  await seeOff(page, { testId: "action-start", why: "Log in again first" });
  await seeStopAtHand(page);
  yield;
  const other = await page.context().newPage();
  await fillLogin(other, { url, name: "owner" });
  await other.close();
  await page.evaluate(() =>
    void document.dispatchEvent(new Event("visibilitychange"))
  );
  await seeChip(page, "live");
  await page.getByTestId("stale-banner").waitFor({ state: "detached" });
}

/** An agent that somebody removes leaves the list, and what was chosen of it. */
async function seeRemoval(scene: Scene): Promise<void> {
  const { id } = await spawn(scene, "leaver");
  const page = await openAs(scene, { name: "owner", look: "desk" });
  await seeChip(page, "live");
  const row = page.locator(`[data-row-id="${id}"]`);
  await row.getByRole("checkbox").check();
  await page.getByTestId("batch-bar").waitFor();
  await scene.api.send("DELETE", `/api/agents/${id}`);
  await row.waitFor({ state: "detached" });
  await page.getByTestId("batch-bar").waitFor({ state: "detached" });
  await page.context().close();
}

/** One press of Next is enough, also while the server still looks at the name. */
async function waitsForCheck(scene: Scene): Promise<void> {
  const page = await openAs(scene, { name: "owner", look: "desk" });
  const dialog = page.getByTestId("spawn-dialog");
  await page.getByTestId("spawn-open").click();
  await dialog.getByTestId("template-structure-combined").click();
  await dialog.getByTestId("spawn-next").click();
  // The server finds fault with this symbol alone; the form itself does not.
  await dialog.getByTestId("field-symbol").fill("ETH/USDT");
  await dialog.getByTestId("field-name").fill("waits");
  await dialog.getByTestId("name-free").waitFor();
  await page.route(/\/api\/agents\/validate/, async (route) => {
    const response = await route.fetch();
    const detail = "The server knows no such market";
    await route.fulfill({
      response,
      json: {
        ...await response.json(),
        valid: false,
        errors: [{ pointer: "/symbol", code: "SYMBOL_UNKNOWN", detail }],
      },
    });
  });
  await dialog.getByTestId("field-symbol").fill("XRP/USDT");
  await dialog.getByTestId("field-symbol").blur();
  await dialog.getByTestId("error-symbol").waitFor();
  await page.unroute(/\/api\/agents\/validate/);
  const release = await holdCalls(page, /\/api\/agents\/validate/);
  await dialog.getByTestId("field-symbol").fill("SOL/USDT");
  await dialog.getByTestId("spawn-next").click();
  await dialog.locator("[data-testid=spawn-next][aria-busy=true]").waitFor();
  await release();
  await dialog.locator("[data-testid=spawn-step][data-step=risk]").waitFor();
  await page.context().close();
}

/** What was filled in before another login is shown again, with one sentence. */
async function keepsOldForm(scene: Scene): Promise<void> {
  const { url } = scene.server;
  const page = await openAs(scene, { name: "owner", look: "desk" });
  await page.goto(`${url}/spawn`);
  await page.getByTestId("field-name").fill("kept-name");
  await endLogin(page.context(), url);
  const other = await page.context().newPage();
  await fillLogin(other, { url, name: "owner" });
  const answer = page.waitForResponse((response) =>
    response.request().method() === "POST" && response.url() === `${url}/spawn`
  );
  await page.getByTestId("plain-submit").click();
  assert.equal((await answer).status(), 403);
  await page.getByTestId("error-summary").getByText(/older than your login/)
    .waitFor();
  const name = page.getByTestId("field-name");
  assert.equal(await name.inputValue(), "kept-name");
  await page.getByTestId("plain-submit").click();
  await page.waitForURL(`${url}/agents/*`);
  await page.context().close();
}
