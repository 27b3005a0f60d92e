/** What a page's layout does while it loads. */
import type { Page } from "playwright-core";

/** What core web vitals call good is 0.1; half of it is what nobody sees. */
export const MAX_SHIFT = 0.05;

interface Watched {
  /** Sum of the shifts that no input explains. */
  layoutShift: number;
  /** Elements that moved, by tag and class. */
  moved: string[];
}

/** Makes a page count what moves in it; to be called before it opens any. */
export async function watchLayout(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = { layoutShift: 0, moved: [] };
    Object.assign(globalThis, { watched });
    interface Shift extends PerformanceEntry {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Element | null }[];
    }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[]) {
        if (entry.hadRecentInput) continue;
        watched.layoutShift += entry.value;
        for (const { node } of entry.sources) {
          const element = node?.nodeType === 1 ? node : node?.parentElement;
          if (element) {
            watched.moved.push(`${element.tagName}.${element.className}`);
          }
        }
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** What of the bar's parts is outside of it, and so cut off or over the page. */
export async function barFaultsOf(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const bar = document.querySelector("header.bar");
    const box = bar?.getBoundingClientRect();
    // The names of the pages can be scrolled to.
    const parts = bar?.querySelectorAll(":scope > *, .bar-tools > *") ?? [];
    return [...parts].flatMap((part) => {
      const { left, right, top, bottom } = part.getBoundingClientRect();
      const isOut = right - left > 1 && (left < box!.left ||
        right > box!.right || top < box!.top || bottom > box!.bottom);
      const name = `${part.tagName}.${part.className}`;
      return isOut ? [`${name} is outside of the bar at ${innerWidth} px`] : [];
    });
  });
}

/** What is wrong with the layout of the page that is open: it moved, is wider than the window, or its bar does not hold its parts. */
export async function layoutFaultsOf(page: Page): Promise<string[]> {
  const { layoutShift, moved, width, inner } = await page.evaluate(() => ({
    ...(globalThis as unknown as { watched: Watched }).watched,
    width: document.scrollingElement?.scrollWidth ?? 0,
    inner: globalThis.innerWidth,
  }));
  const { pathname, search } = new URL(page.url());
  const where = `${pathname}${search} at ${inner} px`;
  return [
    ...(layoutShift <= MAX_SHIFT ? [] : [
      `${where} moved by ${layoutShift.toFixed(3)}: ${
        [...new Set(moved)].slice(0, 5).join(", ")
      }`,
    ]),
    ...(width <= inner ? [] : [`${where} is ${width} px wide`]),
    ...(await barFaultsOf(page)).map((fault) => `${pathname}: ${fault}`),
  ];
}
