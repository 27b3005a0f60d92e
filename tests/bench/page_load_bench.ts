// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * The pages of the panel in a real browser that knows none of them yet, on a
 * phone, a tablet and a desk: time until the largest part of what is seen first
 * is painted (LCP), and the bytes of script and style, gzip, that a page loads
 * by itself. Prints one line of JSON a figure.
 *
 * @module
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import { CHROMIUM_PATH, launchBrowser } from "../support/browser.ts";
import { fillPanel } from "../support/panel/pages.ts";
import { collectScripts, collectStyles } from "../support/panel/scripts.ts";
import { waitAlive } from "../support/panel/alive.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { printTimes } from "./print_times.ts";

const WIDTHS = [390, 820, 1440];
const LOADS = 5;

function printBytes(name: string, value: number): void {
  const figure = { name: `page_load.${name}`, unit: "bytes", n: 1, value };
  console.log(JSON.stringify(figure));
}

/** When the largest part was painted; asked for when nothing more is on its way. */
async function paintedMs(page: Page): Promise<number> {
  return await page.evaluate(() =>
    new Promise<number>((done) =>
      new PerformanceObserver((list) =>
        done(list.getEntries().at(-1)!.startTime)
      ).observe({ type: "largest-contentful-paint", buffered: true })
    )
  );
}

type Login = Awaited<ReturnType<BrowserContext["storageState"]>>;

async function logIn(browser: Browser, url: string): Promise<Login> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.waitForURL(`${url}/`);
  const storageState = await context.storageState();
  await context.close();
  return storageState;
}

/** Opens a page in a browser that has nothing of it; answers with its figures. */
async function load(
  browser: Browser,
  { address, width, storageState }: {
    address: string;
    width: number;
    storageState: Login;
  },
): Promise<{ lcp: number; script: number; style: number }> {
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ storageState, viewport });
  try {
    const page = await context.newPage();
    const scripts = collectScripts(page);
    const styles = collectStyles(page);
    await page.goto(address, { waitUntil: "load" });
    await waitAlive(page);
    // A chart or a list that the scripts draw may be the largest part.
    await page.evaluate(() =>
      new Promise((done) => requestIdleCallback(done, { timeout: 2_000 }))
    );
    return {
      lcp: await paintedMs(page),
      script: await scripts(),
      style: await styles(),
    };
  } finally {
    await context.close();
  }
}

if (CHROMIUM_PATH === null) throw new Error("This benchmark needs Chromium");
await withTempDir(async (dataDir) => {
  const server = await startServer({ dataDir });
  const browser = await launchBrowser();
  try {
    const shown = await fillPanel(await setUp(server, dataDir));
    const storageState = await logIn(browser, server.url);
    const pages = {
      fleet: "/",
      agent: `/agents/${shown.agent}`,
      backtests: "/backtests",
      logs: "/logs",
      risk: "/risk",
    };
    for (const [name, path] of Object.entries(pages)) {
      const address = server.url + path;
      for (const width of WIDTHS) {
        const times: number[] = [];
        for (let i = 0; i < LOADS; i++) {
          // deno-lint-ignore no-await-in-loop -- one load after the other is what is measured
          const figures = await load(browser, { address, width, storageState });
          times.push(figures.lcp);
          if (i > 0 || width !== WIDTHS[0]) continue;
          printBytes(`${name}.script`, figures.script);
          printBytes(`${name}.style`, figures.style);
        }
        printTimes(`page_load.${name}.${width}.lcp`, times, 0);
      }
    }
  } finally {
    await browser.close();
    await server.stop();
  }
});
