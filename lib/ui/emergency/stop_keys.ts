/** The part of a key event that is looked at. */
export type KeyLike = Pick<
  KeyboardEvent,
  "code" | "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat"
>;

/** Whether keys ask for the emergency stop: Ctrl+Shift+. on any layout. It only opens a question. */
export function isStopKey(
  { code, key, ctrlKey, metaKey, altKey, shiftKey, repeat }: KeyLike,
): boolean {
  return ctrlKey && shiftKey && !metaKey && !altKey && !repeat &&
    (code === "Period" || key === "." || key === ">" || key === ":");
}

/** Whether a click on a link asks for the dialog: a plain one, as for the page it leads to. */
export function isPlainClick(
  { button, ctrlKey, metaKey, altKey, shiftKey, defaultPrevented }: Pick<
    MouseEvent,
    | "button"
    | "ctrlKey"
    | "metaKey"
    | "altKey"
    | "shiftKey"
    | "defaultPrevented"
  >,
): boolean {
  return button === 0 && !ctrlKey && !metaKey && !altKey && !shiftKey &&
    !defaultPrevented;
}
