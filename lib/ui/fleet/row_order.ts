import type { FleetAgent } from "./fleet_agent.ts";
import { compareRows, type Sort, type SortRow, sortRow } from "./sorting.ts";

/**
 * The agents that pass a filter, in order, kept up to date change by change: a
 * change costs two binary searches and a move, never a sort of all.
 */
export class RowOrder {
  readonly #rows: SortRow[];
  readonly #known = new Map<string, SortRow>();
  readonly #sort: Sort;
  readonly #passes: (agent: FleetAgent) => boolean;

  constructor(
    agents: readonly FleetAgent[],
    { sort, passes }: { sort: Sort; passes: (agent: FleetAgent) => boolean },
  ) {
    this.#sort = sort;
    this.#passes = passes;
    this.#rows = agents.filter(passes).map((agent) => sortRow(agent, sort.key))
      .sort((a, b) => compareRows(a, b, sort.descending));
    for (const row of this.#rows) this.#known.set(row.id, row);
  }

  /** Ids in order. */
  get ids(): readonly string[] {
    return this.#rows.map(({ id }) => id);
  }

  /** Takes in how an agent is now; undefined = it is gone. */
  update(id: string, agent: FleetAgent | undefined): void {
    const old = this.#known.get(id);
    const row = agent === undefined || !this.#passes(agent)
      ? undefined
      : sortRow(agent, this.#sort.key);
    if (old !== undefined && row !== undefined) {
      if (old.value === row.value && old.name === row.name) return;
    }
    if (old !== undefined) {
      this.#known.delete(id);
      this.#rows.splice(this.#placeOf(old), 1);
    }
    if (row !== undefined) {
      this.#known.set(id, row);
      this.#rows.splice(this.#placeOf(row), 0, row);
    }
  }

  /** The place of a row, or where it belongs. */
  #placeOf(row: SortRow): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareRows(
        this.#rows[middle]!,
        row,
        this.#sort.descending,
      );
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
