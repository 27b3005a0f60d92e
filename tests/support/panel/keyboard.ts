/** Ways through a page by keys alone. */
import type { Locator, Page } from "playwright-core";

/** More stops than any page of ours has before what is looked for. */
const MAX_STOPS = 150;

/**
 * Presses Tab, or another key, until an element has the focus.
 *
 * @throws {Error} where no number of presses gets there.
 */
export async function tabTo(
  page: Page,
  target: Locator,
  key = "Tab",
): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < MAX_STOPS; stop++) {
    // deno-lint-ignore no-await-in-loop -- one press after the other
    if (await hasFocus(target)) return;
    // deno-lint-ignore no-await-in-loop -- one press after the other
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not get to ${target}`);
}

/** Tells whether an element has the focus, and can be seen to have it. */
export async function hasFocus(target: Locator): Promise<boolean> {
  return await target.evaluate((element) =>
    element === document.activeElement && element.matches(":focus-visible")
  );
}

/** Waits until an element has the focus, which some are given with the next frame. */
export async function untilFocused(target: Locator): Promise<void> {
  const element = await target.elementHandle();
  await target.page().waitForFunction(
    (wanted) =>
      wanted !== null && wanted === document.activeElement &&
      wanted.matches(":focus-visible"),
    element,
  );
}
