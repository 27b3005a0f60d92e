/** Parts of pages that are there only once somebody has opened them. */
import type { Page } from "playwright-core";
import type { Shown } from "./pages.ts";

/** One part: the page it is on, and what is done until each of its looks is there. */
interface Part {
  path: string;
  /** Opens it; yields at each look that is to be checked. */
  open(page: Page): AsyncGenerator<void>;
}

/** Everything that opens, by name. */
export function partsOf({ agent }: Shown): Readonly<Record<string, Part>> {
  return {
    "fleet without a stream": {
      path: "/logs",
      open: (page) => lose(page, "/"),
    },
    "agent without a stream": {
      path: "/logs",
      open: (page) => lose(page, `/agents/${agent}`),
    },
    "backtests without a stream": {
      path: "/logs",
      open: (page) => lose(page, "/backtests"),
    },
    "account menu": { path: "/", open: openMenu },
    "emergency dialog": { path: "/", open: openEmergency },
    "card of an agent": { path: "/", open: openCard },
    "batch bar and confirmation": { path: "/", open: openBatch },
    "spawn dialog": { path: "/", open: openSpawn },
    "tabs of an agent": { path: `/agents/${agent}`, open: openTabs },
    "line of a log": { path: "/logs", open: openLine },
  };
}

/** A page whose stream does not come: its values are stale. */
async function* lose(page: Page, path: string): AsyncGenerator<void> {
  const stream = /\/api\/stream/;
  await page.route(stream, (route) => route.abort());
  await page.goto(new URL(path, page.url()).href);
  await page.locator(".stale").first().waitFor();
  yield;
  await page.unroute(stream);
}

async function* openMenu(page: Page): AsyncGenerator<void> {
  await page.locator(".menu > summary").click();
  await page.getByTestId("logout").waitFor();
  yield;
}

async function* openEmergency(page: Page): AsyncGenerator<void> {
  await page.keyboard.press("ControlOrMeta+Shift+Period");
  await page.getByTestId("stop-now").waitFor();
  yield;
}

async function* openCard(page: Page): AsyncGenerator<void> {
  await page.getByTestId("row-expand").first().click();
  await page.getByTestId("agent-card").waitFor();
  yield;
}

async function* openBatch(page: Page): AsyncGenerator<void> {
  await page.getByLabel("Select shown", { exact: true }).check();
  await page.getByTestId("batch-bar").waitFor();
  yield;
  await page.getByTestId("batch-stop").click();
  await page.getByTestId("confirm-submit").waitFor();
  yield;
}

/** Every step, the first one also with a mistake that is explained. */
async function* openSpawn(page: Page): AsyncGenerator<void> {
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.getByTestId("template-structure-combined").click();
  yield;
  await dialog.getByTestId("spawn-next").click();
  const name = dialog.getByTestId("field-name");
  await name.fill("x");
  await name.blur();
  await dialog.getByTestId("error-name").waitFor();
  yield;
  await name.fill("a-good-name");
  await dialog.getByTestId("error-name").waitFor({ state: "detached" });
  while (!await dialog.getByTestId("spawn-submit").isVisible()) {
    const step = dialog.getByTestId("spawn-step");
    const before = await step.getAttribute("data-step");
    await dialog.getByTestId("spawn-next").click();
    await page.waitForFunction(
      (old) =>
        document.querySelector('[data-testid="spawn-step"]')
          ?.getAttribute("data-step") !== old,
      before,
    );
    yield;
  }
}

async function* openTabs(page: Page): AsyncGenerator<void> {
  const tabs = page.getByRole("tab");
  for (let n = 0; n < await tabs.count(); n++) {
    await tabs.nth(n).click();
    yield;
  }
  await page.getByTestId("tab-config").click();
  await page.getByTestId("config-edit").click();
  await page.getByTestId("config-review").waitFor();
  yield;
}

async function* openLine(page: Page): AsyncGenerator<void> {
  await page.getByTestId("log-row").first().click();
  await page.getByTestId("log-detail").waitFor();
  yield;
}
