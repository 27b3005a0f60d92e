/**
 * The keys that work on every page. No single key stops or kills anything, and
 * all of them are off while somebody types and for who has turned them off.
 *
 * @module
 */

/** What a key asks for. */
export type ShellWish =
  | { kind: "go"; key: string }
  | { kind: "palette" | "sheet" | "filter" | "spawn" | "theme" | "emergency" };

/** The part of a keyboard event that is looked at. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey"
>;

/** A second key counts as one of a pair for so long. */
export const PAIR_MS = 1_500;

const SINGLE: Readonly<Record<string, ShellWish>> = {
  "?": { kind: "sheet" },
  "/": { kind: "filter" },
  n: { kind: "spawn" },
  t: { kind: "theme" },
};

/** Reads keys one after the other. */
export class ShellKeys {
  readonly #pages: ReadonlySet<string>;
  readonly #now: () => number;
  #pairSince = Number.NEGATIVE_INFINITY;

  constructor(
    { pages, now }: { pages: readonly string[]; now: () => number },
  ) {
    this.#pages = new Set(pages);
    this.#now = now;
  }

  /** What this key asks for; null for nothing. `isQuiet`: single keys mean nothing now. */
  read(press: KeyPress, { isQuiet }: { isQuiet: boolean }): ShellWish | null {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = press;
    if (ctrlKey || metaKey) {
      this.#pairSince = Number.NEGATIVE_INFINITY;
      if (altKey) return null;
      if (!shiftKey && key.toLowerCase() === "k") return { kind: "palette" };
      // With Shift, some layouts give the character above the full stop.
      const isStop = shiftKey && (key === "." || key === ">" || key === ":");
      return isStop ? { kind: "emergency" } : null;
    }
    if (altKey || isQuiet) return null;
    if (this.#now() - this.#pairSince <= PAIR_MS) {
      this.#pairSince = Number.NEGATIVE_INFINITY;
      return this.#pages.has(key) ? { kind: "go", key } : null;
    }
    if (key === "g") {
      this.#pairSince = this.#now();
      return null;
    }
    return Object.hasOwn(SINGLE, key) ? SINGLE[key]! : null;
  }
}

/** Whether keys go into what has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "range"].includes(
      target.type,
    );
  }
  return target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement;
}
