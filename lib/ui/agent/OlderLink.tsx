import type { ComponentChildren } from "preact";
import type { Pages } from "./pages.ts";

/** Leads to older entries: a page of its own without script, further rows with it. */
export function OlderLink<T>(
  { pages, tab, children }: {
    pages: Pages<T>;
    tab: string;
    children: ComponentChildren;
  },
) {
  const cursor = pages.page.value?.nextCursor ?? null;
  if (cursor === null) return null;
  const isBusy = pages.isBusy.value;
  return (
    <a
      class="btn"
      href={`?${new URLSearchParams({ tab, cursor })}`}
      aria-busy={isBusy ? "true" : undefined}
      data-testid="older"
      onClick={(event) => {
        event.preventDefault();
        void pages.more();
      }}
    >
      {isBusy && <span class="spinner" aria-hidden="true" />}
      {children}
    </a>
  );
}
