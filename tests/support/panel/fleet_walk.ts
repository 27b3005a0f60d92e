/** The list of the fleet, used by keys and with several agents at once. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type TestApi } from "../api.ts";

export function row(page: Page, name: string) {
  return page.getByTestId(`agent-row-${name}`);
}

export async function waitForState(page: Page, name: string, state: string) {
  await row(page, name).locator(`[data-state=${state}]`).waitFor();
}

/** Waits until the page's script has the table. */
export async function waitForScript(page: Page): Promise<void> {
  await page.locator("[data-testid=fleet-scroll][data-live=true]").waitFor();
}

export async function focused(page: Page): Promise<string> {
  return await page.evaluate(() =>
    document.activeElement?.getAttribute("data-testid") ?? ""
  );
}

export async function walkByKeys(page: Page): Promise<void> {
  await row(page, "alpha").focus();
  await page.keyboard.press("j");
  assert.equal(await focused(page), "agent-row-beta");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "agent-row-gamma");
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), "agent-row-alpha");
  // One row alone is a stop of the Tab key.
  assert.equal(await page.locator("tr[tabindex='0']").count(), 1);
  await page.keyboard.press("e");
  await page.getByTestId("agent-card").waitFor();
  await page.keyboard.press("e");
  await page.getByTestId("agent-card").waitFor({ state: "detached" });
  await page.keyboard.press("p");
  await waitForState(page, "alpha", "paused");
  await page.keyboard.press("p");
  await waitForState(page, "alpha", "running");
  // Letters mean nothing to the table while somebody types elsewhere.
  await page.getByTestId("fleet-filter").pressSequentially("xpe");
  await page.getByTestId("clear-filter").click();
  assert.equal(await page.getByTestId("batch-bar").count(), 0);
  await row(page, "alpha").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+X");
  await page.getByText("3 agents selected").waitFor();
  await row(page, "alpha").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/agents/agt_*");
  await page.goBack();
  await waitForScript(page);
}

export async function commandMixed(page: Page): Promise<void> {
  await page.getByTestId("select-all").check();
  await shoot(page, "fleet-batch");
  const opener = page.getByTestId("batch-pause");
  await opener.click();
  // What it skips, and why, before it is sent.
  await page.getByTestId("skips").getByText(/Not running: gamma/).waitFor();
  await shoot(page, "fleet-skips");
  await page.keyboard.press("Escape");
  await page.getByTestId("skips").waitFor({ state: "detached" });
  assert.equal(await focused(page), "batch-pause");
  await opener.click();
  await page.getByTestId("confirm-submit").click();
  const result = page.getByTestId("batch-result");
  await result.getByText("2 pausing, 1 refused").waitFor();
  await result.getByTestId("result-gamma").getByText("Not running").waitFor();
  await result.getByTestId("result-alpha").getByText("pausing").waitFor();
  await shoot(page, "fleet-result");
  await result.getByText("Close").click();
  await waitForState(page, "alpha", "paused");
  await waitForState(page, "beta", "paused");
}

export async function editTogether(page: Page, api: TestApi): Promise<void> {
  await page.getByTestId("batch-edit").click();
  const dialog = page.getByTestId("batch-limits");
  const field = dialog.getByTestId("field-maxDrawdownPct");
  await field.fill("900");
  await dialog.getByTestId("batch-limits-save").click();
  await dialog.getByText(/alpha\)|beta\)|gamma\)/).first().waitFor();
  await field.fill("7");
  // Somebody else is quicker with one of them.
  const { items } = await api.get<{ items: { id: string; name: string }[] }>(
    "/api/agents",
  );
  const { id } = items.find(({ name }) => name === "beta")!;
  const { config, configVersion } = await api.get<
    { config: { risk: object }; configVersion: number }
  >(`/api/agents/${id}`);
  await putConfig(page, { id, config, configVersion });
  await shoot(page, "fleet-limits");
  await dialog.getByTestId("batch-limits-save").click();
  const result = page.getByTestId("batch-result");
  await result.getByText("2 saved, 1 refused").waitFor();
  await result.getByTestId("result-beta").getByText(/Somebody has changed it/)
    .waitFor();
  await result.getByText("Close").click();
}

