/**
 * The pages that live trading needs, photographed on a server of their own: it
 * may trade live, and a fake venue takes the place of the exchange.
 *
 * @module
 */
import type { Browser, Page } from "playwright-core";
import * as OTPAuth from "otpauth";
import { setUp, type TestApi } from "../tests/support/api.ts";
import {
  startServer,
  TEST_EMAIL,
  TEST_PASSWORD,
} from "../tests/support/server.ts";
import { withTempDir } from "../tests/support/temp.ts";
import { startFakeVenue } from "../tests/venue/venue.ts";
import { waitAlive } from "../tests/support/panel/alive.ts";

const KEY = { apiKey: "demo-key-7f3a", secret: "demo-secret" };

/** How the pictures are taken. */
export interface LiveScreenshots {
  browser: Browser;
  size: { width: number; height: number };
  photograph(page: Page, name: string): Promise<void>;
}

/** Photographs them in both themes. */
export async function photographLive(options: LiveScreenshots): Promise<void> {
  const venue = startFakeVenue({ seed: 5, credentials: KEY });
  await withTempDir(async (dataDir) => {
    const server = await startServer({
      dataDir,
      env: {
        TRADING_MODE: "live",
        EXCHANGES: "none",
        EXCHANGE_ENDPOINTS: `binance=${venue.url}`,
      },
    });
    try {
      const api = await setUp(server, dataDir);
      const page = await (await options.browser.newContext({
        viewport: options.size,
      })).newPage();
      await page.goto(`${server.url}/login`);
      await page.getByTestId("field-email").fill(TEST_EMAIL);
      await page.getByTestId("field-password").fill(TEST_PASSWORD);
      await page.getByTestId("login-submit").click();
      await page.waitForURL(`${server.url}/`);
      const pages = { page, url: server.url, options };
      for (const theme of ["dark", "light"] as const) {
        // deno-lint-ignore no-await-in-loop -- one page after the other
        await photographEnrolment({ ...pages, theme });
      }
      await addKeys(api);
      for (const theme of ["dark", "light"] as const) {
        // deno-lint-ignore no-await-in-loop -- one page after the other
        await photographKeys({ ...pages, theme });
      }
    } finally {
      await server.stop();
      await venue.stop();
    }
  });
}

interface Pages {
  page: Page;
  url: string;
  theme: "dark" | "light";
  options: LiveScreenshots;
}

async function photographEnrolment(
  { page, url, theme, options }: Pages,
): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(`${url}/settings/second-factor`);
  await page.getByTestId("field-password").fill(TEST_PASSWORD);
  await page.getByTestId("factor-enrol").click();
  await page.getByTestId("factor-secret").waitFor();
  await options.photograph(page, `second-factor-${theme}`);
}

async function photographKeys(
  { page, url, theme, options }: Pages,
): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(`${url}/settings/keys`);
  await options.photograph(page, `keys-${theme}`);
  await page.goto(`${url}/`);
  await waitAlive(page);
  await page.getByTestId("spawn-open").first().click();
  const dialog = page.getByTestId("spawn-dialog");
  await dialog.getByTestId("template-structure-combined").click();
  await dialog.getByTestId("field-mode-live").check({ force: true });
  await dialog.getByTestId("spawn-next").click();
  await dialog.getByTestId("field-name").fill("btc-live");
  await dialog.getByTestId("field-key-main").check();
  await options.photograph(page, `spawn-live-${theme}`);
  await page.evaluate(() => sessionStorage.clear());
}

/** One key that may trade live, and one that may not. */
async function addKeys(api: TestApi): Promise<void> {
  const { secret } = await api.send<{ secret: string }>(
    "POST",
    "/api/account/second-factor",
    { password: TEST_PASSWORD },
  );
  const totp = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) });
  await api.send("POST", "/api/account/second-factor/confirm", {
    code: totp.generate(),
  });
  const add = (label: string) =>
    api.send<{ id: string }>("POST", "/api/exchange-keys", {
      label,
      exchange: "binance",
      ...KEY,
    });
  const { id } = await add("main");
  await api.send("PUT", `/api/exchange-keys/${id}/live`, { allowed: true });
  await add("old laptop");
}
