import type { ChartSession } from "./chart_session.ts";

/** What each key does while the chart has the focus. */
const KEYS: Readonly<Record<string, (session: ChartSession) => void>> = {
  ArrowLeft: (session) => session.step(-1),
  ArrowRight: (session) => session.step(1),
  PageUp: (session) => session.step(-10),
  PageDown: (session) => session.step(10),
  Home: (session) => session.goToEnd("first"),
  End: (session) => session.goToEnd("newest"),
  ArrowUp: (session) => session.stepSeries(-1),
  ArrowDown: (session) => session.stepSeries(1),
  "+": (session) => session.zoom(0.7),
  "=": (session) => session.zoom(0.7),
  "-": (session) => session.zoom(1.4),
  Enter: (session) => session.summarize(),
  o: (session) => session.toggleAll(),
  Escape: (session) => session.selection.value = null,
};

/** Takes a key that the chart knows; others stay the page's. */
export function onChartKey(event: KeyboardEvent, session: ChartSession): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
  if (act === undefined) return;
  act(session);
  event.preventDefault();
}
