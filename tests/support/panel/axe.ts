/** Checks of WCAG in a real page. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Rules of WCAG 2.0 to 2.2, levels A and AA. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Makes the checks available in every page of a context's page. They go in beside the page's own scripts, past its policy. */
export async function withAxe(page: Page): Promise<void> {
  await page.addInitScript(axe.source);
}

/** What is wrong with a page: rule, what it asks for, and the first elements that break it. */
export async function violationsOf(page: Page): Promise<string[]> {
  const found = await page.evaluate(async (tags) => {
    // A colour on its way to another is nobody's choice.
    await Promise.allSettled(
      document.getAnimations()
        .filter(({ effect }) =>
          Number.isFinite(Number(effect?.getComputedTiming().endTime))
        )
        .map(({ finished }) => finished),
    );
    const { axe } = globalThis as unknown as {
      axe: {
        run: (
          root: unknown,
          options: unknown,
        ) => Promise<{ violations: Violation[] }>;
      };
    };
    interface Violation {
      id: string;
      help: string;
      nodes: { target: unknown[]; failureSummary?: string }[];
    }
    const { violations } = await axe.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
    });
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.slice(0, 4).map(({ target, failureSummary = "" }) =>
        `${target.join(" ")} (${failureSummary.split("\n").at(1)?.trim()})`
      ),
    }));
  }, TAGS);
  const { pathname, search } = new URL(page.url());
  return found.map(({ id, help, where }) =>
    `${pathname}${search}: ${id}: ${help}: ${where.join("; ")}`
  );
}
