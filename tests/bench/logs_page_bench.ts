// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * The page of logs in a real browser while 10,000 lines a second arrive for a
 * minute (or for as many seconds as the first argument says): memory of the
 * page, its longest task, and how fast it answers who pauses, scrolls and
 * filters meanwhile. Prints one line of JSON a figure.
 *
 * @module
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import { LogFlood } from "../support/log_flood.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const LINES_PER_SECOND = 10_000;
const SECONDS = Number(Deno.args[0] ?? 60);
const KIB_PER_MIB = 1_024;

const print = (figure: Record<string, unknown>) =>
  console.log(JSON.stringify(figure));

/** What the page has measured of itself. */
interface Measures {
  longTasksMs: number[];
  inputsMs: number[];
}

async function main(): Promise<void> {
  if (CHROMIUM_PATH === null) return;
  await withTempDir(async (dataDir) => {
    const server = await startServer({ dataDir });
    const flood = new LogFlood(LINES_PER_SECOND);
    const browser = await launchBrowser();
    try {
      await setUp(server, dataDir);
      // The stream comes from another port, which the page's policy would refuse.
      const context = await browser.newContext({ bypassCSP: true });
      const page = await openLogs(context, { url: server.url, flood });
      await measure(page, { browser, flood });
    } finally {
      await browser.close();
      await flood.close();
      await server.stop();
    }
  });
}

async function openLogs(
  context: BrowserContext,
  { url, flood }: { url: string; flood: LogFlood },
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-form").locator("button[type=submit]").click();
  await page.waitForURL(`${url}/`);
  await page.addInitScript((origin) => {
    const Native = EventSource;
    globalThis.EventSource = class extends Native {
      constructor(path: string) {
        super(origin + path);
      }
    } as typeof EventSource;
    const measures: Measures = { longTasksMs: [], inputsMs: [] };
    Object.assign(globalThis, { measures });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        measures.longTasksMs.push(duration);
      }
    }).observe({ type: "longtask" });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        measures.inputsMs.push(duration);
      }
    }).observe(
      { type: "event", durationThreshold: 16 } as PerformanceObserverInit,
    );
  }, flood.url);
  await page.goto(`${url}/logs`);
  await page.locator("[data-testid=connection-chip][data-state=live]")
    .waitFor();
  return page;
}

async function measure(
  page: Page,
  { browser, flood }: { browser: Browser; flood: LogFlood },
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  let heapMiB = 0;
  let residentMiB = 0;
  let answerMs = 0;
  const sample = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const used = metrics.find(({ name }) => name === "JSHeapUsedSize")!.value;
    heapMiB = Math.max(heapMiB, used / 2 ** 20);
    residentMiB = Math.max(residentMiB, await rendererMiB(browser));
  };
  const timed = async (act: () => Promise<unknown>) => {
    const begun = performance.now();
    await act();
    answerMs = Math.max(answerMs, performance.now() - begun);
  };
  flood.begin();
  const end = performance.now() + SECONDS * 1_000;
  const pause = page.getByTestId("log-pause");
  while (performance.now() < end) {
    // deno-lint-ignore-start no-await-in-loop -- one person does one thing after the other
    await timed(async () => {
      await pause.click();
      await page.getByTestId("log-new").waitFor();
    });
    await timed(() => pause.click());
    await timed(() => page.getByTestId("log-wrap").click());
    await timed(() => page.getByTestId("log-wrap").click());
    await page.getByTestId("log-list").hover();
    await page.mouse.wheel(0, -600);
    await page.getByTestId("log-new").click();
    await timed(() => page.getByTestId("log-filter-text").fill("held"));
    await timed(() => page.getByTestId("log-filter-text").fill(""));
    await sample();
    // deno-lint-ignore-end no-await-in-loop
  }
  flood.end();
  const ended = performance.now();
  await page.locator(`[data-seq="${flood.lastSeq}"]`).waitFor();
  const behindMs = performance.now() - ended;
  await sample();
  const measures = await page.evaluate(() =>
    (globalThis as unknown as { measures: Measures }).measures
  );
  const figures = [
    ["logs.sent", flood.sent, "lines"],
    ["logs.heap", heapMiB, "MiB"],
    ["logs.renderer", residentMiB, "MiB"],
    ["logs.longest_task", Math.max(0, ...measures.longTasksMs), "ms"],
    ["logs.long_tasks", measures.longTasksMs.length, "tasks"],
    ["logs.slowest_input", Math.max(0, ...measures.inputsMs), "ms"],
    ["logs.slowest_answer", answerMs, "ms"],
    ["logs.behind_at_the_end", behindMs, "ms"],
  ] as const;
  for (const [name, value, unit] of figures) {
    print({ name, unit, n: flood.sent, value: Math.round(value) });
  }
}

/** Memory of its own of the largest renderer, which is the page's; without the program that all share. */
async function rendererMiB(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === "renderer")
    .map(({ id }) => {
      const status = Deno.readTextFileSync(`/proc/${id}/status`);
      return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / KIB_PER_MIB;
    });
  return Math.max(0, ...sizes);
}

await main();
