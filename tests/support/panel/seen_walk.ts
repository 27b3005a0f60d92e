/** Lists of the agent's page that go on by themselves, and what they do while nobody looks. */
import type { Page } from "playwright-core";
import type { AgentView } from "../../../lib/contracts/agent.ts";
import type { Subject } from "./config_walk.ts";

/** Trades come when the market lets them. */
const NEXT_ORDER_MS = 60_000;

/** What waits then until somebody looks: the chart, and the list of the tab. */
const WAITING = 2;

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
    await page.waitForFunction(
      (count) => document.waiting!.size >= count,
      WAITING,
    );
    const asked = [call, /\/chart\?/].map((url) => page.waitForRequest(url));
    await beSeen(page, "visible");
    await Promise.all(asked);
    await control("start");
    await api.waitForAgent(id, ({ observed }) => observed === "running");
    // deno-lint-ignore-end no-await-in-loop
  }
}

type Listening = Parameters<Document["addEventListener"]>;

declare global {
  interface Document {
    /** Who waits until the page is seen, of those who began after it was first hidden. */
    waiting?: Set<unknown>;
  }
}

/** Hides or shows the page, and has it know from then on who waits to see it. */
async function beSeen(
  page: Page,
  state: DocumentVisibilityState,
): Promise<void> {
  await page.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", {
      configurable: true,
      get: () => now,
    });
    if (document.waiting === undefined) {
      const waiting = document.waiting = new Set<unknown>();
      const { addEventListener, removeEventListener } = document;
      document.addEventListener = (...args: Listening) => {
        if (args[0] === "visibilitychange") waiting.add(args[1]);
        addEventListener.apply(document, args);
      };
      document.removeEventListener = (...args: Listening) => {
        waiting.delete(args[1]);
        removeEventListener.apply(document, args);
      };
    }
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}
