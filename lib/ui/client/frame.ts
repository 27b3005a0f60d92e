/** How often a page that nobody sees takes in what came. */
const UNSEEN_MS = 250;

/**
 * Runs something once before the next paint, or the first one after a while. A
 * hidden page paints nothing, so there it runs by time: what waits must not
 * grow without end.
 */
export function beforePaint(run: () => void, afterMs = 0): void {
  if (afterMs > 0) {
    setTimeout(() => beforePaint(run), afterMs);
    return;
  }
  if (document.visibilityState !== "visible") {
    setTimeout(run, UNSEEN_MS);
    return;
  }
  let hasRun = false;
  const once = () => {
    if (hasRun) return;
    hasRun = true;
    run();
  };
  requestAnimationFrame(once);
  // The page may be hidden before it paints again.
  setTimeout(once, UNSEEN_MS);
}
