import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** One tab with its panel. */
export interface TabItem {
  id: string;
  label: string;
  /** A number beside the label. */
  count?: number | null;
  panel: () => ComponentChildren;
}

/**
 * Tabs with arrow keys, Home and End. The chosen tab is kept in the fragment of
 * the URL; without script every panel is a link away through `?tab=`.
 */
export function Tabs(
  { label, items, initial }: {
    label: string;
    items: readonly TabItem[];
    initial?: string;
  },
) {
  const chosen = useSignal(initial ?? items[0]?.id ?? "");
  useEffect(() => {
    const wanted = location.hash.slice(1);
    if (items.some((item) => item.id === wanted)) chosen.value = wanted;
  }, []);
  const list = useRef<HTMLDivElement>(null);
  // On a narrow screen the chosen tab may be beyond the edge.
  useEffect(() => {
    const tab = document.getElementById(`tab-${chosen.value}`);
    const box = list.current;
    if (tab === null || box === null) return;
    const place = tab.offsetLeft - box.offsetLeft;
    const isSeen = place >= box.scrollLeft &&
      place + tab.offsetWidth <= box.scrollLeft + box.clientWidth;
    if (!isSeen) {
      box.scrollLeft = place - (box.clientWidth - tab.offsetWidth) / 2;
    }
  }, [chosen.value]);
  const choose = (id: string, focus: boolean) => {
    chosen.value = id;
    history.replaceState(null, "", `#${id}`);
    if (focus) document.getElementById(`tab-${id}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = items.findIndex((item) => item.id === chosen.value);
    const to = nextIndex(event.key, at, items.length);
    const next = to === null ? undefined : items[to];
    if (next === undefined) return;
    event.preventDefault();
    choose(next.id, true);
  };
  const active = items.find((item) => item.id === chosen.value) ?? items[0];
  if (active === undefined) return null;
  return (
    <div class="tabs">
      <div
        ref={list}
        class="tab-list"
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
      >
        {items.map((item) => (
          <a
            key={item.id}
            id={`tab-${item.id}`}
            role="tab"
            class="tab"
            href={`?tab=${item.id}`}
            aria-selected={item === active ? "true" : "false"}
            aria-controls="tab-panel"
            tabIndex={item === active ? 0 : -1}
            data-testid={`tab-${item.id}`}
            onClick={(event) => {
              event.preventDefault();
              choose(item.id, false);
            }}
          >
            {item.label}
            {item.count !== undefined && item.count !== null && (
              <span class="tab-count">{item.count}</span>
            )}
          </a>
        ))}
      </div>
      <div
        class="tab-panel"
        id="tab-panel"
        role="tabpanel"
        aria-labelledby={`tab-${active.id}`}
        tabIndex={0}
      >
        {active.panel()}
      </div>
    </div>
  );
}

/** Where a key leads from tab `at`, or null where it leads nowhere. Exported for tests. */
export function nextIndex(
  key: string,
  at: number,
  count: number,
): number | null {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
