import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import type { AuditCheck } from "../../lib/contracts/audit_trail.ts";
import { parseLine } from "../../lib/store/audit/lines.ts";
import {
  collectCheckpoints,
  verifyLines,
} from "../../lib/store/audit/verify_lines.ts";
import { setUp, type TestApi } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { agentConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** Folder for pictures of what the test sees, to be looked at; none if empty. */
const SHOTS = Deno.env.get("E2E_SHOTS") ?? "";

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === "") return;
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** Spawns an agent, changes its leverage, and is refused twice. */
async function act(api: TestApi, url: string): Promise<AgentView> {
  const config = agentConfig({ name: "alpha" }, "structure-combined");
  const agent = await api.send<AgentView>("POST", "/api/agents/spawn", {
    config,
    acknowledgeWarnings: true,
  });
  const detail = await api.get<AgentDetail>(`/api/agents/${agent.id}`);
  const changed = {
    ...detail.config,
    risk: { ...detail.config.risk, maxDrawdownPct: 7 },
  };
  const token = await api.token();
  const put = (version: number) =>
    fetch(`${url}/api/agents/${agent.id}/config`, {
      method: "PUT",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "if-match": `"${version}"`,
      },
      body: JSON.stringify({ config: changed }),
    });
  const version = detail.configVersion;
  assert.equal((await put(version)).status, 200);
  assert.equal((await put(version)).status, 412);
  const login = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: TEST_EMAIL, password: "not this one" }),
  });
  assert.equal(login.status, 401);
  return agent;
}

Deno.test({
  name:
    "the audit page tells who did what with before and after, filters, says that the chain is whole, and exports a file that verifies",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await serveInProcess({ dataDir });
      const browser = await launchBrowser();
      try {
        const api = await setUp(server, dataDir);
        const agent = await act(api, server.url);
        const page = await browser.newPage({
          viewport: { width: 1280, height: 900 },
        });
        const complaints = collectComplaints(page);
        await page.goto(`${server.url}/login?next=/audit`);
        await page.getByTestId("field-email").fill(TEST_EMAIL);
        await page.getByTestId("field-password").fill(TEST_PASSWORD);
        await page.getByTestId("field-password").press("Enter");
        await page.waitForURL("**/audit");
        await look(page, agent);
        await filter(page);
        await verifyExport(page);
        const { ok } = await api.get<AuditCheck>("/api/audit/check");
        assert.equal(ok, true);
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function look(page: Page, agent: AgentView): Promise<void> {
  const rows = page.getByTestId("audit-table").locator("> tbody > tr");
  const changed = rows.filter({ hasText: "Changed the configuration" });
  await changed.locator("summary").click();
  const text = await changed.innerText();
  assert.match(text, /risk\.maxDrawdownPct\s+\S+\s+7/);
  assert.match(text, new RegExp(`${TEST_EMAIL}[\\s\\S]*${agent.id}`));
  await page.getByText(/The chain of commands is whole up to entry \d+/)
    .waitFor();
  await page.emulateMedia({ colorScheme: "light" });
  await shoot(page, "audit-light");
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, "audit-dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, "audit-phone");
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function filter(page: Page): Promise<void> {
  await page.getByTestId("audit-outcome").selectOption("refused");
  const rows = page.getByTestId("audit-table").locator("> tbody > tr");
  await rows.filter({ hasText: "Change a configuration" }).waitFor();
  await rows.filter({ hasText: "Changed the configuration" })
    .waitFor({ state: "detached" });
  const texts = await rows.allInnerTexts();
  assert.ok(texts.every((text) => text.includes("Refused")), texts.join("\n"));
  assert.ok(texts.some((text) => text.includes("wrong e-mail or password")));
  assert.ok(texts.some((text) => text.includes("version")));
  assert.match(page.url(), /outcome=refused/);
  await shoot(page, "audit-refused");
  await page.getByTestId("audit-actor").fill("nobody-of-this-name");
  await page.getByRole("button", { name: "Show all" }).click();
  await rows.filter({ hasText: "Spawned the agent" }).waitFor();
}

async function verifyExport(page: Page): Promise<void> {
  const download = page.waitForEvent("download");
  await page.getByTestId("audit-export").click();
  const path = await (await download).path();
  const text = await Deno.readTextFile(path);
  const lines = text.trimEnd().split("\n").map(parseLine);
  const checkpoints = await collectCheckpoints(lines);
  const verdict = await verifyLines({
    lines,
    checkpoints: [{ name: "the export", checkpoints }],
    key: null,
    heads: null,
  });
  assert.deepEqual(verdict.faults, []);
  assert.ok(verdict.streams.every(({ entries }) => entries > 0));
}
