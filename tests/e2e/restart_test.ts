import assert from "node:assert/strict";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import { setUp } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import { tirelessConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const NAME = "phoenix";

Deno.test({
  name:
    "agent whose worker dies runs again with its position, and the panel shows the restart",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await serveInProcess({
        dataDir,
        env: { SIMULATION_SPEED: "600" },
      });
      const browser = await launchBrowser();
      try {
        const api = await setUp(server, dataDir);
        const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
          config: tirelessConfig(NAME, "structure-combined"),
          acknowledgeWarnings: true,
        });
        const page = await browser.newPage();
        await page.goto(`${server.url}/login`);
        await page.getByTestId("field-email").fill(TEST_EMAIL);
        await page.getByTestId("field-password").fill(TEST_PASSWORD);
        await page.getByTestId("login-form").locator("button[type=submit]")
          .click();
        await page.waitForURL(`${server.url}/`);
        const row = page.getByTestId(`agent-row-${NAME}`);
        await row.getByTestId("agent-state").getByText("Running").waitFor();

        const holding = await api.waitForAgent(
          id,
          ({ account }) => account?.position !== null,
        );
        server.hosts.agent.at(-1)!.terminate();
        // For two seconds, until the silence is taken for death; the start itself may be over within a frame.
        await row.getByTestId("agent-state").getByText(/Degraded/).waitFor();
        await row.getByTestId("agent-state").getByText("Running").waitFor();

        const back = await api.waitForAgent(
          id,
          ({ epoch, observed }) => epoch === 2 && observed === "running",
        );
        assert.equal(back.restarts, 1);
        const detail = await api.get<AgentDetail>(`/api/agents/${id}`);
        assert.deepEqual(
          detail.history.map(({ to }) => to).slice(-4),
          ["backing_off", "starting", "reconciling", "running"],
        );
        // The market waited, so the position is either still open or was closed by its own orders.
        const entryAt = holding.account!.position!.entryAt;
        const trades = await api.get<{ items: { entryAt: number }[] }>(
          `/api/agents/${id}/trades?limit=200`,
        );
        assert.ok(
          detail.account!.position?.entryAt === entryAt ||
            trades.items.some((trade) => trade.entryAt === entryAt),
          "the position was lost",
        );
        await page.goto(`${server.url}/agents/${id}`);
        await page.getByTestId("tab-supervision").click();
        await page.getByTestId("lifecycle-table").getByText(
          /heartbeat|silent|no sign of life/i,
        )
          .first().waitFor();
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});
