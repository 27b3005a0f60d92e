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

/** What is wrong with the layout of the page that is open: it moved, or is wider than the window. */
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
  ];
}
