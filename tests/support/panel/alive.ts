import type { Page } from "playwright-core";

/**
 * Waits until the islands of a page are alive. Before that its buttons are those
 * of a page without script: what is pressed then goes to the server.
 */
export async function waitAlive(
  page: Page,
  options: { timeout?: number } = {},
): Promise<void> {
  await page.waitForFunction(isAlive, null, options);
}

/** Run in the page: its islands are alive and painted. */
export function isAlive(): false | Promise<boolean> {
  return document.querySelector("script[data-frsh-boot]") === null &&
    new Promise((resolve) =>
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))
    );
}
