// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * The fleet page in a real browser, with 500 agents and 10,500 open orders and
 * positions: time until it can be used, time from the moment an update is
 * committed until it is painted while 200 a second arrive, the longest task,
 * and the heap. Server, store, stream and page are the real ones; the agents
 * are stored and stopped, and their updates are committed to the store as a
 * fleet commits them. Prints one line of JSON a figure.
 *
 * @module
 */
import type { CDPSession, Page } from "playwright-core";
import type { OpenedStore } from "../../lib/store/open_store.ts";
import type { AgentRecord } from "../../lib/contracts/agent.ts";
import { setUp } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import { serveInProcess } from "../support/in_process.ts";
import { taskTimes } from "../support/panel/task_times.ts";
import { TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { AGENTS, storeFleet, viewOf } from "./fleet_page_fleet.ts";

const LOADS = 5;
const SECONDS = 15;
const BURST_EVERY_MS = 50;
const BURST = 10;
/** An update that is older than this was painted before. */
const OLD_MS = 2_000;

/** What the page has measured. */
interface PageFigures {
  usableMs: number;
  /** What each update's equity says of when it was made, and when it was painted, by the wall clock. */
  painted: [code: number, at: number][];
  tasks: number[];
}

function print(name: string, unit: string, values: readonly number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) =>
    Math.round(sorted[Math.floor(part * (sorted.length - 1))]! * 10) / 10;
  console.log(JSON.stringify({
    name: `fleet_page.${name}`,
    unit,
    n: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }));
}

/** Runs in the page, before anything of it: marks when it can be used, and when each update is painted. */
function watch(): void {
  const figures: PageFigures = { usableMs: 0, painted: [], tasks: [] };
  Object.assign(globalThis, { figures });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) figures.tasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.splice(0).forEach((run) => run());
  const afterPaint = (run: () => void) =>
    requestAnimationFrame(() => {
      waiting.push(run);
      channel.port2.postMessage(null);
    });
  const onChange = (records: MutationRecord[]) => {
    if (figures.usableMs === 0) {
      // Its script runs, and it draws what is in sight instead of a page of rows.
      const isUsable =
        document.querySelector("[data-testid=fleet-scroll][data-live=true]") !==
          null && document.querySelector(".row-space") !== null;
      if (isUsable) afterPaint(() => figures.usableMs ||= performance.now());
      return;
    }
    const painted = new Set<string>();
    for (const { target } of records) {
      const cell = (target instanceof Element ? target : target.parentElement)
        ?.closest("[data-testid=agent-equity]");
      const text = cell?.textContent?.replace(/\D/g, "") ?? "";
      if (text !== "") painted.add(text);
    }
    if (painted.size === 0) return;
    afterPaint(() => {
      for (const text of painted) {
        figures.painted.push([Number(text), Date.now()]);
      }
    });
  };
  new MutationObserver(onChange).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["data-live"],
  });
}

async function figuresOf(page: Page): Promise<PageFigures> {
  return await page.evaluate(() =>
    (globalThis as unknown as { figures: PageFigures }).figures
  );
}

async function clear(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { figures } = globalThis as unknown as { figures: PageFigures };
    figures.painted = [];
    figures.tasks = [];
  });
}

/** What equities count up to: see `equityOf()`. */
const CODES = 10_000_000;

/** Updates that are under way. */
interface Updates {
  /** When what was made at a time was committed. */
  committed: ReadonlyMap<number, number>;
  /** Answers with how many there were. */
  stop: () => Promise<number>;
}

/** Commits updates of agents in turn, as many a second as a fleet of 500 makes, until told to stop. */
function startUpdates(
  store: OpenedStore,
  records: readonly AgentRecord[],
): Updates {
  let next = 0;
  let commits: Promise<unknown> = Promise.resolve();
  const committed = new Map<number, number>();
  const timer = setInterval(() => {
    const at = Date.now();
    const views = Array.from({ length: BURST }, () => {
      // A step that has no common divisor with their number: all of them, spread.
      const index = next++ * 37 % records.length;
      return viewOf(records[index]!, index, at);
    });
    commits = store.events.append({
      events: views.map((data) => ({
        type: "agent.updated",
        agentId: data.id,
        at,
        data,
      })),
      projections: views.map((value) => ({ kind: "view", value })),
    }).then(() => void committed.set(at % CODES, Date.now()));
  }, BURST_EVERY_MS);
  return {
    committed,
    async stop() {
      clearInterval(timer);
      await commits;
      return next;
    },
  };
}

