/** Lists of the agent's page that go on by themselves, and what they do while nobody looks. */
import type { Page } from "playwright-core";
import type { AgentView } from "../../../lib/contracts/agent.ts";
import type { Subject } from "./config_walk.ts";

/** Trades come when the market lets them. */
const NEXT_ORDER_MS = 60_000;

/** Longer than any list waits before it asks again. */
const LOOKED_MS = 2_500;

/** What is ordered while the tab is open is shown: once, and then again. */
export async function followOrders(page: Page): Promise<void> {
  await page.getByTestId("tab-orders").click();
  const row = page.getByTestId("orders-table").locator("tbody tr").first();
  for (let look = 0; look < 2; look++) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    const before = await row.innerText();
    // deno-lint-ignore no-await-in-loop -- one after the other
    await page.waitForFunction(
      (text) =>
        document.querySelector<HTMLElement>(
          "[data-testid=orders-table] tbody tr",
        )?.innerText !== text,
      before,
      { timeout: NEXT_ORDER_MS },
    );
  }
}

/** What came while nobody looked is asked for as soon as somebody does, also where nothing more comes. */
export async function lookBack(
  page: Page,
  { api, id }: Subject,
): Promise<void> {
  const control = (action: string) =>
    api.send("POST", `/api/agents/${id}/control`, { action });
  for (
    const { tab, call } of [
      { tab: "orders", call: /\/orders\?/ },
      { tab: "decisions", call: /\/decisions$/ },
    ]
  ) {
    // deno-lint-ignore-start no-await-in-loop -- one tab after the other
    await page.getByTestId(`tab-${tab}`).click();
    await page.getByTestId(`${tab}-panel`).waitFor();
    await beSeen(page, "hidden");
    const { progress } = await api.get<AgentView>(`/api/agents/${id}`);
    await api.waitForAgent(id, (now) => now.progress.seq > progress.seq + 1);
    // One that is paused goes on from candle to candle.
    await control("stop");
    await api.waitForAgent(id, ({ observed }) => observed === "stopped");
    // Whatever the page has set a time for has had it by then.
    await page.evaluate(
      (ms) => new Promise<void>((done) => setTimeout(done, ms)),
      LOOKED_MS,
    );
    const asked = [call, /\/chart\?/].map((url) => page.waitForRequest(url));
    await beSeen(page, "visible");
    await Promise.all(asked);
    await control("start");
    await api.waitForAgent(id, ({ observed }) => observed === "running");
    // deno-lint-ignore-end no-await-in-loop
  }
}

async function beSeen(
  page: Page,
  state: DocumentVisibilityState,
): Promise<void> {
  await page.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", {
      configurable: true,
      get: () => now,
    });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}
