/** Rows that come into the table with one frame: what a row costs to draw, lay out and paint then fits into it. */
export const NEW_ROWS_PER_FRAME = 4;

/** What is to be drawn. */
export interface WantedRows {
  /** In the order of the table. */
  ids: readonly string[];
  /** The same in the order in which they are needed. */
  urgent: readonly string[];
  /** The row that has the focus. */
  keep: string | null;
}

/**
 * Lets rows into a table a few at a time, so that no jump of the scroll bar and
 * no new order holds the page up. A row never changes its place, which would
 * move others with it: what has another place now goes, and comes again.
 */
export class RowAdmission {
  /** In the order of the table. */
  #drawn: readonly string[];
  #left = NEW_ROWS_PER_FRAME;

  /** @param drawn The rows that are there already. */
  constructor(drawn: readonly string[]) {
    this.#drawn = drawn;
  }

  /** The rows that are drawn now; `isAll`: none waits for the next frame. */
  admit(
    { ids, urgent, keep }: WantedRows,
  ): { drawn: ReadonlySet<string>; isAll: boolean } {
    const places = new Map(ids.map((id, place) => [id, place]));
    const staying = inOrder(
      this.#drawn.filter((id) => places.has(id)),
      { places, keep },
    );
    const drawn = new Set(staying);
    const coming = urgent.filter((id) => !drawn.has(id));
    // Where some go and others come above what stays, all of it would be moved. What goes comes again with a later frame.
    const above = places.get(staying.at(-1) ?? "") ?? -1;
    const able = staying.length === this.#drawn.length
      ? coming
      : coming.filter((id) =>
        places.get(id)! > above && !this.#drawn.includes(id)
      );
    const entering = able.slice(0, this.#left);
    this.#left -= entering.length;
    for (const id of entering) drawn.add(id);
    this.#drawn = ids.filter((id) => drawn.has(id));
    return { drawn, isAll: entering.length === coming.length };
  }

  /** A frame is over. */
  onFrame(): void {
    this.#left = NEW_ROWS_PER_FRAME;
  }
}

/** As many rows as have kept their order, the one with the focus among them. */
function inOrder(
  drawn: readonly string[],
  { places, keep }: {
    places: ReadonlyMap<string, number>;
    keep: string | null;
  },
): string[] {
  const at = drawn.indexOf(keep ?? "");
  const pivot = places.get(keep ?? "");
  const rows = at < 0 || pivot === undefined
    ? drawn
    : drawn.filter((id, i) => i < at === places.get(id)! < pivot || i === at);
  return longestRise(rows.map((id) => [id, places.get(id)!]));
}

/** The longest rising part of a list of numbers, by its names. */
function longestRise(list: readonly (readonly [string, number])[]): string[] {
  // For each number the longest part that ends with it.
  const parts: { length: number; before: number }[] = [];
  let best = -1;
  for (const [i, [, place]] of list.entries()) {
    let part = { length: 1, before: -1 };
    for (let j = 0; j < i; j++) {
      if (list[j]![1] < place && parts[j]!.length + 1 > part.length) {
        part = { length: parts[j]!.length + 1, before: j };
      }
    }
    parts.push(part);
    if (best < 0 || part.length > parts[best]!.length) best = i;
  }
  const names: string[] = [];
  for (let i = best; i >= 0; i = parts[i]!.before) names.unshift(list[i]![0]);
  return names;
}
