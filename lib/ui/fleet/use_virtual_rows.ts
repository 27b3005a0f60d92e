import { useComputed, useSignal } from "@preact/signals";
import type { Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { RowAdmission } from "./row_admission.ts";

/** Rows above which only those in sight are drawn. */
export const VIRTUAL_ABOVE = 100;
/** Rows that the server paints of such a table, one page of it. */
export const PAGE_ROWS = 25;

const ROW_PX = 37;
const HEAD_PX = 33;
const OVERSCAN_ROWS = 4;

/** A row that is drawn, and the empty space before it. */
export interface DrawnRow {
  id: string;
  index: number;
  gapPx: number;
}

/** What is drawn of a long table. */
export interface VirtualRows {
  rows: readonly DrawnRow[];
  /** Empty space after the last row. */
  endPx: number;
}

/** How rows tell their height and are found. */
export interface RowWindow {
  view: VirtualRows | null;
  /** Watches the height of a row or card. The answer ends that. */
  measure: (element: HTMLElement) => () => void;
  scrollTo: (index: number) => void;
}

type Library = typeof import("@tanstack/virtual-core");
type Rows = Virtualizer<HTMLDivElement, HTMLElement>;

/** Draws of a table with many rows those in sight; `view` is null while all of it is drawn. The code for it is loaded when it is needed. */
export function useVirtualRows(
  { scroller, ids, painted, keep }: {
    scroller: RefObject<HTMLDivElement>;
    ids: readonly string[];
    /** Rows that the server has painted. */
    painted: readonly string[];
    /** A row that is drawn wherever it is: it has the focus. */
    keep: string | null;
  },
): RowWindow {
  const library = useSignal<Library | null>(null);
  const isLong = ids.length > VIRTUAL_ABOVE;
  useEffect(() => {
    if (!isLong || library.peek() !== null) return;
    // Without it the table stays as the server has painted it, page by page.
    import("@tanstack/virtual-core").then(
      (loaded) => library.value = loaded,
      () => {},
    );
  }, [isLong]);
  const heights = useHeights();
  const { rows, repaint } = useRows(library.value, {
    scroller,
    ids,
    keep,
    heights,
  });
  heights.tell.current = (id, px) => {
    const index = ids.indexOf(id);
    if (index >= 0) rows?.resizeItem(index, px);
  };
  const admission = useMemo(() => new RowAdmission(painted), [rows]);
  const view = rows === null || !isLong
    ? null
    : drawn(rows, { ids, keep, admission });
  useFrames(admission, { isAll: view?.isAll ?? true, repaint });
  return {
    view,
    measure: heights.measure,
    scrollTo: (index) => rows?.scrollToIndex(index, { align: "auto" }),
  };
}

/** After each frame in which the table was drawn anew, a few more rows may come in. */
function useFrames(
  admission: RowAdmission,
  { isAll, repaint }: { isAll: boolean; repaint: () => void },
): void {
  const asked = useRef(false);
  const waits = useRef(false);
  waits.current = !isAll;
  useLayoutEffect(() => {
    if (asked.current) return;
    asked.current = true;
    const onFrame = () => {
      asked.current = false;
      admission.onFrame();
      if (waits.current) repaint();
    };
    // After it: in it, the rows of two turns would be laid out together.
    requestAnimationFrame(() => setTimeout(onFrame));
  });
}

interface RowsOptions {
  scroller: RefObject<HTMLDivElement>;
  ids: readonly string[];
  keep: string | null;
  heights: Heights;
}

function useRows(
  library: Library | null,
  { scroller, ids, keep, heights }: RowsOptions,
): { rows: Rows | null; repaint: () => void } {
  const ticks = useSignal(0);
  const kept = keep === null ? -1 : ids.indexOf(keep);
  const options = library === null ? null : {
    count: ids.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index: number) => ids[index] ?? index,
    estimateSize: (index: number) =>
      heights.of(ids[index] ?? "") ?? heights.usual(),
    overscan: OVERSCAN_ROWS,
    paddingStart: 0,
    scrollPaddingStart: HEAD_PX,
    scrollToFn: library.elementScroll,
    observeElementRect: library.observeElementRect,
    observeElementOffset: library.observeElementOffset,
    rangeExtractor: (range: Parameters<Library["defaultRangeExtractor"]>[0]) =>
      withKept(library.defaultRangeExtractor(range), kept),
    onChange: () => ticks.value++,
  };
  const rows = useMemo(
    () =>
      library === null || options === null
        ? null
        : new library.Virtualizer<HTMLDivElement, HTMLElement>(options),
    [library],
  );
  if (options !== null) rows?.setOptions(options);
  useEffect(() => rows?._didMount(), [rows]);
  useLayoutEffect(() => rows?._willUpdate());
  // Reading the signal repaints the table whenever the window moves.
  useComputed(() => ticks.value).value;
  return { rows, repaint: () => void ticks.value++ };
}

