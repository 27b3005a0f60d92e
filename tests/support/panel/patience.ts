import type { Browser, Page } from "playwright-core";
import { waitAlive } from "./alive.ts";

/** Far more than any page takes; where its scripts are kept from it, a test goes on without them. */
const ALIVE_MS = 10_000;

/**
 * Lets every page of a browser wait for its islands whenever a test goes to
 * another: what is pressed before is pressed on a page without script, and
 * whether that happens depends on how busy the machine is.
 */
export function waitForIslands(browser: Browser): Browser {
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    if (options?.javaScriptEnabled !== false) context.on("page", makePatient);
    return context;
  };
  return browser;
}

function makePatient(page: Page): void {
  const alive = async () => {
    await waitAlive(page, { timeout: ALIVE_MS }).catch(() => {});
  };
  const { goto, reload, waitForURL } = page;
  page.goto = async (...args) => {
    const response = await goto.apply(page, args);
    await alive();
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload.apply(page, args);
    await alive();
    return response;
  };
  page.waitForURL = async (...args) => {
    await waitForURL.apply(page, args);
    await alive();
  };
}
