/**
 * Pages in a state: what is arranged before, done on the page, and must be seen.
 * The network is what is simulated; server and browser are real ones.
 *
 * @module
 */
import { NOBODY_LISTENS } from "./cases/alerts.ts";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../browser.ts";
import { type InProcessServer, serveInProcess } from "../in_process.ts";
import { logIn as logInByApi, type TestApi } from "../api.ts";
import { emailOf, storePeople } from "../people.ts";
import { TEST_PASSWORD } from "../server.ts";
import { withTempDir } from "../temp.ts";
import { waitAlive } from "./alive.ts";
import { violationsOf, withAxe } from "./axe.ts";
import { IS_THOROUGH } from "../thorough.ts";
import { LOOKS, Windows } from "./windows.ts";

const TIMEOUT_MS = 20_000;

/** A server with an owner and a guest, and a browser. */
export interface Scene {
  server: InProcessServer;
  browser: Browser;
  windows: Windows;
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
        ALERT_HOSTS: NOBODY_LISTENS,
      },
    });
    const browser = await launchBrowser();
    const windows = new Windows(browser, server.url);
    try {
      const api = await logInByApi(server);
      await run({ server, browser, windows, api });
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}

/** Opens a browser's window in which somebody is logged in, with a login of its own. */
export async function openAs(
  { browser, server }: Scene,
  { name, look }: { name: "owner" | "guest"; look: keyof typeof LOOKS },
): Promise<Page> {
  const context = await browser.newContext(LOOKS[look]);
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
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
  /** Page and state, for the message of a failure: "audit: error". */
  name: string;
  path: string;
  /** Who sees it, null for nobody; the owner where it is left out. */
  who?: "owner" | "guest" | null;
  /** Before the page is opened, such as breaking its network. */
  before?(page: Page): Promise<unknown>;
  /** Brings the state about and sees it. The page is looked at wherever it yields, or at the end if it is no generator. */
  see(page: Page): AsyncGenerator<void> | Promise<unknown>;
}

/** In which look, or in turns: dark on a desk, light on a phone. */
export type Looks = keyof typeof LOOKS | "turns";

/** Goes through all cases; answers with what is wrong, barriers included. */
export async function seeStates(
  { server, windows }: Scene,
  { look, cases }: { look: Looks; cases: readonly StateCase[] },
): Promise<string[]> {
  const faults: string[] = [];
  if (look === "phone" && !IS_THOROUGH) return faults;
  for (const [index, one] of cases.entries()) {
    const who = one.who === undefined ? "owner" : one.who;
    const turn = index % 2 === 0 ? "darkDesk" : "lightPhone";
    const chosen = look === "turns" ? turn : look;
    // deno-lint-ignore no-await-in-loop -- one page after the other
    const context = await windows.open(who, chosen);
    // deno-lint-ignore no-await-in-loop -- one page after the other
    const page = await context.newPage();
    try {
      // deno-lint-ignore no-await-in-loop -- one page after the other
      const found = await seeOne(page, server.url, one);
      faults.push(...found.map((fault) => `${one.name}, ${chosen}: ${fault}`));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      faults.push(`${one.name}, ${chosen}: ${text.slice(0, 400)}`);
    } finally {
      // deno-lint-ignore no-await-in-loop -- one page after the other
      await page.close();
      // deno-lint-ignore no-await-in-loop -- as above
      await windows.keep(who, context);
    }
  }
  return faults;
}

async function seeOne(
  page: Page,
  url: string,
  one: StateCase,
): Promise<string[]> {
  page.setDefaultTimeout(TIMEOUT_MS);
  if (IS_THOROUGH) await withAxe(page);
  await one.before?.(page);
  await page.goto(url + one.path);
  await waitAlive(page);
  const seen = one.see(page);
  if (!(Symbol.asyncIterator in seen)) {
    await seen;
    return await lookAt(page, one.name);
  }
  const faults: string[] = [];
  for await (const _ of seen) faults.push(...await lookAt(page, one.name));
  return faults;
}

/** What is wrong with a page as it is now, whatever its state. */
async function lookAt(page: Page, name: string): Promise<string[]> {
  if (SHOTS !== "") {
    await page.screenshot({
      path: `${SHOTS}/${name.replaceAll(/\W+/g, "-")}.png`,
      fullPage: true,
    });
  }
  await page.evaluate(stillAtTop);
  const width = await page.evaluate(() =>
    document.documentElement.scrollWidth - innerWidth
  );
  return [
    ...(width > 0 ? [`${page.url()} is ${width} px too wide`] : []),
    ...await unexplainedOf(page),
    ...(IS_THOROUGH ? await violationsOf(page) : []),
  ];
}

/** Run in the page: nothing is on its way from one look to another any more. */
async function stillAtTop(): Promise<void> {
  scrollTo(0, 0);
  const passing = document.getAnimations().filter((animation) =>
    animation.effect?.getComputedTiming().iterations !== Infinity
  );
  await Promise.allSettled(passing.map(({ finished }) => finished));
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

/** Folder for pictures of each state, to be looked at; none if empty. */
const SHOTS = Deno.env.get("E2E_SHOTS") ?? "";
