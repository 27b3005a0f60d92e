import { useSignal } from "@preact/signals";
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import { useEffect, useLayoutEffect, useMemo } from "preact/hooks";
import type { LogEntry } from "../../contracts/log.ts";

/** Height of a line that does not wrap. */
export const ROW_PX = 24;
const OVERSCAN_ROWS = 12;
/** Heights that are remembered; the virtualizer copies them all at each new one, and forgets none by itself. */
const MAX_MEASURED = 500;

/** Rows of one height need no name, and a full list that moves on is not laid out anew. */
const byPlace = (index: number) => index;

/** Which lines are drawn, and where. */
export interface VirtualView {
  items: readonly VirtualItem[];
  totalPx: number;
  /** Given to a drawn row: its height is measured. */
  measure: (row: Element | null) => void;
}

/** What a virtual list shows, and in what. */
export interface VirtualOptions {
  scroller: { current: HTMLDivElement | null };
  lines: readonly LogEntry[];
  wraps: boolean;
}

/** The lines to draw of a list, or null before the browser has measured anything. */
export function useVirtualRows(
  { scroller, lines, wraps }: VirtualOptions,
): VirtualView | null {
  const ticks = useSignal(0);
  const getItemKey = useMemo(
    () => wraps ? (index: number) => lines[index]?.seq ?? index : byPlace,
    [wraps, wraps ? lines : null],
  );
  const options = {
    count: lines.length,
    getScrollElement: () => scroller.current,
    getItemKey,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => ticks.value++,
  };
  const virtualizer = useMemo(
    () => new Virtualizer<HTMLDivElement, HTMLElement>(options),
    [],
  );
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  const measured = useMemo(() => new Set<string>(), [wraps]);
  const measure = useMemo(() => (row: Element | null) => {
    if (!wraps || row === null) return;
    measured.add(row.getAttribute("data-seq") ?? "");
    virtualizer.measureElement(row as HTMLElement);
  }, [wraps]);
  useLayoutEffect(() => virtualizer.measure(), [wraps]);
  useEffect(() => {
    if (measured.size < MAX_MEASURED) return;
    measured.clear();
    virtualizer.measure();
  });
  // Reading the signal repaints this component whenever the virtualizer moves.
  if (ticks.value === 0 && scroller.current === null) return null;
  const items = virtualizer.getVirtualItems();
  if (items.length === 0 && lines.length > 0) return null;
  return {
    items,
    totalPx: virtualizer.getTotalSize(),
    measure,
  };
}

/**
 * How many rows more there are above a line that was there before: older ones
 * were read (positive), or the oldest were dropped (negative).
 */
export function rowsAbove(
  before: readonly LogEntry[],
  after: readonly LogEntry[],
): number {
  const oldFirst = before[0]?.seq;
  const newFirst = after[0]?.seq;
  if (oldFirst === undefined || newFirst === undefined) return 0;
  return placeOf(after, oldFirst) - placeOf(before, newFirst);
}

/** How many lines come before a place in the log. */
function placeOf(lines: readonly LogEntry[], seq: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
