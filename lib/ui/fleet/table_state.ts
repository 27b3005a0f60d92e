import {
  computed,
  type ReadonlySignal,
  type Signal,
  signal,
} from "@preact/signals";
import type { AgentView } from "../../contracts/agent.ts";
import type { LifecycleChanged } from "../../contracts/lifecycle.ts";
import { type FleetFilter, matchesFilter, parseFilter } from "./filter.ts";
import { type Sort, sortAgents, type SortKey } from "./sorting.ts";
import type { FleetStore } from "./store.ts";
import { isTeamId, withTeams } from "./team_rows.ts";

/** Columns of the fleet table. */
export const COLUMN_COUNT = 14;

/** What a person has set on the fleet table: filter, order, selection, open cards. */
export class TableState {
  readonly filterText: Signal<string>;
  readonly sort: Signal<Sort> = signal({ key: "name", descending: false });
  readonly selected: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly expanded: Signal<ReadonlySet<string>> = signal(new Set<string>());
  /** Lifecycle history by agent, loaded when a card opens. */
  readonly histories: Signal<
    Readonly<Record<string, readonly LifecycleChanged[]>>
  > = signal({});
  readonly filter: ReadonlySignal<FleetFilter>;
  /** Whether the agents of a team stand beneath it. */
  readonly isGrouped: Signal<boolean> = signal(true);
  /** Rows to show, joined: a text equals itself, so nothing is painted while the order stays. */
  readonly shownKey: ReadonlySignal<string>;
  readonly #store: FleetStore;

  constructor(store: FleetStore, filterText: string) {
    this.#store = store;
    this.filterText = signal(filterText);
    this.filter = computed(() => parseFilter(this.filterText.value));
    this.shownKey = computed(() => {
      const shown = this.#shown();
      return (this.isGrouped.value
        ? withTeams(shown)
        : shown.map(({ id }) => id))
        .join(",");
    });
  }

  /** Ids of the rows in order: agents that pass the filter, and their teams. */
  get rowIds(): readonly string[] {
    return this.shownKey.value === "" ? [] : this.shownKey.value.split(",");
  }

  /** Ids of the agents that pass the filter, in order. */
  get shownIds(): readonly string[] {
    return this.rowIds.filter((id) => !isTeamId(id));
  }

  /** Selected agents that still exist. */
  get selectedAgents(): AgentView[] {
    const chosen = this.selected.value;
    return this.#store.all().filter(({ id }) => chosen.has(id));
  }

  /** Selects or deselects one agent. */
  toggleSelected(id: string): void {
    this.selected.value = toggled(this.selected.value, id);
  }

  /** Selects all shown agents, or none where all are selected. */
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

  #shown(): AgentView[] {
    const filter = this.filter.value;
    const agents = this.#store.all().filter((agent) =>
      matchesFilter(agent, filter)
    );
    return sortAgents(agents, this.sort.value);
  }
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
