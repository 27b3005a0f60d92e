/** Checks of WCAG in a real page. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Rules of WCAG 2.0 to 2.2, levels A and AA. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Rules whose answer depends on colours and sizes, and so on the look. */
const RULES_OF_LOOKS = [
  "color-contrast",
  "link-in-text-block",
  "scrollable-region-focusable",
  "target-size",
];

/** Makes the checks available in every page of a context's page. They go in beside the page's own scripts, past its policy. */
export async function withAxe(page: Page): Promise<void> {
  await page.addInitScript(axe.source);
}

/**
 * What is wrong with a page: rule, what it asks for, and the first elements that
 * break it. `ofLook`: only what may be another in each look.
 */
export async function violationsOf(
  page: Page,
  { ofLook = false }: { ofLook?: boolean } = {},
): Promise<string[]> {
  const only = ofLook
    ? { type: "rule", values: RULES_OF_LOOKS }
    : { type: "tag", values: TAGS };
  const found = await page.evaluate(async (runOnly) => {
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
      runOnly,
      resultTypes: ["violations"],
    });
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.slice(0, 4).map(({ target, failureSummary = "" }) =>
        `${target.join(" ")} (${failureSummary.split("\n").at(1)?.trim()})`
      ),
    }));
  }, only);
  const { pathname, search } = new URL(page.url());
  return found.map(({ id, help, where }) =>
    `${pathname}${search}: ${id}: ${help}: ${where.join("; ")}`
  );
}
