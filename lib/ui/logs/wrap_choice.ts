/** Whether long lines of a log go on below; kept in the browser, for all its logs. */
const KEY = "smc.logs.wrap";

/** What was chosen last; a browser that keeps nothing cuts them. */
export function loadWraps(storage: Pick<Storage, "getItem">): boolean {
  try {
    return storage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

/** Keeps the choice, where the browser keeps anything. */
export function saveWraps(
  storage: Pick<Storage, "setItem">,
  wraps: boolean,
): void {
  try {
    storage.setItem(KEY, wraps ? "on" : "off");
  } catch {
    // It holds until the page is left.
  }
}
