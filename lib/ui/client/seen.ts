import { type Schedule, schedule } from "./schedule.ts";

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
  { afterMs, page = globalThis.document, later = schedule }: {
    afterMs: number;
    page?: SeenPage;
    later?: Schedule;
  },
): () => void {
  const lookAgain = () => {
    if (page.visibilityState !== "visible") return;
    page.removeEventListener("visibilitychange", lookAgain);
    run();
  };
  const cancel = later(afterMs, () => {
    if (page.visibilityState === "visible") run();
    else page.addEventListener("visibilitychange", lookAgain);
  });
  return () => {
    cancel();
    page.removeEventListener("visibilitychange", lookAgain);
  };
}
