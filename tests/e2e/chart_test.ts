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
import { waitAlive } from "../support/panel/alive.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** More than an answer holds, and more than the agent remembers. */
const CANDLES = 1_100;
const MINUTE_MS = 60_000;

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

/** Alive, and the picture is there. */
async function drawn(page: Page): Promise<void> {
  await waitAlive(page);
  await page.locator(".chart-canvas canvas").first().waitFor();
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

const reading = (page: Page) => page.getByTestId("chart-reading").innerText();
const summary = (page: Page) => page.getByTestId("chart-summary");
const choose = (page: Page, what: "timeframe" | "range", value: string) =>
  page.getByTestId(`chart-${what}`).selectOption(value);

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

const textAt = ({ openAt }: { openAt: number }) =>
  new Date(openAt).toISOString().slice(0, 19).replace("T", " ");

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

/** Every key of the chart does what the sheet of keys says. */
async function keys(page: Page): Promise<void> {
  const canvas = page.locator(".chart-canvas");
  const press = async (...names: string[]) => {
    // deno-lint-ignore no-await-in-loop -- one key after the other
    for (const name of names) await page.keyboard.press(name);
    return await reading(page);
  };
  const minute = (text: string) => Date.parse(`${text.slice(0, 16)}Z`);
  await canvas.focus();
  const newest = minute(await press("End"));
  const first = minute(await press("Home"));
  assert.equal((newest - first) / MINUTE_MS, 1_023);
  assert.equal(minute(await press("ArrowRight", "PageDown")), first + 660_000);
  assert.equal(minute(await press("PageUp", "ArrowLeft")), first);
  assert.match(await press("ArrowDown"), /· Volume \d/);
  assert.match(await press("ArrowDown"), /· Equity (\d|—)/);
  assert.match(await press("ArrowDown"), /· Drawdown (−?\d|—)/);
  assert.match(await press("ArrowDown"), /· O .* H .* L .* C /);
  await press("End", "-", "-", "+");
  const pressed = page.locator(".chart .pill[aria-pressed=true]");
  const shown = await pressed.count();
  await press("o");
  assert.equal(await pressed.count(), 0);
  await press("o");
  assert.equal(await pressed.count(), shown);
  await press("Enter");
  const panel = page.getByTestId("chart-selection");
  await panel.getByText(`Candle of ${(await reading(page)).slice(0, 19)}`)
    .waitFor();
  await page.locator(".chart [role=status]").getByText(/open order block/)
    .waitFor();
  await press("Escape");
  await panel.waitFor({ state: "detached" });
  assert.ok(await canvas.evaluate((it) => it === document.activeElement));
}

/** What is clicked says its rule and its candles; so does what is chosen in the table. */
async function pointing(page: Page): Promise<void> {
  await choose(page, "range", "latest");
  const canvas = page.locator(".chart-canvas");
  const { x, y, width } = (await canvas.boundingBox())!;
  const panel = page.getByTestId("chart-selection");
  const isObject = () =>
    page.locator(".chart-canvas td, .chart-canvas canvas, .chart-canvas tr")
      .evaluateAll((all) =>
        all.some((it) => getComputedStyle(it).cursor === "pointer")
      );
  let found = false;
  // Open zones reach the newest candle, which is left of the axis and the labels.
  for (let down = 10; down < 270 && !found; down += 4) {
    // deno-lint-ignore no-await-in-loop -- until something is there
    await page.mouse.move(x + width * 0.78, y + down);
    // deno-lint-ignore no-await-in-loop -- as above
    found = await isObject();
  }
  assert.ok(found, "nothing on the chart can be pointed at");
  await page.mouse.down();
  await page.mouse.up();
  await panel.getByText("Rule", { exact: true }).waitFor();
  assert.match(
    await panel.locator("h3").innerText(),
    /Order block|Fair value gap|BOS|CHoCH|Sweep/,
  );
  await panel.getByTestId("chart-selection-close").click();
  const table = page.getByTestId("chart-table");
  await table.locator("summary").click();
  const one = table.locator("button.link").first();
  const name = await one.innerText();
  await one.click();
  await panel.getByRole("heading", { name }).waitFor();
  assert.ok(await panel.locator("tbody tr").count() > 0);
  await page.keyboard.press("Escape");
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

/** How many pixels of the picture have the colour of a token, as it is now. */
async function pixelsOf(page: Page, token: string): Promise<number> {
  return await page.evaluate((token) => {
    const style = getComputedStyle(document.documentElement);
    const value = Number.parseInt(
      style.getPropertyValue(token).trim().slice(1),
      16,
    );
    let count = 0;
    for (
      const canvas of document.querySelectorAll<HTMLCanvasElement>(
        ".chart-canvas canvas",
      )
    ) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const { data } = canvas.getContext("2d")!.getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      for (let at = 0; at < data.length; at += 4) {
        const rgb = data[at]! << 16 | data[at + 1]! << 8 | data[at + 2]!;
        if (rgb === value && data[at + 3] === 255) count++;
      }
    }
    return count;
  }, token);
}

/** Another theme, or another pair of colours, is on the canvas at once. */
async function coloursFollow(page: Page): Promise<void> {
  const painted = async () => {
    await page.evaluate(() =>
      new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(resolve))
      )
    );
    const up = await pixelsOf(page, "--up");
    const down = await pixelsOf(page, "--down");
    assert.ok(up > 100 && down > 100, `${up} and ${down} pixels`);
    return await pixelsOf(page, "--surface");
  };
  assert.ok(await painted() > 10_000);
  await page.locator("body").press("t");
  assert.ok(await painted() > 10_000);
  await page.evaluate(() => {
    document.documentElement.dataset.palette = "green-red";
    dispatchEvent(new CustomEvent("themechange"));
  });
  await painted();
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
