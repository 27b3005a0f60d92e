/** The one test in a real browser: islands come to life under the strict policy. */
import assert from "node:assert/strict";
import { Builder } from "fresh/dev";
import { chromium } from "playwright-core";
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

Deno.test({
  name:
    "boot() revives islands that share a signal, passed JSX and a lazy chunk",
  ignore: !hasBrowser(),
  // The browser's driver keeps a process of its own.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
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
        if (["error", "warning"].includes(message.type())) {
          problems.push(message.text());
        }
      });
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("request", (request) => {
        if (request.resourceType() === "script") scripts.push(request.url());
      });
      await page.goto(`http://127.0.0.1:${server.addr.port}/`);

      await page.locator("#b[data-alive=yes]").waitFor();
      await page.locator("#a .add").click();
      await page.locator("#b .add").click();
      assert.equal(await page.locator("#a output").innerText(), "Count: 5");
      assert.equal(await page.locator("#b output").innerText(), "Count: 5");

      assert.equal(await page.locator("#panel h2 em").innerText(), "Title");
      assert.equal(await page.locator("#c").count(), 0);
      await page.locator("#panel .toggle").click();
      await page.locator("#c .add").click();
      assert.equal(await page.locator("#a output").innerText(), "Count: 6");
      assert.equal(
        await page.locator("#panel .inner").innerText(),
        "Passed on",
      );
      await page.locator("#panel .toggle").click();
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
    } finally {
      await browser.close();
      await server.shutdown();
    }
  },
});
