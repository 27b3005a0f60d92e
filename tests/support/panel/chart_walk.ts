/** The chart of an agent, used by keys and pointer, and its colours. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { waitAlive } from "./alive.ts";

export const MINUTE_MS = 60_000;

/** Alive, and the picture is there. */
export async function drawn(page: Page): Promise<void> {
  await waitAlive(page);
  await page.locator(".chart-canvas canvas").first().waitFor();
}

export const reading = (page: Page) =>
  page.getByTestId("chart-reading").innerText();

export const summary = (page: Page) => page.getByTestId("chart-summary");

export const choose = (
  page: Page,
  what: "timeframe" | "range",
  value: string,
) => page.getByTestId(`chart-${what}`).selectOption(value);

export const textAt = ({ openAt }: { openAt: number }) =>
  new Date(openAt).toISOString().slice(0, 19).replace("T", " ");

/** Every key of the chart does what the sheet of keys says. */
export async function keys(page: Page): Promise<void> {
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
export async function pointing(page: Page): Promise<void> {
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

/** How many pixels of the picture have the colour of a token, as it is now. */
export async function pixelsOf(page: Page, token: string): Promise<number> {
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
export async function coloursFollow(page: Page): Promise<void> {
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
