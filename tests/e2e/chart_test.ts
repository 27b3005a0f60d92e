import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { Candle } from "../../lib/contracts/candle.ts";
import type { ChartResponse } from "../../lib/contracts/chart.ts";
import { setUp, type TestApi } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import { tirelessConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import {
  choose,
  coloursFollow,
  drawn,
  keys,
  MINUTE_MS,
  pointing,
  summary,
  textAt,
} from "../support/panel/chart_walk.ts";

/** More than an answer holds, and more than the agent remembers. */
const CANDLES = 1_100;

Deno.test({
  name:
    "the chart has timeframes, ranges, every key and words for what is clicked, and says what did not come",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await serveInProcess({
        dataDir,
        env: { SIMULATION_SPEED: "6000" },
      });
      const browser = await launchBrowser();
      const page = await browser.newPage({
        viewport: { width: 1440, height: 900 },
        // What goes by way of one may pass by the routes below.
        serviceWorkers: "block",
      });
      page.setDefaultTimeout(15_000);
      const complaints = collectComplaints(page);
      try {
        const api = await setUp(server, dataDir);
        const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
          config: tirelessConfig("charted"),
          acknowledgeWarnings: true,
        });
        await api.waitForAgent(
          id,
          ({ progress: { seq, startSeq } }) => seq - startSeq >= CANDLES,
        );
        const url = `${server.url}/agents/${id}`;
        await openAgent(page, url);
        await saysWhatDidNotCome(page);
        complaints.splice(0).forEach((text) => assert.match(text, /Failed/));
        await api.send("POST", `/api/agents/${id}/control`, { action: "stop" });
        await api.waitForAgent(id, ({ observed }) => observed === "stopped");
        await openAgent(page, url);
        const candles = await readAll(api, id);
        await olderOnesCome(page, candles);
        await longerCandles(page, candles);
        await keys(page);
        await pointing(page);
        await choiceIsKept(page);
        await coloursFollow(page);
        await fitsPhone(page);
        await withoutScript(browser, page, `${url}?timeframe=15m`);
        assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function openAgent(page: Page, url: string): Promise<void> {
  await page.goto(`${new URL(url).origin}/login?next=${new URL(url).pathname}`);
  if (page.url().includes("/login")) {
    await page.getByTestId("field-email").fill(TEST_EMAIL);
    await page.getByTestId("field-password").fill(TEST_PASSWORD);
    await page.getByTestId("field-password").press("Enter");
    await page.waitForURL(url);
  }
  await drawn(page);
}

/** All that the agent remembers. */
async function readAll(api: TestApi, id: string): Promise<Candle[]> {
  const read = async (query: string) =>
    (await api.get<ChartResponse>(`/api/agents/${id}/chart?${query}`)).candles;
  const newest = await read("limit=600");
  const older = await read(`beforeSeq=${newest[0]!.seq}&limit=600`);
  assert.equal(older.at(-1)!.seq, newest[0]!.seq - 1);
  assert.equal(newest.length + older.length, 1_024);
  return [...older, ...newest];
}

/** Newer and older candles fail apart, say so, and come when asked for again. */
async function saysWhatDidNotCome(page: Page): Promise<void> {
  await page.route(/\/chart\?/, (route) => route.abort());
  await page.getByTestId("chart-failure").getByText(/As of the candle of/)
    .waitFor();
  await choose(page, "range", "all");
  await page.getByTestId("chart-older-failure").waitFor();
  await page.unroute(/\/chart\?/);
  await page.getByTestId("chart-older-failure").getByRole("button").click();
  await page.getByTestId("chart-beginning").waitFor();
  await page.getByTestId("chart-failure").waitFor({ state: "detached" });
  await choose(page, "range", "latest");
}

/** A range brings all that there is, and the address holds it. */
async function olderOnesCome(page: Page, all: Candle[]): Promise<void> {
  await summary(page).getByText(/ 400 candles/).waitFor();
  await choose(page, "range", "1w");
  await summary(page).getByText(/ 1,024 candles/).waitFor();
  await page.getByTestId("chart-beginning").getByText(/1,024 candles since/)
    .waitFor();
  assert.match(await summary(page).innerText(), new RegExp(textAt(all[0]!)));
  assert.match(page.url(), /\?range=1w$/);
}

/** Longer candles are made of the agent's own; the last one says that it is running. */
async function longerCandles(page: Page, all: Candle[]): Promise<void> {
  await choose(page, "timeframe", "15m");
  await summary(page).getByText(/15m, \d+ candles/).waitFor();
  const table = page.getByTestId("chart-table");
  await table.locator("summary").click();
  const rows = table.locator("table").nth(1).locator("tbody tr");
  await rows.nth(1).waitFor();
  const cells = async (index: number) =>
    (await rows.nth(index).locator("th, td").allInnerTexts())
      .map((text) => text.replaceAll(",", "").trim());
  const lengthMs = 15 * MINUTE_MS;
  const [when = "", ...figures] = await cells(1);
  const openAt = Date.parse(`${when.replace(" ", "T")}Z`);
  assert.equal(openAt % lengthMs, 0);
  const inside = all.filter((candle) =>
    candle.openAt >= openAt && candle.openAt < openAt + lengthMs
  );
  assert.equal(inside.length, 15);
  const want = [
    inside[0]!.open,
    Math.max(...inside.map(({ high }) => high)),
    Math.min(...inside.map(({ low }) => low)),
    inside.at(-1)!.close,
    inside.reduce((sum, { volume }) => sum + volume, 0),
  ];
  want.forEach((value, index) =>
    assert.ok(Math.abs(Number(figures[index]) - value) < 0.01, `${figures}`)
  );
  const isRunning = (all.at(-1)!.openAt + MINUTE_MS) % lengthMs !== 0;
  assert.equal((await cells(0))[0]!.includes("(running)"), isRunning);
  await table.locator("summary").click();
  await choose(page, "timeframe", "1m");
}

/** Overlays are the person's, timeframe and range the address's: both are there after a reload. */
async function choiceIsKept(page: Page): Promise<void> {
  await page.getByTestId("overlay-gaps").click();
  await choose(page, "timeframe", "5m");
  await choose(page, "range", "6h");
  await page.reload();
  await drawn(page);
  assert.match(page.url(), /\?timeframe=5m&range=6h$/);
  assert.equal(await page.getByTestId("chart-timeframe").inputValue(), "5m");
  assert.equal(await page.getByTestId("chart-range").inputValue(), "6h");
  const pressed = (key: string) =>
    page.getByTestId(`overlay-${key}`).getAttribute("aria-pressed");
  await page.locator("[data-testid=overlay-gaps][aria-pressed=false]")
    .waitFor();
  assert.equal(await pressed("orderBlocks"), "true");
}

/** On a phone nothing is wider than the screen, and everything can be met with a finger. */
async function fitsPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  await drawn(page);
  await page.locator(".chart-canvas").focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("chart-selection").waitFor();
  const faults = await page.evaluate(() => {
    const small = [...document.querySelectorAll(
      ".chart button, .chart select, .chart summary",
    )].filter((it) => {
      const { width, height } = it.getBoundingClientRect();
      return width > 0 && (width < 24 || height < 24);
    }).map((it) => it.outerHTML.slice(0, 90));
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth ? [...small, `${scrollWidth} px`] : small;
  });
  assert.deepEqual(faults, []);
}

/** The address alone chooses the candles of the table. */
async function withoutScript(
  browser: Browser,
  withLogin: Page,
  url: string,
): Promise<void> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await withLogin.context().storageState(),
  });
  const page = await context.newPage();
  await page.goto(url);
  assert.match(await summary(page).innerText(), /15m, \d+ candles/);
  assert.equal(await page.locator(".chart-canvas").isVisible(), false);
  await page.locator(".chart-choice select").first().selectOption("5m");
  await page.locator(".chart-choice button").click();
  await page.waitForURL(/timeframe=5m/);
  await page.getByTestId("chart-table").locator("summary").click();
  await page.getByText(/^Newest \d+ candles of 5m/).waitFor();
  await context.close();
}
