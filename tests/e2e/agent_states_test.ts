import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { CHROMIUM_PATH } from "../support/browser.ts";
import { guardConfig, tirelessConfig } from "../support/config.ts";
import {
  endLogin,
  seeChip,
  seeOff,
  seeStopAtHand,
} from "../support/panel/acts.ts";
import {
  agentCases,
  type Agents,
  phoneCases,
} from "../support/panel/cases/agent.ts";
import {
  fillLogin,
  openAs,
  type Scene,
  seeStates,
  withScene,
} from "../support/panel/states.ts";

Deno.test({
  name:
    "every state of the agent's page and of the log is told, light on a desk and dark on a phone, without a barrier",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withScene(async (scene) => {
      const agents = await spawnAgents(scene);
      const cases = agentCases(agents);
      const faults = [
        ...await seeStates(scene, { look: "desk", cases }),
        ...await seeStates(scene, { look: "phone", cases: phoneCases(agents) }),
      ];
      assert.deepEqual(faults, []);
      await seeRemoval(scene);
      await seeEndOfLogin(scene, agents);
    });
  },
});

async function spawnAgents({ api }: Scene): Promise<Agents> {
  const spawn = async (config: unknown) =>
    (await api.send<AgentView>("POST", "/api/agents/spawn", {
      config,
      acknowledgeWarnings: true,
    })).id;
  const trader = await spawn(tirelessConfig("trader"));
  const guard = await spawn(guardConfig("warden", {
    measure: "value_at_risk_pct",
    warning: 90,
    limit: 95,
    release: 80,
  }));
  await api.waitForAgent(trader, ({ account }) => (account?.trades ?? 0) > 0);
  // What goes on is for other tests; here nothing should move.
  for (const id of [trader, guard]) {
    // deno-lint-ignore no-await-in-loop -- one agent after the other
    await api.send("POST", `/api/agents/${id}/control`, { action: "pause" });
    // deno-lint-ignore no-await-in-loop -- one agent after the other
    await api.waitForAgent(id, ({ observed }) => observed === "paused");
  }
  return { trader, guard };
}

/** An agent that is deleted elsewhere while its page is open, and whose link is opened later. */
async function seeRemoval(scene: Scene): Promise<void> {
  const { api, server } = scene;
  const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: tirelessConfig("leaver"),
    acknowledgeWarnings: true,
  });
  const page = await openAs(scene, { name: "owner", look: "desk" });
  await page.goto(`${server.url}/agents/${id}`);
  await seeChip(page, "live");
  await api.send("DELETE", `/api/agents/${id}`);
  const note = page.getByTestId("agent-removed");
  await note.getByText(/Values as of/).waitFor();
  for (const testId of ["action-start", "action-kill"]) {
    // deno-lint-ignore no-await-in-loop -- one control after the other
    await seeOff(page, { testId, why: "The agent was removed" });
  }
  await page.getByTestId("tab-config").click();
  await seeOff(page, { testId: "config-edit", why: "The agent was removed" });
  const answer = await page.reload();
  assert.equal(answer!.status(), 404);
  await page.getByText("leaver was removed from the fleet").waitFor();
  await page.getByRole("link", { name: "Read its log" }).click();
  await page.getByTestId("log-row").first().waitFor();
  await page.getByText("leaver (removed)").first().waitFor({
    state: "attached",
  });
  await page.context().close();
}

/** The page says at once that nobody is logged in any more, and goes on when somebody is. */
async function seeEndOfLogin(
  scene: Scene,
  { trader }: Agents,
): Promise<void> {
  const { url } = scene.server;
  const page = await openAs(scene, { name: "owner", look: "desk" });
  await page.goto(`${url}/agents/${trader}`);
  await seeChip(page, "live");
  await endLogin(page.context(), url);
  await seeChip(page, "signedOut");
  await page.getByTestId("stale-banner").getByText("Your session has ended")
    .waitFor();
  await seeOff(page, { testId: "action-stop", why: "Log in again first" });
  await seeStopAtHand(page);
  const other = await page.context().newPage();
  await fillLogin(other, { url, name: "owner" });
  await page.getByTestId("connection-chip").click();
  await seeChip(page, "live");
  assert.equal(await page.getByTestId("stale-banner").count(), 0);
  await page.getByTestId("action-resume").click();
  await page.getByText("trader is resuming").first().waitFor();
  await page.context().close();
}
