/** What tests of the states of pages share: who looks, what breaks, and what is seen. */
import assert from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../browser.ts";
import { type InProcessServer, serveInProcess } from "../in_process.ts";
import { logIn as logInByApi, type TestApi } from "../api.ts";
import { emailOf, storePeople } from "../people.ts";
import { TEST_PASSWORD } from "../server.ts";
import { withTempDir } from "../temp.ts";
import { waitAlive } from "./alive.ts";
import { violationsOf, withAxe } from "./axe.ts";
import { IS_THOROUGH } from "./thorough.ts";

/** A server with an owner and a guest, and a browser. */
export interface Scene {
  server: InProcessServer;
  browser: Browser;
  /** As the owner. */
  api: TestApi;
}

/** Runs with a server whose pages soon find out that nobody answers. */
export async function withScene(run: (scene: Scene) => Promise<void>) {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await storePeople(dataDir, { owner: "admin", guest: "viewer" });
    const server = await serveInProcess({
      dataDir,
      env: {
        SIMULATION_SPEED: "3000",
        WEBSOCKET_RECONNECT_ATTEMPTS: "1",
        WEBSOCKET_RECONNECT_DELAY: "50",
      },
    });
    const browser = await launchBrowser();
    try {
      await run({ server, browser, api: await logInByApi(server) });
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}

/** How a page is looked at. */
export const LOOKS = {
  desk: { viewport: { width: 1_440, height: 1_600 }, colorScheme: "light" },
  phone: { viewport: { width: 390, height: 1_600 }, colorScheme: "dark" },
} as const;

/** Opens a browser's window in which somebody is logged in. */
export async function openAs(
  { browser, server }: Scene,
  { name, look }: { name: "owner" | "guest"; look: keyof typeof LOOKS },
): Promise<Page> {
  const context = await browser.newContext(LOOKS[look]);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  if (IS_THOROUGH) await withAxe(page);
  await fillLogin(page, { url: server.url, name });
  return page;
}

/** Logs in by the form. */
export async function fillLogin(
  page: Page,
  { url, name }: { url: string; name: string },
): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByTestId("field-email").fill(emailOf(name));
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("field-password").press("Enter");
  await page.waitForURL(`${url}/`);
}

/** One state of a page: how the page gets there, what must be seen, and the way back. */
export interface StateCase {
  /** Page and state, for the message of a failure. */
  name: string;
  path: string;
  /** Who sees it; the owner where it is left out. */
  who?: "guest";
  /** Before the page is opened, such as breaking its network. */
  before?(page: Page): Promise<unknown>;
  /** Brings the state about and sees it; what it yields at is also looked at through axe. */
  see(page: Page): AsyncGenerator<void>;
}

/** Goes through all cases in one look; answers with the barriers that were found. */
export async function seeStates(
  scene: Scene,
  { look, cases }: { look: keyof typeof LOOKS; cases: readonly StateCase[] },
): Promise<string[]> {
  const faults: string[] = [];
  if (look === "phone" && !IS_THOROUGH) return faults;
  const pages: Partial<Record<"owner" | "guest", Page>> = {};
  for (const one of cases) {
    const who = one.who ?? "owner";
    // deno-lint-ignore no-await-in-loop -- one state after the other
    const page = pages[who] ??= await openAs(scene, { name: who, look });
    try {
      // deno-lint-ignore no-await-in-loop -- one state after the other
      faults.push(...await seeOne(page, scene.server.url, one));
    } catch (error) {
      throw new Error(`${one.name}, ${look}`, { cause: error });
    }
  }
  return faults;
}

async function seeOne(
  page: Page,
  url: string,
  { path, before, see }: StateCase,
): Promise<string[]> {
  const faults: string[] = [];
  // Another document even where only the fragment differs.
  await page.goto("about:blank");
  await before?.(page);
  await page.goto(url + path);
  await waitAlive(page);
  for await (const _ of see(page)) {
    await page.evaluate(() => scrollTo(0, 0));
    if (IS_THOROUGH) faults.push(...await violationsOf(page));
    faults.push(...await unexplainedOf(page));
    const width = await page.evaluate(() =>
      document.documentElement.scrollWidth - innerWidth
    );
    if (width > 0) faults.push(`${page.url()} is ${width} px too wide`);
  }
  await page.unrouteAll({ behavior: "ignoreErrors" });
  return faults;
}

/** Every dash that stands for an unknown value and does not say why it is unknown. */
async function unexplainedOf(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll("main *")].filter((element) =>
      element.childElementCount === 0 && element.textContent?.trim() === "—" &&
      element.closest("[title]") === null
    ).map((element) =>
      `unexplained: ${element.parentElement?.outerHTML.slice(0, 200)}`
    )
  );
}

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
