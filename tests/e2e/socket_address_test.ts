import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { tirelessConfig } from "../support/config.ts";
import { freePort } from "../support/free_port.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

Deno.test({
  name:
    "pages open their socket at WEBSOCKET_URL by ticket, under their policy, and get events there",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const port = freePort();
      const pages = `http://localhost:${port}`;
      const server = await startServer({
        dataDir,
        port,
        env: {
          SIMULATION_SPEED: "600",
          PUBLIC_ORIGINS: pages,
          WEBSOCKET_URL: `ws://127.0.0.1:${port}`,
        },
      });
      const browser = await launchBrowser();
      try {
        const api = await setUp(server, dataDir);
        await api.send<AgentView>("POST", "/api/agents/spawn", {
          config: tirelessConfig("ticketed"),
          acknowledgeWarnings: true,
        });
        const page = await browser.newPage();
        const complaints = collectComplaints(page);
        await page.goto(`${pages}/login`);
        await page.getByTestId("field-email").fill(TEST_EMAIL);
        await page.getByTestId("field-password").fill(TEST_PASSWORD);
        const opened = page.waitForEvent("websocket");
        await page.getByTestId("login-form").locator("button[type=submit]")
          .click();
        const socket = await opened;
        assert.equal(
          socket.url(),
          `ws://127.0.0.1:${port}/api/socket/with-ticket`,
        );
        await socket.waitForEvent("framereceived", {
          predicate: ({ payload }) => String(payload).includes("agent.updated"),
        });
        await page.locator("[data-testid=connection-chip][data-state=live]")
          .waitFor();
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});
