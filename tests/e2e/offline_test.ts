import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { LogEntry } from "../../lib/contracts/log.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import { tirelessConfig } from "../support/config.ts";
import { CuttableProxy } from "../support/cuttable_proxy.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** What must happen while the pages hear nothing. */
const MISSED_TRADES = 3;
const MISSED_LINES = 60;

interface TradePage {
  items: { tradeId: string }[];
}

Deno.test({
  name:
    "pages whose connection is cut say so, poll where they can, and come back without a gap or a double in logs and trades",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({
        dataDir,
        env: {
          SIMULATION_SPEED: "3000",
          WEBSOCKET_RECONNECT_ATTEMPTS: "2",
          WEBSOCKET_RECONNECT_DELAY: "50",
        },
      });
      const proxy = new CuttableProxy(server.port);
      const browser = await launchBrowser();
      try {
        const api = await setUp(server, dataDir);
        const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
          config: tirelessConfig("cable"),
          acknowledgeWarnings: true,
        });
        await api.waitForAgent(id, ({ account }) => (account?.trades ?? 0) > 0);
        const context = await browser.newContext();
        const agentPage = await context.newPage();
        await logIn(agentPage, proxy.url);
        await agentPage.goto(`${proxy.url}/agents/${id}`);
        await agentPage.getByTestId("tab-trades").click();
        const logsPage = await context.newPage();
        await openOverSocket(logsPage, `${proxy.url}/logs`);
        await seeState(agentPage, "live");
        await seeState(logsPage, "live");

        // The stream alone: the rest of the API answers, so the page polls.
        await agentPage.route(/\/api\/stream/, (route) => route.abort());
        proxy.cut();
        await seeState(agentPage, "polling");
        await seeState(logsPage, "live");
        const [newest] = await tradeIds(api, id);
        await agentPage.locator(`[data-trade="${newest}"]`).waitFor();
        await agentPage.unroute(/\/api\/stream/);

        // Everything.
        const firstSeq = await lastSeqOn(logsPage);
        const { trades } = (await api.get<AgentView>(`/api/agents/${id}`))
          .account!;
        proxy.down();
        await seeState(agentPage, "offline");
        await seeState(logsPage, "offline");
        await agentPage.getByTestId("stale-banner").waitFor();
        await logsPage.getByTestId("stale-banner").waitFor();
        await api.waitForAgent(
          id,
          ({ account }) => (account?.trades ?? 0) >= trades + MISSED_TRADES,
        );
        await waitForLines(api, firstSeq);
        proxy.up();
        await seeState(agentPage, "live");
        await seeState(logsPage, "live");
        assert.equal(await logsPage.getByTestId("stale-banner").count(), 0);

        await api.send("POST", `/api/agents/${id}/control`, {
          action: "pause",
          reason: "The test looks",
        });
        await api.waitForAgent(id, ({ observed }) => observed === "paused");
        await checkLogs(logsPage, { api, firstSeq });
        await checkTrades(agentPage, { api, id });
      } finally {
        await browser.close();
        proxy.close();
        await server.stop();
      }
    });
  },
});

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${url}/`);
}

/** Opens a page as a server with LIVE_TRANSPORT=websocket would paint it. */
async function openOverSocket(page: Page, url: string): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const meta = document.querySelector("meta[name=smc-live]");
      const settings = meta?.getAttribute("content") ?? null;
      if (settings === null) return;
      observer.disconnect();
      meta!.setAttribute("content", settings.replace("sse", "websocket"));
    }).observe(document, { childList: true, subtree: true });
  });
  const socket = page.waitForEvent("websocket");
  await page.goto(url);
  assert.match((await socket).url(), /^ws:.*\/api\/socket\?after=\d+&topics=/);
}

async function seeState(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid=connection-chip][data-state=${state}]`)
    .waitFor();
}

async function tradeIds(api: TestApi, id: string): Promise<string[]> {
  const { items } = await api.get<TradePage>(`/api/agents/${id}/trades`);
  return items.map(({ tradeId }) => tradeId);
}

async function lastSeqOn(page: Page): Promise<number> {
  const seq = await page.getByTestId("log-row").last().getAttribute("data-seq");
  return Number(seq);
}

/** Stored lines after a place, oldest first. */
async function linesAfter(api: TestApi, seq: number): Promise<number[]> {
  const found: number[] = [];
  let query = "limit=200";
  while (true) {
    // deno-lint-ignore no-await-in-loop -- each page begins where the last one ended
    const page = await api.get<
      { items: LogEntry[]; nextCursor: string | null }
    >(`/api/agents/logs?${query}`);
    found.push(...page.items.map((entry) => entry.seq));
    if (page.nextCursor === null || found.at(-1)! <= seq) break;
    query = `limit=200&cursor=${page.nextCursor}`;
  }
  return found.filter((other) => other > seq).reverse();
}

async function waitForLines(api: TestApi, after: number): Promise<void> {
  const have = (await linesAfter(api, after)).length;
  await api.follow({
    after: (await linesAfter(api, after)).at(-1) ?? after,
    topics: "logs:all",
    until: (events) => have + events.length >= MISSED_LINES,
  });
}

/** Reads all lines that a page has after a place, as a person would: by scrolling. */
async function checkLogs(
  page: Page,
  { api, firstSeq }: { api: TestApi; firstSeq: number },
): Promise<void> {
  const stored = await linesAfter(api, firstSeq);
  assert.ok(stored.length >= MISSED_LINES);
  await page.locator(`[data-seq="${stored.at(-1)}"]`).waitFor();
  const shown = await page.getByTestId("log-list").evaluate(
    async (list, first) => {
      const found = new Set<number>();
      const frame = () =>
        new Promise((resolve) => requestAnimationFrame(resolve));
      for (let steps = 0; steps < 2_000; steps++) {
        const seqs = [...list.querySelectorAll("[data-seq]")]
          .map((row) => Number(row.getAttribute("data-seq")));
        if (new Set(seqs).size !== seqs.length) throw new Error("a double");
        for (const seq of seqs) found.add(seq);
        if (Math.min(...seqs) <= first) break;
        list.scrollTop -= list.clientHeight;
        // deno-lint-ignore no-await-in-loop -- the list draws what is scrolled to
        await frame();
        // deno-lint-ignore no-await-in-loop -- as above
        await frame();
      }
      return [...found];
    },
    firstSeq,
  );
  assert.deepEqual(
    // What came since the list was asked for is not in it.
    shown.filter((seq) => seq > firstSeq && seq <= stored.at(-1)!)
      .sort((a, b) => a - b),
    stored,
  );
}

async function checkTrades(
  page: Page,
  { api, id }: { api: TestApi; id: string },
): Promise<void> {
  const stored = await tradeIds(api, id);
  await page.locator(`[data-trade="${stored[0]}"]`).waitFor();
  const shown = await page.locator("[data-trade]").evaluateAll((rows) =>
    rows.map((row) => row.getAttribute("data-trade")!)
  );
  const length = Math.min(stored.length, shown.length);
  assert.ok(length > MISSED_TRADES);
  assert.equal(new Set(shown).size, shown.length);
  assert.deepEqual(shown.slice(0, length), stored.slice(0, length));
}
