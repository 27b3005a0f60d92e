/**
 * Pages in a state: what is arranged before, done on the page, and must be seen.
 * The network is what is simulated; the server is a real one.
 */
import type { Browser, BrowserContext, Page, Route } from "playwright-core";
import type { Problem } from "../../../lib/contracts/problem.ts";
import { emailOf } from "../people.ts";
import { TEST_PASSWORD } from "../server.ts";
import { waitAlive } from "./alive.ts";
import { violationsOf, withAxe } from "./axe.ts";
import { IS_THOROUGH } from "./thorough.ts";

/** One page in one state. */
export interface StateCase {
  /** "audit: error". */
  name: string;
  /** Who looks, by name; null for nobody. */
  who: string | null;
  path: string;
  /** Before the page is opened. */
  arrange?(page: Page): Promise<unknown>;
  /** Does what leads to the state, and waits for what must be seen. */
  see(page: Page): Promise<unknown>;
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

type Login = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Logs somebody in, in a browser of their own. */
export async function logInBrowser(
  browser: Browser,
  { url, who }: { url: string; who: string },
): Promise<Login> {
  const context = await browser.newContext();
  const answer = await context.request.post(`${url}/login`, {
    form: { email: emailOf(who), password: TEST_PASSWORD },
    headers: { origin: url },
    maxRedirects: 0,
  });
  if (answer.status() !== 303) {
    throw new Error(`${who} cannot log in: ${await answer.text()}`);
  }
  const login = await context.storageState();
  await context.close();
  return login;
}

/** Who looks is logged in once; a password takes long to check. */
async function loginsOf(
  browser: Browser,
  { url, cases }: { url: string; cases: readonly StateCase[] },
): Promise<Map<string | null, Login>> {
  const names = new Set(cases.map(({ who }) => who).filter((who) => who));
  const logins = new Map<string | null, Login>();
  for (const who of names) {
    // deno-lint-ignore no-await-in-loop -- a few people
    logins.set(who, await logInBrowser(browser, { url, who: who! }));
  }
  return logins;
}

/** Goes through all cases; answers with what is wrong. */
export async function faultsOfStates(
  browser: Browser,
  { url, cases }: { url: string; cases: readonly StateCase[] },
): Promise<string[]> {
  const faults: string[] = [];
  const windows = new Windows(browser, await loginsOf(browser, { url, cases }));
  for (const [index, { name, who, path, arrange, see }] of cases.entries()) {
    // deno-lint-ignore no-await-in-loop -- one page after the other
    const context = await windows.open(who, { isDark: index % 2 === 0 });
    // deno-lint-ignore no-await-in-loop -- one page after the other
    const page = await context.newPage();
    try {
      // deno-lint-ignore no-await-in-loop -- one page after the other
      faults.push(...await lookAt(page, { url, name, path, arrange, see }));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      faults.push(`${name}: ${text.slice(0, 400)}`);
    } finally {
      // deno-lint-ignore no-await-in-loop -- one page after the other
      await page.close();
    }
  }
  return faults;
}

/** Browsers' windows by who looks and how; each is used again with its cache, as if nothing had happened in it. */
class Windows {
  readonly #browser: Browser;
  readonly #logins: ReadonlyMap<string | null, Login>;
  readonly #open = new Map<string, BrowserContext>();

  constructor(browser: Browser, logins: ReadonlyMap<string | null, Login>) {
    this.#browser = browser;
    this.#logins = logins;
  }

  /** Themes and widths go together, so that each is looked at. */
  async open(
    who: string | null,
    { isDark }: { isDark: boolean },
  ): Promise<BrowserContext> {
    const name = `${who} ${isDark}`;
    const known = this.#open.get(name);
    const context = known ?? await this.#browser.newContext({
      colorScheme: isDark ? "dark" : "light",
      // So high that nothing is behind what sticks to the lower edge.
      viewport: { width: isDark ? 1_440 : 390, height: 1_600 },
    });
    this.#open.set(name, context);
    await context.setOffline(false);
    await context.clearCookies();
    await context.addCookies(this.#logins.get(who)?.cookies ?? []);
    return context;
  }
}

async function lookAt(
  page: Page,
  { url, name, path, arrange, see }: {
    url: string;
    name: string;
    path: string;
    arrange: StateCase["arrange"];
    see: StateCase["see"];
  },
): Promise<string[]> {
  page.setDefaultTimeout(20_000);
  if (IS_THOROUGH) await withAxe(page);
  await arrange?.(page);
  await page.goto(url + path);
  await waitAlive(page);
  await see(page);
  if (SHOTS !== "") {
    await page.screenshot({
      path: `${SHOTS}/${name.replaceAll(/\W+/g, "-")}.png`,
      fullPage: true,
    });
  }
  await page.evaluate(stillAtTop);
  const width = await page.evaluate(() => [
    document.scrollingElement?.scrollWidth ?? 0,
    innerWidth,
  ]);
  return [
    ...(width[0]! > width[1]! ? [`${name}: wider than the window`] : []),
    ...(IS_THOROUGH ? await violationsOf(page) : [])
      .map((fault) => `${name}: ${fault}`),
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

/** Folder for pictures of each state, to be looked at; none if empty. */
const SHOTS = Deno.env.get("E2E_SHOTS") ?? "";
