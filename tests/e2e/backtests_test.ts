import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { setUp } from "../support/api.ts";
import {
  CHROMIUM_PATH,
  collectComplaints,
  launchBrowser,
} from "../support/browser.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
  type TestServer,
} from "../support/server.ts";
import { waitAlive } from "../support/panel/alive.ts";
import { withTempDir } from "../support/temp.ts";

Deno.test({
  name:
    "panel runs a backtest from the form, shows and replays its result, and cancels another",
  ignore: CHROMIUM_PATH === null,
  async fn() {
    await withTempDir(async (dataDir) => {
      const server = await startServer({ dataDir });
      await setUp(server, dataDir);
      const browser = await launchBrowser();
      const page = await browser.newPage();
      const complaints = collectComplaints(page);
      try {
        await logIn(page, server);
        await runFromForm(page, server);
        await readResult(page);
        const first = page.url();
        await replay(page);
        await runAgain(page, first);
        await compare(page, server);
        await cancelAnother(page, server);
        await withoutScript(page, server);
        await fitsOnASmallScreen(page, { server, result: first });
        await spawnWithThisConfig(page, first);
        // A browser reports every refused request; one was meant.
        const meant = complaints.filter((text) => /status of 422/.test(text));
        assert.deepEqual(
          complaints.filter((text) => !meant.includes(text)),
          [],
        );
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  },
});

async function logIn(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/login`);
  await page.getByTestId("field-email").fill(TEST_EMAIL);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("login-submit").click();
  await page.waitForURL(`${server.url}/`);
}

async function waitForLive(page: Page): Promise<void> {
  await page.getByTestId("connection-chip").getByText(/Live/).first().waitFor();
}

async function runFromForm(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/backtests`);
  await waitForLive(page);
  const form = page.getByTestId("backtest-form");
  await form.getByTestId("field-source").selectOption(
    "template:structure-combined",
  );
  await form.getByTestId("field-name").fill("first test");
  // Too few candles are explained at the field and block.
  await form.getByTestId("field-candles").fill("5");
  await form.getByTestId("backtest-run").click();
  await form.getByTestId("error-candles").getByText(/100 to/).waitFor();
  await form.getByTestId("run-problem").waitFor();
  assert.equal(await page.getByTestId("run-table").count(), 0);
  await form.getByTestId("field-candles").fill("3000");
  await form.getByTestId("backtest-run").click();
  const row = page.getByTestId("run-row-first test");
  await row.getByTestId("run-state").getByText("Done").waitFor();
  await row.getByRole("link", { name: "first test" }).click();
}

async function readResult(page: Page): Promise<void> {
  const verdict = await page.getByTestId("verdict").innerText();
  assert.match(
    verdict,
    /^(Made|Lost) .* after costs, over \d+ days and [\d,]+ trades/,
  );
  assert.match(
    await page.getByTestId("run-hash").innerText(),
    /^[0-9a-f]{64}$/,
  );
  await page.getByTestId("equity-figure").waitFor();
  const nets = page.getByTestId("result-trades").locator(
    "tbody tr td:nth-child(4)",
  );
  await page.getByRole("button", { name: "Net" }).click();
  await page.locator('th[aria-sort="descending"]', { hasText: "Net" })
    .waitFor();
  const shown = (await nets.allInnerTexts()).map((text) =>
    Number(text.replace("−", "-").replace(/[^\d.-]/g, ""))
  );
  assert.deepEqual(shown, shown.toSorted((a, b) => b - a));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("trades-csv").click(),
  ]);
  assert.equal(download.suggestedFilename(), "trades-first-test.csv");
}

/** The agent that comes of it trades on paper with what was tested. */
async function spawnWithThisConfig(page: Page, result: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(result);
  await waitAlive(page);
  await page.getByTestId("spawn-with-config").click();
  const dialog = page.getByTestId("spawn-dialog");
  const step = dialog.getByTestId("spawn-step");
  await step.waitFor();
  assert.equal(await step.getAttribute("data-step"), "basics");
  const symbol = dialog.getByTestId("field-symbol");
  assert.equal(await symbol.inputValue(), "BTC/USDT");
  await dialog.getByTestId("field-name").fill("tested");
  while (!await dialog.getByTestId("spawn-submit").isVisible()) {
    // deno-lint-ignore no-await-in-loop -- step by step
    await dialog.getByTestId("spawn-next").click();
  }
  const tick = dialog.getByTestId("spawn-acknowledge");
  if (await tick.isVisible()) await tick.check();
  await dialog.getByTestId("spawn-submit").click();
  await page.waitForURL(/\/agents\/agt_/);
  await page.getByRole("heading", { name: "tested", level: 1 }).waitFor();
  await page.locator("main").getByText("Paper").first().waitFor();
}

async function replay(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Replay" }).click();
  const place = page.getByTestId("replay-seq");
  await place.waitFor();
  await page.locator("canvas").first().waitFor();
  const at = async (seq: number) => {
    await page.getByText(`Candle ${seq.toLocaleString("en")}`, { exact: true })
      .first().waitFor();
    assert.equal(await place.inputValue(), String(seq));
  };
  await at(100);
  // A button that was pressed keeps the focus, and arrows still step.
  await page.getByTestId("replay-step").click();
  await at(101);
  await page.keyboard.press("ArrowLeft");
  await at(100);
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByRole("heading", { name: "Candle 100", exact: true })
    .waitFor({ state: "detached" });
  await page.getByTestId("replay-made").waitFor();
  const event = Number(await place.inputValue());
  assert.ok(event > 100);
  const scrubber = page.getByTestId("replay-scrubber");
  await scrubber.focus();
  await page.keyboard.press("ArrowRight");
  await at(event + 1);
  assert.match(
    await scrubber.getAttribute("aria-valuetext") ?? "",
    new RegExp(`^Candle ${event + 1}, .* UTC$`),
  );
  await page.keyboard.press("Space");
  await page.getByTestId("replay-play").getByText("Pause").waitFor();
  await page.getByText(`Candle ${event + 3}`, { exact: true }).first()
    .waitFor();
  await page.keyboard.press("Space");
  await page.getByTestId("replay-play").getByText("Play").waitFor();
  await place.fill("2999");
  await place.press("Enter");
  await at(2999);
  await page.getByText(/Closed: (long|short)/).first().waitFor();
}

