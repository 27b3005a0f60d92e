/**
 * Levels of swings that no group has taken yet. Finding the members of a group
 * costs logarithmic time for each member, not a look at every later swing: the
 * levels are sorted, and a tree over them knows the earliest swing of each part.
 */
export class UnusedLevels {
  readonly #sorted: Float64Array;
  /** Swing at each place of the sorted levels. */
  readonly #swings: Int32Array;
  /** Place of each swing among the sorted levels. */
  readonly #places: Int32Array;
  /** Leaves from `#leaves` on; the earliest swing below each node, or NONE. */
  readonly #earliest: Int32Array;
  readonly #leaves: number;

  /** `levels[k]` is the level of swing k. */
  constructor(levels: Float64Array) {
    const count = levels.length;
    this.#swings = Int32Array.from({ length: count }, (_, swing) => swing)
      .sort((a, b) => levels[a]! - levels[b]! || a - b);
    this.#sorted = new Float64Array(count);
    this.#places = new Int32Array(count);
    this.#leaves = 1;
    while (this.#leaves < count) this.#leaves *= 2;
    this.#earliest = new Int32Array(2 * this.#leaves).fill(NONE);
    for (let place = 0; place < count; place++) {
      const swing = this.#swings[place]!;
      this.#sorted[place] = levels[swing]!;
      this.#places[swing] = place;
      this.#earliest[this.#leaves + place] = swing;
    }
    for (let node = this.#leaves - 1; node > 0; node--) this.#pull(node);
  }

  /** Whether no group has taken the swing and it was not removed. */
  has(swing: number): boolean {
    return this.#earliest[this.#leaves + this.#places[swing]!] !== NONE;
  }

  /** Removes a swing. */
  remove(swing: number): void {
    let node = this.#leaves + this.#places[swing]!;
    this.#earliest[node] = NONE;
    for (node >>= 1; node > 0; node >>= 1) this.#pull(node);
  }

  /** Swings before `beforeSwing` with a level from `bottom` to `top`, both included, ascending. */
  within(
    { bottom, top, beforeSwing }: {
      bottom: number;
      top: number;
      beforeSwing: number;
    },
  ): number[] {
    const found: number[] = [];
    const from = this.#firstPlace((level) => level >= bottom);
    const end = this.#firstPlace((level) => level > top);
    this.#collect({ node: 1, start: 0, size: this.#leaves }, {
      from,
      end,
      beforeSwing,
      found,
    });
    return found.sort((a, b) => a - b);
  }

  #pull(node: number): void {
    this.#earliest[node] = Math.min(
      this.#earliest[2 * node]!,
      this.#earliest[2 * node + 1]!,
    );
  }

  #firstPlace(isReached: (level: number) => boolean): number {
    let from = 0;
    let end = this.#sorted.length;
    while (from < end) {
      const middle = (from + end) >> 1;
      if (isReached(this.#sorted[middle]!)) end = middle;
      else from = middle + 1;
    }
    return from;
  }

  #collect(at: Subtree, wanted: Wanted): void {
    const { node, start, size } = at;
    if (start >= wanted.end || start + size <= wanted.from) return;
    const earliest = this.#earliest[node]!;
    if (earliest >= wanted.beforeSwing) return;
    if (size === 1) {
      wanted.found.push(earliest);
      return;
    }
    const half = size / 2;
    this.#collect({ node: 2 * node, start, size: half }, wanted);
    this.#collect(
      { node: 2 * node + 1, start: start + half, size: half },
      wanted,
    );
  }
}

/** Later than every swing. */
const NONE = 2 ** 31 - 1;

interface Subtree {
  node: number;
  /** First place below the node. */
  start: number;
  /** Places below the node. */
  size: number;
}

interface Wanted {
  from: number;
  end: number;
  beforeSwing: number;
  found: number[];
}
