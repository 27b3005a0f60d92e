import type { Browser, BrowserContext } from "playwright-core";
import { emailOf } from "../people.ts";
import { TEST_PASSWORD } from "../server.ts";

/** So high that nothing is behind what sticks to the lower edge. */
const HEIGHT = 1_600;

/** How a page is looked at. */
export const LOOKS = {
  desk: { viewport: { width: 1_440, height: HEIGHT }, colorScheme: "light" },
  darkDesk: { viewport: { width: 1_440, height: HEIGHT }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: HEIGHT }, colorScheme: "dark" },
  lightPhone: {
    viewport: { width: 390, height: HEIGHT },
    colorScheme: "light",
  },
} as const;

type Login = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Logs somebody in, in a window that is closed again. */
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

/** Browsers' windows by who looks and how; each is used again with its cache, as if nothing had happened in it. */
export class Windows {
  readonly #browser: Browser;
  readonly #url: string;
  /** Who looks is logged in once; a password takes long to check. */
  readonly #logins = new Map<string, Login>();
  readonly #open = new Map<string, BrowserContext>();

  constructor(browser: Browser, url: string) {
    this.#browser = browser;
    this.#url = url;
  }

  /** A window of somebody, or of nobody. */
  async open(
    who: string | null,
    look: keyof typeof LOOKS,
  ): Promise<BrowserContext> {
    const name = `${who} ${look}`;
    const context = this.#open.get(name) ??
      await this.#browser.newContext(LOOKS[look]);
    this.#open.set(name, context);
    await context.setOffline(false);
    await context.clearCookies();
    if (who !== null) {
      const { cookies } = this.#logins.get(who) ?? await this.#logIn(who);
      await context.addCookies(cookies);
    }
    return context;
  }

  /** Somebody may have logged in anew in the window, because the login before had ended. */
  async keep(who: string | null, context: BrowserContext): Promise<void> {
    const login = await context.storageState();
    const isLoggedIn = login.cookies.some(({ name }) =>
      name.includes("session")
    );
    if (who !== null && isLoggedIn) this.#logins.set(who, login);
  }

  async #logIn(who: string): Promise<Login> {
    const login = await logInBrowser(this.#browser, { url: this.#url, who });
    this.#logins.set(who, login);
    return login;
  }
}
