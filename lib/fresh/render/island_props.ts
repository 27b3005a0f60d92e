/**
 * Island props as text: devalue for plain data, with three types of our own.
 * All props of a page are one value, so that a signal that two islands share is
 * one signal in the browser as well.
 */
import { computed, Signal, signal } from "@preact/signals";
import { DevalueError, parse, stringify } from "devalue";
import { isValidElement, type VNode } from "preact";

/** The class of computed signals, which the library does not export. */
const ComputedPrototype: object = Object.getPrototypeOf(computed(() => null));

/**
 * Whether `value` is JSX. A signal passes for an element, so it is asked for
 * first.
 */
export function isJsx(value: unknown): value is VNode {
  return !(value instanceof Signal) && isValidElement(value);
}

/**
 * Calls `visit` for each piece of JSX in `value`, at any depth of arrays,
 * objects, maps, sets and signals; what is inside the JSX is left alone.
 */
export function visitJsx(
  value: unknown,
  visit: (vnode: VNode) => void,
  seen = new Set(),
): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Signal) visitJsx(value.peek(), visit, seen);
  else if (isJsx(value)) visit(value);
  else {
    const children = value instanceof Map || value instanceof Set
      ? value
      : Object.values(value);
    for (const child of children) visitJsx(child, visit, seen);
  }
}

/**
 * Writes the props of all islands of a page.
 *
 * @param slotOf The number under which a piece of JSX is found in the page.
 * @throws When a value cannot be written, such as a function or an instance of
 *   a class.
 */
export function stringifyProps(
  props: unknown[],
  slotOf: (vnode: VNode) => number,
): string {
  try {
    return stringify(props, {
      Computed: (value) => isComputed(value) && [value.peek()],
      Signal: (value) => value instanceof Signal && [value.peek()],
      Slot: (value) => isJsx(value) && [slotOf(value)],
    });
  } catch (error) {
    if (!(error instanceof DevalueError)) throw error;
    // The original keeps all props; they must not get into a log.
    throw new TypeError(
      `Cannot pass "${error.path}" to an island: ${error.message}`,
    );
  }
}

/**
 * Reads what `stringifyProps` wrote. A computed signal no longer changes.
 *
 * @param slot Makes the JSX of a slot.
 */
export function parseProps(
  text: string,
  slot: (id: number) => VNode,
): Record<string, unknown>[] {
  return parse(text, {
    Computed: ([value]) => computed(() => value),
    Signal: ([value]) => signal(value),
    Slot: ([id]) => slot(id),
  });
}

function isComputed(value: unknown): value is Signal {
  return value instanceof Signal &&
    Object.getPrototypeOf(value) === ComputedPrototype;
}