/** The form of an earlier run is filled in as it was. */
async function runAgain(page: Page, result: string): Promise<void> {
  await page.goto(result);
  await page.getByTestId("run-again").click();
  await waitForLive(page);
  const form = page.getByTestId("backtest-form");
  assert.equal(await form.getByTestId("field-candles").inputValue(), "3000");
  await form.getByTestId("field-name").fill("second test");
  await form.getByText("Capital and risk limits").click();
  await form.getByTestId("field-leverage").fill("2");
  await form.getByTestId("backtest-run").click();
  await page.getByTestId("run-now").waitFor();
  const row = page.getByTestId("run-row-second test");
  await row.getByTestId("run-state").getByText("Done").waitFor();
}

async function compare(page: Page, server: TestServer): Promise<void> {
  await page.getByLabel("Compare first test").check();
  await page.getByLabel("Compare second test").check();
  await page.getByTestId("compare-open").click();
  await page.waitForURL(`${server.url}/backtests?compare=*`);
  const figure = page.getByTestId("compare-figure").getByRole("img");
  assert.match(
    await figure.getAttribute("aria-label") ?? "",
    /first test .*%, second test .*%/,
  );
  const changed = page.getByTestId("compare-differences").locator("tbody tr");
  assert.deepEqual(
    (await changed.allInnerTexts()).map((text) => text.split(/\s+/)),
    [["risk.leverage", "5", "2"]],
  );
}

/** Everything is a form or an address: run, look, compare, replay, remove. */
async function withoutScript(page: Page, server: TestServer): Promise<void> {
  const context = await page.context().browser()!.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await context.newPage();
  await plain.goto(`${server.url}/backtests`);
  await plain.getByTestId("field-source").selectOption("template:fvg-moderate");
  await plain.getByRole("button", { name: "Use" }).click();
  const name = plain.getByTestId("field-name");
  assert.equal(await name.inputValue(), "fvg-moderate");
  await name.fill("plain test");
  await plain.getByTestId("field-candles").fill("5");
  await plain.getByTestId("backtest-run").click();
  await plain.getByTestId("error-candles").getByText(/100 to/).waitFor();
  await plain.getByTestId("field-candles").fill("500");
  await plain.getByText("Checks on the result").click();
  await plain.getByTestId("field-lookAheadCheck").uncheck();
  await plain.getByTestId("field-randomEntryRuns").fill("0");
  await plain.getByTestId("backtest-run").click();
  await plain.waitForURL(/\/backtests\/bt_/);
  await page.goto(`${plain.url()}`);
  await page.getByTestId("verdict").waitFor();
  await plain.reload();
  await plain.getByTestId("verdict").waitFor();
  await plain.goto(`${plain.url()}/replay`);
  await plain.getByRole("link", { name: "Step ›" }).click();
  await plain.waitForURL(/replay\?seq=101$/);
  await plain.getByRole("heading", { name: "Candle 101" }).waitFor();
  await plain.goto(`${server.url}/backtests`);
  await plain.getByLabel("Compare plain test").check();
  await plain.getByLabel("Compare first test").check();
  await plain.getByRole("button", { name: "Compare marked runs" }).click();
  await plain.getByTestId("compare-figure").waitFor();
  await plain.goto(`${server.url}/backtests`);
  const row = plain.getByTestId("run-row-plain test");
  await row.getByRole("button", { name: "Remove the run plain test" }).click();
  await row.waitFor({ state: "detached" });
  await context.close();
}

async function cancelAnother(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/backtests`);
  await waitForLive(page);
  const form = page.getByTestId("backtest-form");
  await form.getByTestId("field-name").fill("long test");
  await form.getByTestId("field-candles").fill("200000");
  // So many sets that it is still running when it is canceled.
  await form.locator('[name="/study/kind"]').selectOption("sweep");
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  await form.getByTestId("field-grid").fill(
    `risk.leverage = ${values.join(", ")}`,
  );
  await form.getByTestId("backtest-run").click();
  await page.getByTestId("run-now").getByText(/\d+%/).waitFor();
  await page.getByTestId("run-now-cancel").click();
  const row = page.getByTestId("run-row-long test");
  await row.getByTestId("run-state").getByText("Canceled").waitFor();
  await page.getByTestId("run-now").waitFor({ state: "detached" });
}

async function fitsOnASmallScreen(
  page: Page,
  { server, result }: { server: TestServer; result: string },
): Promise<void> {
  await page.setViewportSize({ width: 320, height: 800 });
  const path = new URL(result).pathname;
  for (const where of ["/backtests", path, `${path}/replay`]) {
    // deno-lint-ignore no-await-in-loop -- one page after the other
    await page.goto(`${server.url}${where}`);
    // deno-lint-ignore no-await-in-loop -- one page after the other
    const wider = await page.evaluate(() =>
      [...document.querySelectorAll("main *")].filter((element) =>
        element.getBoundingClientRect().right > innerWidth + 1 &&
        element.closest(".table-scroll, .chart, pre, .sr-only, svg") === null
      ).map((element) => element.className)
    );
    assert.deepEqual(wider, [], where);
  }
}
