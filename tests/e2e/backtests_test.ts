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
        await spawnDialogTakesTheConfiguration(page);
        await replay(page);
        await cancelAnother(page, server);
        await fitsOnASmallScreen(page, server);
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

async function spawnDialogTakesTheConfiguration(page: Page): Promise<void> {
  await page.getByTestId("spawn-with-config").click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.waitFor();
  assert.equal(
    await dialog.getByTestId("spawn-step").getAttribute("data-step"),
    "basics",
  );
  assert.equal(
    await dialog.getByTestId("field-symbol").inputValue(),
    "BTC/USDT",
  );
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
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
  await page.getByTestId("replay-step").click();
  await at(101);
  // The same by keyboard, once the focus is on no control.
  await page.evaluate(() => (document.activeElement as HTMLElement)?.blur());
  await page.keyboard.press("ArrowLeft");
  await at(100);
  await page.keyboard.press("Space");
  await page.getByTestId("replay-play").getByText("Pause").waitFor();
  await page.getByText("Candle 102", { exact: true }).first().waitFor();
  await page.keyboard.press("Space");
  await page.getByTestId("replay-play").getByText("Play").waitFor();
  await place.fill("2999");
  await place.press("Enter");
  await at(2999);
  await page.getByText(/Closed: (long|short)/).first().waitFor();
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
  server: TestServer,
): Promise<void> {
  await page.setViewportSize({ width: 320, height: 800 });
  const [first] = await page.getByTestId("run-row-first test").getByRole("link")
    .all();
  const path = await first!.getAttribute("href");
  for (const where of ["/backtests", path!, `${path}/replay`]) {
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
