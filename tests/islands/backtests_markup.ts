/** What tests of painted backtests share. */
import { ok } from "node:assert/strict";

/** What holds for everything the server paints. */
export function checkMarkup(html: string): void {
  ok(!/\sstyle=/.test(html), "a style attribute breaks the page's policy");
  ok(!/NaN|undefined|\[object|Infinity/.test(html), "no value is shown broken");
}
