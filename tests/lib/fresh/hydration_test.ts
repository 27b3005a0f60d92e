/**
 * In a real browser: islands come to life under the strict policy, and nothing
 * else does.
 */
import assert from "node:assert/strict";
import { Builder } from "fresh/dev";
import { chromium, type Page } from "playwright-core";
import { app } from "./fixture/main.ts";

const CHROMIUM = "/usr/bin/chromium";
// deno-fmt-ignore
const ARGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

function hasBrowser(): boolean {
  try {
    return Deno.statSync(CHROMIUM).isFile;
  } catch {
    const note = `Skipped hydration_test.ts: no browser at ${CHROMIUM}\n`;
    Deno.stderr.writeSync(new TextEncoder().encode(note));
    return false;
  }
}

/** What a visit of a page brought to light. */
interface Visit {
  readonly page: Page;
  /** Messages of the console, and errors. */
  readonly problems: string[];
  readonly scripts: string[];
}

/** Serves the fixture and opens one of its pages in a browser. */
async function visit(path: string, check: (visit: Visit) => Promise<void>) {
  const root = `${import.meta.dirname}/fixture`;
  const apply = await new Builder({ root }).build({ snapshot: "memory" });
  apply(app);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    app.handler(),
  );
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ARGS,
  });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    const scripts: string[] = [];
    page.on("console", (message) => {
      const isProblem = ["error", "warning"].includes(message.type());
      if (isProblem) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.push(request.url());
    });
    await page.goto(`http://127.0.0.1:${server.addr.port}${path}`);
    await check({ page, problems, scripts });
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

const options = {
  ignore: !hasBrowser(),
  // The browser's driver keeps a process of its own.
  sanitizeResources: false,
  sanitizeOps: false,
};

Deno.test(
  "boot() revives islands that share a signal, passed JSX and a lazy chunk",
  options,
  () =>
    visit("/", async ({ page, problems, scripts }) => {
      await page.locator("#b[data-alive=yes]").waitFor();
      await page.locator("#a .add").click();
      await page.locator("#b .add").click();
      assert.equal(await page.locator("#a output").innerText(), "Count: 5");
      assert.equal(await page.locator("#b output").innerText(), "Count: 5");

      assert.equal(await page.locator("#panel h2 em").innerText(), "Title");
      assert.equal(await page.locator("#panel h2 input").isDisabled(), true);
      assert.equal(await page.locator("#c").count(), 0);
      const toggle = page.locator("#panel .toggle");
      await toggle.click();
      await page.locator("#c .add").click();
      assert.equal(await page.locator("#a output").innerText(), "Count: 6");
      const inner = page.locator("#panel .inner");
      assert.equal(await inner.innerText(), "Passed on");
      await toggle.click();
      assert.equal(await page.locator("#c").count(), 0);

      assert.equal(scripts.some((url) => url.includes("/lazy-")), false);
      await page.locator("#a .load").click();
      const lazy = page.locator("#a .lazy");
      assert.equal(await lazy.innerText(), "The count is 6");
      assert.equal(scripts.some((url) => url.includes("/lazy-")), true);

      const order = await page.locator("main > *").evaluateAll((elements) =>
        elements.map((element) => element.id || element.localName)
      );
      assert.deepEqual(order, ["h1", "a", "p", "b", "panel"]);
      assert.deepEqual(problems, []);
    }),
);

Deno.test(
  "csp() stops inline scripts, handlers and styles that the page did not render",
  options,
  () =>
    visit("/injected", async ({ page, problems }) => {
      await page.locator("#a[data-alive=yes]").waitFor();
      await page.locator("#handler").click();
      assert.equal(await page.evaluate("globalThis.injected"), undefined);
      const color = await page.locator("#handler").evaluate((element) =>
        getComputedStyle(element).color
      );
      assert.equal(color, "rgb(0, 0, 0)");
      const refused = problems.filter((text) => /Content Security/.test(text));
      assert.equal(refused.length, problems.length);
      assert.ok(refused.length >= 3);
    }),
);