async function heapMiB(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return usedSize / 1_048_576;
}

async function measureLoads(page: Page, url: string): Promise<void> {
  const usable: number[] = [];
  const tasks: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    // deno-lint-ignore no-await-in-loop -- one load after the other is what is measured
    await page.goto(url, { waitUntil: "load" });
    // deno-lint-ignore no-await-in-loop -- as above
    await page.waitForFunction(() =>
      (globalThis as unknown as { figures: PageFigures }).figures.usableMs > 0
    );
    // deno-lint-ignore no-await-in-loop -- as above
    const figures = await figuresOf(page);
    usable.push(figures.usableMs);
    tasks.push(Math.max(0, ...figures.tasks));
  }
  print("usable", "ms", usable);
  print("usable.longest_task", "ms", tasks);
}

/** Measures while updates arrive and something is done on the page. */
async function measurePhase(
  page: Page,
  { name, updates, act }: {
    name: string;
    updates: Updates;
    act: () => Promise<void>;
  },
): Promise<void> {
  // What a click causes is no part of what the stream costs.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1_000)));
  await clear(page);
  const startedMs = performance.now();
  const cpu = await taskTimes(page, async () => {
    while (performance.now() - startedMs < SECONDS * 1_000) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await act();
    }
  });
  const { painted, tasks } = await figuresOf(page);
  const latencies = painted.flatMap(([code, at]) => {
    const committedAt = updates.committed.get(code);
    // A row that was scrolled into sight shows an update of before.
    return committedAt === undefined || at - committedAt > OLD_MS
      ? []
      : [at - committedAt];
  });
  print(`${name}.commit_to_paint`, "ms", latencies);
  print(`${name}.long_task`, "ms", tasks.length === 0 ? [0] : tasks);
  print(`${name}.task_cpu`, "ms", cpu);
}

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${url}/`);
}

async function measurePage(
  url: string,
  store: OpenedStore,
  records: readonly AgentRecord[],
): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({
      viewport: { width: 1440, height: 900 },
    })).newPage();
    await logIn(page, url);
    await page.addInitScript(watch);
    await measureLoads(page, url);
    const cdp = await page.context().newCDPSession(page);
    const updates = startUpdates(store, records);
    const wait = () =>
      page.evaluate(() => new Promise<void>((done) => setTimeout(done, 500)));
    await measurePhase(page, { name: "by_name", updates, act: wait });
    await page.getByTestId("sort-drawdown").click();
    await measurePhase(page, { name: "by_drawdown", updates, act: wait });
    await page.mouse.move(700, 600);
    const scroll = async () => {
      await page.mouse.wheel(0, 500);
      await wait();
    };
    await measurePhase(page, { name: "scrolling", updates, act: scroll });
    const count = await updates.stop();
    print("heap", "MiB", [await heapMiB(cdp)]);
    console.error(
      `${AGENTS} agents, ${count} updates committed; load ${Deno.loadavg()[0]}`,
    );
  } finally {
    await browser.close();
  }
}

if (CHROMIUM_PATH === null) throw new Error("This benchmark needs Chromium");
await withTempDir(async (dataDir) => {
  const records = await storeFleet(`${dataDir}/store.sqlite`);
  let store: OpenedStore | null = null;
  const server = await serveInProcess({
    dataDir,
    env: { MAX_AGENTS_PER_USER: "500", MAX_AGENTS_PER_HOST: "500" },
    onStore: (opened) => store = opened,
  });
  try {
    await setUp(server, dataDir);
    await measurePage(server.url, store!, records);
  } finally {
    await server.stop();
  }
});
