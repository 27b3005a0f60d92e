import {
  computed,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { LifecycleChanged } from "../../contracts/lifecycle.ts";
import { type ColumnId, FIRST_COLUMNS } from "./columns.ts";
import { type FleetFilter, matchesFilter, parseFilter } from "./filter.ts";
import type { FleetAgent } from "./fleet_agent.ts";
import { RowOrder } from "./row_order.ts";
import type { SavedView } from "./saved_views.ts";
import type { Sort, SortKey } from "./sorting.ts";
import type { FleetStore } from "./store.ts";
import { isTeamId, withTeams } from "./team_rows.ts";

const BY_NAME: Sort = { key: "name", descending: false };

/** What a person has set on the fleet table: filter, order, columns, selection, open cards. */
export class TableState {
  readonly filterText: Signal<string>;
  readonly sort: Signal<Sort>;
  readonly columns: Signal<readonly ColumnId[]> = signal(FIRST_COLUMNS);
  readonly selected: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly expanded: Signal<ReadonlySet<string>> = signal(new Set<string>());
  /** The row that the keyboard was on last. */
  readonly active: Signal<string | null> = signal(null);
  /** The row that takes the focus of the table: that one while it is shown, else the first. */
  readonly activeId: ReadonlySignal<string | null>;
  /** A row that is to take the focus as soon as it is drawn. */
  wantsFocus: string | null = null;
  /** The focus has been in the table: arrow keys move between rows, so the Tab key need not. */
  readonly isAlive: Signal<boolean> = signal(false);
  /** Lifecycle history by agent, loaded when a card opens; "unread" where that failed. */
  readonly histories: Signal<
    Readonly<Record<string, readonly LifecycleChanged[] | "unread">>
  > = signal({});
  readonly filter: ReadonlySignal<FleetFilter>;
  /** Whether the agents of a team stand beneath it. */
  readonly isGrouped: Signal<boolean> = signal(true);
  readonly #rows: ReadonlySignal<readonly string[]>;
  readonly #shown: ReadonlySignal<readonly string[]>;
  readonly #store: FleetStore;
  /** Where a range of the selection begins. */
  #anchor: string | null = null;

  constructor(store: FleetStore, filterText: string, sort: Sort = BY_NAME) {
    this.#store = store;
    this.filterText = signal(filterText);
    this.sort = signal(sort);
    this.filter = computed(() => parseFilter(this.filterText.value));
    const order = computed(() => {
      const filter = this.filter.value;
      return new RowOrder(store.peekAll(), {
        sort: this.sort.value,
        passes: (agent) => matchesFilter(agent, filter),
      });
    });
    // Rows that changed places with every frame could not be read.
    this.#shown = unchanged(() => {
      store.told();
      const rows = order.value;
      for (const id of store.takeChanged()) {
        rows.update(id, store.find(id)?.peek());
      }
      return rows.ids;
    });
    this.#rows = unchanged(() => {
      const shown = this.#shown.value;
      if (!this.isGrouped.value) return shown;
      store.told();
      return withTeams(shown.flatMap((id) => store.find(id)?.peek() ?? []));
    });
    this.activeId = computed(() => {
      const ids = this.shownIds;
      const id = this.active.value;
      return id !== null && ids.includes(id) ? id : ids[0] ?? null;
    });
  }

  /** Ids of the rows in order: agents that pass the filter, and their teams. */
  get rowIds(): readonly string[] {
    return this.#rows.value;
  }

  /** Ids of the agents that pass the filter, in order. */
  get shownIds(): readonly string[] {
    return this.rowIds.filter((id) => !isTeamId(id));
  }

  /** Selected agents that still exist. */
  get selectedAgents(): FleetAgent[] {
    const chosen = this.selected.value;
    if (chosen.size === 0) return [];
    return this.#store.allForFigures().filter(({ id }) => chosen.has(id));
  }

  /** Selects or deselects one agent. */
  toggleSelected(id: string): void {
    this.#anchor = id;
    this.selected.value = toggled(this.selected.value, id);
  }

  /** Selects everything from the row that was chosen last up to this one. */
  selectRange(id: string): void {
    const ids = this.shownIds;
    const from = Math.max(0, ids.indexOf(this.#anchor ?? id));
    const to = ids.indexOf(id);
    if (to < 0) return;
    const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.selected.value = new Set([...this.selected.value, ...range]);
  }

  /** Selects all shown agents, drawn or not; or none where all are selected. */
  toggleAll(): void {
    const ids = this.shownIds;
    const all = ids.length > 0 &&
      ids.every((id) => this.selected.value.has(id));
    this.selected.value = new Set(all ? [] : ids);
  }

  /** Clears the selection. */
  clearSelection(): void {
    if (this.selected.peek().size > 0) this.selected.value = new Set();
  }

  /** Opens or closes an agent's card. */
  toggleExpanded(id: string): void {
    this.expanded.value = toggled(this.expanded.value, id);
  }

  /** Sorts by a column; the same column again turns the order round. */
  sortBy(key: SortKey): void {
    const { key: current, descending } = this.sort.peek();
    this.sort.value = {
      key,
      descending: current === key ? !descending : false,
    };
  }

  /** The agent's row so many rows on from the active one; null where there is none. */
  neighbour(by: number): string | null {
    const ids = this.shownIds;
    const place = ids.indexOf(this.activeId.peek() ?? "");
    const to = place < 0
      ? 0
      : Math.min(ids.length - 1, Math.max(0, place + by));
    return ids[to] ?? null;
  }

  /** What is set now, as a view of that name. */
  toView(name: string): SavedView {
    return {
      name,
      filter: this.filterText.peek(),
      sort: this.sort.peek(),
      columns: this.columns.peek(),
    };
  }

  /** Sets what a view has saved. */
  show(view: SavedView): void {
    this.filterText.value = view.filter;
    this.sort.value = view.sort;
    this.columns.value = view.columns;
  }
}

/** A computed list that stays the same object while its items do, so that nothing is painted anew. */
function unchanged(
  compute: () => readonly string[],
): ReadonlySignal<readonly string[]> {
  let last: readonly string[] = [];
  return computed(() => {
    const next = compute();
    const isSame = next.length === last.length &&
      next.every((id, place) => id === last[place]);
    if (!isSame) last = next;
    return last;
  });
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
