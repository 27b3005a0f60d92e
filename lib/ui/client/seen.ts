/** The part of `document` that says whether the page is seen. */
export interface SeenPage {
  readonly visibilityState: DocumentVisibilityState;
  addEventListener(type: "visibilitychange", listener: () => void): void;
  removeEventListener(type: "visibilitychange", listener: () => void): void;
}

/**
 * Runs once when `afterMs` have passed and the page is seen: where it is not seen
 * then, as soon as it is, because nothing else may ask again. The answer cancels it.
 */
export function onceSeen(
  run: () => void,
  { afterMs, page = globalThis.document }: {
    afterMs: number;
    page?: SeenPage;
  },
): () => void {
  const lookAgain = () => {
    if (page.visibilityState !== "visible") return;
    page.removeEventListener("visibilitychange", lookAgain);
    run();
  };
  const timer = setTimeout(() => {
    if (page.visibilityState === "visible") run();
    else page.addEventListener("visibilitychange", lookAgain);
  }, afterMs);
  return () => {
    clearTimeout(timer);
    page.removeEventListener("visibilitychange", lookAgain);
  };
}
