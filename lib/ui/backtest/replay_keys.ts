/** What a key does to a replay. */
export type ReplayMove =
  | "step"
  | "back"
  | "nextEvent"
  | "previousEvent"
  | "toggle";

/** A key that was pressed, and what had the focus. */
export interface ReplayKey {
  key: string;
  shiftKey: boolean;
  /** Control, Alt or the command key: then it is a shortcut of the browser. */
  hasModifier: boolean;
  /** What has the focus: something that is typed in, the scrubber, a button, a part that scrolls or moves by arrows, or none. */
  focus: ReplayFocus;
}

/** See {@link ReplayKey}. */
export type ReplayFocus = "text" | "slider" | "button" | "region" | "none";

/**
 * The move that a key stands for; null where it is none, or where what has the
 * focus uses the key itself: a slider moves by arrows, a button is pressed by
 * Space, a region scrolls.
 */
export function moveOfKey(
  { key, shiftKey, hasModifier, focus }: ReplayKey,
): ReplayMove | null {
  if (hasModifier || focus === "text" || focus === "region") return null;
  if (key === " ") return focus === "button" ? null : "toggle";
  if (focus === "slider") return null;
  if (key === "ArrowRight") return shiftKey ? "nextEvent" : "step";
  if (key === "ArrowLeft") return shiftKey ? "previousEvent" : "back";
  return null;
}

/** What an element uses of the keys itself. */
export function focusOf(target: EventTarget | null): ReplayFocus {
  if (!(target instanceof Element)) return "none";
  if (target.matches('input[type="range"]')) return "slider";
  if (target.closest("input, select, textarea") !== null) return "text";
  if (target.closest("button, a, summary") !== null) return "button";
  return target.closest(".chart-canvas, [tabindex='0']") === null
    ? "none"
    : "region";
}
