// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * The chart of an agent's page in a real browser, with 5,000 candles, 500 zones
 * and 300 marks, while ten updates of the agent a second arrive by the stream
 * and new candles are fetched as fast as the page does: processor time of each
 * task, and time between frames while it stands, is dragged and is zoomed.
 * Server, store, stream and page are the real ones; the agent is stored and
 * stopped, and what it would answer about its market is made up. Prints one
 * line of JSON a figure.
 *
 * @module
 */
import type { Page, Route } from "playwright-core";
import type { AgentRecord } from "../../lib/contracts/agent.ts";
import type { Candle } from "../../lib/contracts/candle.ts";
import type { ChartResponse, OverlayView } from "../../lib/contracts/chart.ts";
import type { OpenedStore } from "../../lib/store/open_store.ts";
import { randomWalk } from "../agents/fixtures/candles.ts";
import { setUp } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import { serveInProcess } from "../support/in_process.ts";
import { taskTimes } from "../support/panel/task_times.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { storeFleet, viewOf } from "./fleet_page_fleet.ts";

const CANDLES = 5_000;
const ZONES = 500;
const MARKS = 150;
const UPDATE_EVERY_MS = 100;
const SECONDS = 10;

function print(name: string, unit: string, values: readonly number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) =>
    Math.round(sorted[Math.floor(part * (sorted.length - 1))]! * 10) / 10;
  console.log(JSON.stringify({
    name: `chart.${name}`,
    unit,
    n: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }));
}

function overlaysOf(candles: readonly Candle[]): OverlayView {
  const spread = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => candles[Math.floor(index * CANDLES / count)]!,
    );
  return {
    zones: spread(ZONES).map(({ openAt, high, low }, index) => ({
      id: `zone-${index}`,
      kind: index % 2 === 0 ? "order_block" : "fvg",
      bias: index % 3 === 0 ? 1 : -1,
      top: high,
      bottom: low,
      fromAt: openAt,
      toAt: index % 2 === 0 ? null : openAt + 6_000_000,
      state: index % 2 === 0 ? "fresh" : "ended",
      createdAt: openAt,
      touchedAt: null,
      endedBy: index % 2 === 0 ? null : "filled",
      displaced: null,
    })),
    structure: spread(MARKS).map(({ openAt, high }, index) => ({
      kind: index % 2 === 0 ? "bos" : "choch",
      bias: 1,
      price: high,
      fromAt: openAt,
      toAt: openAt + 1_200_000,
    })),
    sweeps: spread(MARKS).map(({ openAt, low }) => ({
      bias: 1,
      price: low,
      at: openAt,
      source: "equal",
      members: 2,
      levelAt: openAt,
    })),
    swings: [],
  };
}

/** What the agent would answer: another candle each time it is asked. */
function market(): { answer: (afterSeq: number) => ChartResponse } {
  const candles = randomWalk({ seed: 8, count: CANDLES * 2, start: 60_000 });
  const overlays = overlaysOf(candles);
  let count = CANDLES;
  return {
    answer(afterSeq) {
      count++;
      return {
        simulated: true,
        candles: candles.slice(afterSeq + 1, count),
        overlays,
        decisions: [],
        trades: [],
        equity: Array.from({ length: 200 }, (_, index) => ({
          seq: index * CANDLES / 200,
          at: 0,
          equity: (10_000 + index * 7 % 211).toFixed(2),
        })),
      };
    },
  };
}

/** Commits updates of one agent until told to stop; answers with how many there were. */
function startUpdates(store: OpenedStore, record: AgentRecord): () => number {
  let count = 0;
  const timer = setInterval(() => {
    const data = viewOf(record, ++count, Date.now());
    void store.events.append({
      events: [{
        type: "agent.updated",
        agentId: record.id,
        at: data.updatedAt,
        data,
      }],
      projections: [{ kind: "view", value: data }],
    });
  }, UPDATE_EVERY_MS);
  return () => {
    clearInterval(timer);
    return count;
  };
}

/** Frames of the page while something is done to it. */
async function measurePhase(
  page: Page,
  name: string,
  act: () => Promise<void>,
): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(globalThis, { frames });
    let before = performance.now();
    const next = (now: number) => {
      frames.push(now - before);
      before = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const startedMs = performance.now();
  const cpu = await taskTimes(page, async () => {
    while (performance.now() - startedMs < SECONDS * 1_000) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await act();
    }
  });
  const frames = await page.evaluate(() =>
    (globalThis as unknown as { frames: number[] }).frames
  );
  print(`${name}.task_cpu`, "ms", cpu);
  print(`${name}.frame`, "ms", frames.slice(1));
}

async function open(page: Page, url: string, id: string): Promise<void> {
  const { answer } = market();
  await page.route(/\/chart\?/, async (route: Route) => {
    const query = new URL(route.request().url()).searchParams;
    await route.fulfill({ json: answer(Number(query.get("afterSeq"))) });
  });
  await page.goto(`${url}/login?next=/agents/${id}`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("field-password").press("Enter");
  await page.getByTestId("chart-summary").getByText(/ 5,00\d candles/)
    .waitFor();
  await page.locator(".chart-canvas canvas").first().waitFor();
}

async function measure(page: Page): Promise<void> {
  const wait = () =>
    page.evaluate(() => new Promise<void>((done) => setTimeout(done, 500)));
  await measurePhase(page, "latest", wait);
  await page.getByTestId("chart-range").selectOption("all");
  await measurePhase(page, "all", wait);
  const { x, y } = (await page.locator(".chart-canvas").boundingBox())!;
  await measurePhase(page, "dragged", async () => {
    await page.mouse.move(x + 300, y + 150);
    await page.mouse.down();
    await page.mouse.move(x + 600, y + 160, { steps: 15 });
    await page.mouse.move(x + 300, y + 150, { steps: 15 });
    await page.mouse.up();
  });
  await page.locator(".chart-canvas").focus();
  await measurePhase(page, "keys", async () => {
    for (const key of ["+", "+", "-", "-", "PageUp", "ArrowLeft"]) {
      // deno-lint-ignore no-await-in-loop -- one key after the other
      await page.keyboard.press(key);
    }
    await wait();
  });
}

if (CHROMIUM_PATH === null) throw new Error("This benchmark needs Chromium");
await withTempDir(async (dataDir) => {
  const [record] = await storeFleet(`${dataDir}/store.sqlite`);
  let store: OpenedStore | null = null;
  const server = await serveInProcess({
    dataDir,
    env: { MAX_AGENTS_PER_USER: "500", MAX_AGENTS_PER_HOST: "500" },
    onStore: (opened) => store = opened,
  });
  const browser = await launchBrowser();
  try {
    await setUp(server, dataDir);
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
    });
    const stop = startUpdates(store!, record!);
    await open(page, server.url, record!.id);
    await measure(page);
    console.error(`${stop()} updates; load ${Deno.loadavg()[0]}`);
  } finally {
    await browser.close();
    await server.stop();
  }
});
