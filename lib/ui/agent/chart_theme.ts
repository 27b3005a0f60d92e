/** Colours of the chart, taken from the design tokens of the page. */
export interface ChartTheme {
  canvas: string;
  text: string;
  muted: string;
  grid: string;
  border: string;
  accent: string;
  up: string;
  down: string;
  upFill: string;
  downFill: string;
  upWeak: string;
  downWeak: string;
}

/** Reads the tokens as they apply now. */
export function readChartTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    canvas: token("--surface"),
    text: token("--text"),
    muted: token("--text-muted"),
    grid: token("--grid"),
    border: token("--border"),
    accent: token("--accent"),
    up: token("--up"),
    down: token("--down"),
    upFill: token("--up-fill"),
    downFill: token("--down-fill"),
    upWeak: token("--up-fill-weak"),
    downWeak: token("--down-fill-weak"),
  };
}

/** Whether nothing is to move by itself: chosen for the panel, or for the system. */
export function isCalm(): boolean {
  const { motion } = document.documentElement.dataset;
  return motion === "reduced" ||
    matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Calls back whenever the page gets other colours; answers with how to end that. */
export function onThemeChange(repaint: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: light)");
  addEventListener("themechange", repaint);
  system.addEventListener("change", repaint);
  return () => {
    removeEventListener("themechange", repaint);
    system.removeEventListener("change", repaint);
  };
}
