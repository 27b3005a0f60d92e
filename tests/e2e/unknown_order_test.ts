import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { chaosConfig } from "../chaos/plan.ts";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { addKey, atVenue, enrolFactor, liveEnv } from "../support/live.ts";
import { waitAlive } from "../support/panel/alive.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess } from "../venue/process.ts";

const AGENT = "lost-request";
const MINUTE_EVERY_MS = 150;

const unknownOf = ({ account }: AgentView) =>
  account?.openOrders.find(({ phase }) => phase === "unknown");

Deno.test({
  name:
    "an order without an answer is called absent on its agent's page, with a reason and a proof, and not against what the exchange has yet to say",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const venue = await startVenueProcess({
        seed: 7,
        minuteEveryMs: MINUTE_EVERY_MS,
      });
      const server = await startServer({ dataDir, env: liveEnv(venue.url) });
      const browser = await launchBrowser();
      const page = await browser.newPage({
        viewport: { width: 1440, height: 900 },
      });
      const complaints = collectComplaints(page);
      try {
        const api = await setUp(server, dataDir);
        const codes = await enrolFactor(api.send);
        const exchangeKeyId = await addKey(api.send);
        await venue.addFaults([
          { on: "create", fault: "reset_before", times: 1_000 },
        ]);
        const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
          config: atVenue(chaosConfig(AGENT, { kind: "simulated" }), {
            symbol: "BTC/USDT",
            market: "swap",
            exchangeKeyId,
          }),
          acknowledgeWarnings: true,
          confirmName: AGENT,
        });
        await logIn(page, { url: server.url, code: codes[0]! });
        await api.waitForAgent(id, (agent) => unknownOf(agent) !== undefined);
        await page.goto(`${server.url}/agents/${id}`);
        await waitAlive(page);
        await callAbsent(page, codes[1]!);
        assert.deepEqual(
          complaints.filter((text) => !/status of (403|409)/.test(text)),
          [],
        );
        await api.send("POST", `/api/agents/${id}/control`, { action: "kill" });
      } finally {
        await browser.close();
        await server.stop();
        await venue.stop();
      }
    });
  },
});

/** The venue proves an absence within half a minute, so a person is always told to wait. */
async function callAbsent(page: Page, code: string): Promise<void> {
  await page.getByTestId("unknown-note").first().waitFor();
  await page.getByRole("button", { name: /is not at the exchange…/ }).first()
    .click();
  const dialog = page.getByTestId("absent-dialog").filter({ visible: true });
  const error = dialog.getByRole("alert");
  await dialog.getByTestId("absent-submit").click();
  await error.getByText("Say what you have seen at the exchange").waitFor();
  await dialog.getByTestId("absent-reason").fill("In no list of the exchange");
  await dialog.getByTestId("absent-submit").click();
  const proof = page.getByTestId("proof-dialog").filter({ visible: true });
  await proof.getByTestId("field-proof-code").fill(code);
  await proof.getByTestId("proof-submit").click();
  await error.getByText(/cannot be called absent: /).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
}

async function logIn(
  page: Page,
  { url, code }: { url: string; code: string },
): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.getByTestId("field-code").fill(code);
  await page.getByTestId("login-code-submit").click();
  await page.getByTestId("recovery-used").getByRole("link").click();
  await page.waitForURL(`${url}/`);
}