/** As another tab of the same person would. */
export async function putConfig(
  page: Page,
  { id, config, configVersion }: {
    id: string;
    config: { risk: object };
    configVersion: number;
  },
): Promise<void> {
  const status = await page.evaluate(
    async ([id, version, body]) => {
      const answer = await fetch(`/api/agents/${id}/config`, {
        method: "PUT",
        headers: { "content-type": "application/json", "If-Match": version },
        body,
      });
      return answer.status;
    },
    [
      id,
      `"${configVersion}"`,
      JSON.stringify({
        config: { ...config, risk: { ...config.risk, maxDrawdownPct: 6 } },
      }),
    ] as const,
  );
  assert.equal(status, 200);
}

export async function headOf(page: Page): Promise<string[]> {
  return await page.locator("[data-testid=fleet-table] thead th")
    .allTextContents();
}

export async function chooseColumns(page: Page): Promise<void> {
  const menu = page.getByTestId("columns-menu");
  await menu.locator("summary").click();
  await menu.getByTestId("column-type").uncheck();
  await menu.getByRole("button", { name: "Move Market to the right" }).click();
  await shoot(page, "fleet-columns");
  const head = await headOf(page);
  assert.ok(!head.includes("Type"));
  assert.ok(head.indexOf("Mode") < head.indexOf("Market"));
  await page.keyboard.press("Escape");
  // Where the focus was before the menu was opened.
  assert.equal(
    await page.evaluate(() => document.activeElement?.tagName),
    "SUMMARY",
  );
  await page.reload();
  await waitForScript(page);
  await page.locator("thead th", { hasText: "Type" }).waitFor({
    state: "detached",
  });
}

/** Name and commands of a row stay in sight where its columns do not fit, however it is scrolled. */
export async function scrollWide(page: Page): Promise<void> {
  const size = page.viewportSize()!;
  await page.setViewportSize({ ...size, width: 1_280 });
  const scroller = page.locator(".fleet-wide");
  await scroller.waitFor();
  for (const end of ["left", "right"] as const) {
    // deno-lint-ignore no-await-in-loop -- one end after the other
    const inSight = await scroller.evaluate((region, end) => {
      region.scrollLeft = end === "left" ? 0 : region.scrollWidth;
      const parts = region.querySelectorAll(
        "tbody [data-testid^=action-], tbody .cell-name a",
      );
      return [...parts].map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        const found = document.elementFromPoint(x + width / 2, y + height / 2);
        return part.contains(found);
      });
    }, end);
    assert.ok(inSight.length > 2 && inSight.every(Boolean), `${inSight}`);
  }
  await page.setViewportSize(size);
}

export async function keepView(page: Page): Promise<void> {
  await page.getByTestId("fleet-filter").fill("beta");
  await page.getByTestId("sort-equity").click();
  const menu = page.getByTestId("views-menu");
  await menu.locator("summary").click();
  await menu.getByTestId("view-name").fill("mine");
  await menu.getByTestId("view-save").click();
  await menu.getByTestId("view-mine").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("fleet-filter").fill("");
  await row(page, "alpha").waitFor();
  await page.reload();
  await waitForScript(page);
  await menu.locator("summary").click();
  await menu.getByTestId("view-mine").click();
  await row(page, "alpha").waitFor({ state: "detached" });
  await page.waitForURL("**/?q=beta&sort=equity");
}

export async function shoot(page: Page, name: string): Promise<void> {
  const dir = Deno.env.get("SHOTS");
  if (dir === undefined) return;
  for (const colorScheme of ["dark", "light"] as const) {
    // deno-lint-ignore no-await-in-loop -- one theme after the other
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // deno-lint-ignore no-await-in-loop -- as above
    await page.screenshot({ path: `${dir}/${name}-${colorScheme}.png` });
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
