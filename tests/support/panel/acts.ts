/** What tests of the states of pages do to them: the network breaks, logins end, and what must be seen then. */
import assert from "node:assert/strict";
import type { BrowserContext, Page, Route } from "playwright-core";
import type { Problem } from "../../../lib/contracts/problem.ts";

/** The number of the request in every answer of {@link breakCalls}. */
export const BROKEN_REQUEST = "req_broken";

/** Calls of the page that match get a problem instead of an answer. */
export async function breakCalls(page: Page, url: RegExp): Promise<void> {
  await page.route(url, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "/docs/api.md#agent-unreachable",
        title: "The agent does not answer",
        status: 503,
        detail: "Its worker was asked and said nothing",
        instance: BROKEN_REQUEST,
        code: "AGENT_UNREACHABLE",
      }),
    }));
}

/** Calls of the page that match wait until the answer is called. */
export async function holdCalls(
  page: Page,
  url: RegExp,
): Promise<() => Promise<void>> {
  const released = Promise.withResolvers<void>();
  await page.route(url, async (route) => {
    await released.promise;
    await route.continue().catch(() => {});
  });
  return async () => {
    released.resolve();
    await page.unroute(url);
  };
}

/** Nobody answers the page any more, as far as it asks by script. */
export async function cutOff(page: Page): Promise<void> {
  await page.route(/\/api\//, (route) => route.abort());
}

/** Waits until the chip says how the page is connected. */
export async function seeChip(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid=connection-chip][data-state=${state}]`)
    .waitFor();
}

/** A control is in view, off, and says why; pressing it does nothing. */
export async function seeOff(
  page: Page,
  { testId, why }: { testId: string; why: string },
): Promise<void> {
  const control = page.getByTestId(testId).filter({ visible: true }).first();
  await control.waitFor();
  await page.locator(
    `[data-testid="${testId}"][aria-disabled=true][title*="${why}"]`,
  ).first().waitFor();
  assert.match(await control.innerText(), new RegExp(why));
}

/** The emergency stop can be reached, whatever else cannot. */
export async function seeStopAtHand(page: Page): Promise<void> {
  const stop = page.getByTestId("emergency-stop");
  assert.ok(await stop.isVisible());
  assert.notEqual(await stop.getAttribute("aria-disabled"), "true");
}

/** Ends the login of a window, as another of its tabs can. */
export async function endLogin(context: BrowserContext, url: string) {
  const answer = await context.request.post(`${url}/api/auth/logout`, {
    headers: { origin: url },
  });
  assert.ok(answer.ok(), `${answer.status()} ${await answer.text()}`);
}

/** What a server says whose store does not answer. */
const UNAVAILABLE: Problem = {
  type: "about:blank",
  title: "The store does not answer",
  status: 503,
  detail: "Nothing was done; try again in a moment",
  instance: "req_OF_THE_TEST",
  code: "STORE_UNAVAILABLE",
};

/** Answers a request as a server whose store does not answer. */
export function refuse(route: Route): Promise<void> {
  return route.fulfill({
    status: UNAVAILABLE.status,
    contentType: "application/problem+json",
    body: JSON.stringify(UNAVAILABLE),
  });
}

/** Waits for an error in full, then repeats what failed with the network mended. */
export async function seeErrorAndRetry(
  page: Page,
  pattern: string | RegExp,
): Promise<void> {
  const error = page.locator(".error-state");
  await error.getByText(UNAVAILABLE.title).waitFor();
  await error.getByText(UNAVAILABLE.detail).waitFor();
  await error.getByText(UNAVAILABLE.code, { exact: true }).waitFor();
  await error.getByText(`Request ${UNAVAILABLE.instance}`).waitFor();
  await page.unroute(pattern);
  await error.getByTestId("retry").click();
  await error.waitFor({ state: "detached" });
}

/** The network of the page is gone, and the browser says so. */
export async function goOffline(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await page.getByTestId("page-standing").getByText("has not answered since")
    .waitFor();
}

/** The network is back. */
export async function comeBack(page: Page): Promise<void> {
  await page.context().setOffline(false);
  await page.getByTestId("page-standing").waitFor({ state: "detached" });
}