function withKept(indexes: number[], kept: number): number[] {
  if (kept < 0 || indexes.includes(kept)) return indexes;
  return [...indexes, kept].sort((a, b) => a - b);
}

function drawn(
  rows: Rows,
  { ids, keep, admission }: {
    ids: readonly string[];
    keep: string | null;
    admission: RowAdmission;
  },
): VirtualRows & { isAll: boolean } | null {
  const items = rows.getVirtualItems();
  if (items.length === 0) return null;
  // First what has the focus, then what is in sight, then what is near it.
  const from = rows.scrollOffset ?? 0;
  const to = from + (rows.scrollRect?.height ?? 0);
  const urgency = ({ index, start, end }: typeof items[number]) =>
    ids[index] === keep ? 0 : end > from && start < to ? 1 : 2;
  const idsOf = (list: typeof items) =>
    list.flatMap(({ index }) => ids[index] ?? []);
  const admitted = admission.admit({
    ids: idsOf(items),
    urgent: idsOf(items.toSorted((a, b) => urgency(a) - urgency(b))),
    keep,
  });
  let endPx = 0;
  const list = items.flatMap(({ index, start, end }) => {
    const id = ids[index];
    if (id === undefined || !admitted.drawn.has(id)) return [];
    const row = { id, index, gapPx: start - endPx };
    endPx = end;
    return [row];
  });
  return {
    rows: list,
    endPx: rows.getTotalSize() - endPx,
    isAll: admitted.isAll,
  };
}

interface Heights {
  measure: (element: HTMLElement) => () => void;
  of: (id: string) => number | undefined;
  /** Of a row that has not been drawn yet: what the first one had. */
  usual: () => number;
  /** Told of every row whose height, with that of its card, has changed. */
  tell: { current: (id: string, px: number) => void };
}

/** Heights of rows by the browser's own observation, which costs no layout. */
function useHeights(): Heights {
  const tell = useRef<(id: string, px: number) => void>(() => {});
  return useMemo(() => {
    const known = new Map<string, Map<Element, number>>();
    let usualPx: number | null = null;
    const observer = typeof ResizeObserver === "undefined"
      ? null
      : new ResizeObserver((entries) => {
        for (const { target } of entries) {
          const id = (target as HTMLElement).dataset["rowId"];
          const parts = known.get(id ?? "");
          if (id === undefined || parts === undefined) continue;
          const { height } = target.getBoundingClientRect();
          usualPx ??= height;
          parts.set(target, height);
          tell.current(id, sum(parts.values()));
        }
      });
    return {
      tell,
      of: (id: string) => {
        const parts = known.get(id);
        return parts === undefined || parts.size === 0
          ? undefined
          : sum(parts.values());
      },
      usual: () => usualPx ?? ROW_PX,
      measure: (element: HTMLElement) => {
        const id = element.dataset["rowId"] ?? "";
        const parts = known.get(id) ?? new Map<Element, number>();
        known.set(id, parts);
        observer?.observe(element);
        return () => {
          observer?.unobserve(element);
          parts.delete(element);
          if (parts.size === 0) known.delete(id);
          else tell.current(id, sum(parts.values()));
        };
      },
    };
  }, []);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
