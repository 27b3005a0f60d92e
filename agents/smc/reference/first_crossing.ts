/** Children of one node are `2 ** FAN_OUT_BITS` neighbours: wide nodes are scanned in one cache line after another. */
const FAN_OUT_BITS = 5;
const LAST_CHILD = (1 << FAN_OUT_BITS) - 1;

/** Which side of a level counts: `above` it, or `below` it. */
export type CrossingSide = "above" | "below";

/**
 * Answers "which is the first row at or after this one whose value lies beyond
 * a level?" in logarithmic time: a tree of the largest value of every 32
 * neighbours. It takes a thirtieth of the memory of the column itself.
 */
export class FirstCrossing {
  readonly #sign: 1 | -1;
  /** The column, then the largest signed values of its groups, of groups of groups, and so on. */
  readonly #tree: readonly Float64Array[];
  #target = 0;
  #isReaching = false;

  constructor(values: Float64Array, side: CrossingSide) {
    this.#sign = side === "above" ? 1 : -1;
    const tree = [values];
    let sign: number = this.#sign;
    for (let top = values; top.length > LAST_CHILD + 1;) {
      top = largestOfGroups(top, sign);
      tree.push(top);
      sign = 1;
    }
    this.#tree = tree;
  }

  /** First row from `from` on that lies beyond `level`, the level itself not included; −1 if there is none. */
  beyond(from: number, level: number): number {
    this.#isReaching = false;
    return this.#find(from, level);
  }

  /** First row from `from` on that reaches `level` or lies beyond it; −1 if there is none. */
  reaching(from: number, level: number): number {
    this.#isReaching = true;
    return this.#find(from, level);
  }

  /** Climbs until a node right of the start holds a row, then goes down to it. */
  #find(from: number, level: number): number {
    this.#target = this.#sign * level;
    let at = from;
    for (let depth = 0; depth < this.#tree.length; depth++) {
      const { length } = this.#tree[depth]!;
      const end = Math.min((at | LAST_CHILD) + 1, length);
      const found = this.#scan(depth, at, end);
      if (found >= 0) return this.#descend(depth, found);
      if (end >= length) return -1;
      at = end >> FAN_OUT_BITS;
    }
    return -1;
  }

  /** The first row below a node that is known to hold one. */
  #descend(from: number, node: number): number {
    let found = node;
    for (let depth = from - 1; depth >= 0; depth--) {
      const at = found << FAN_OUT_BITS;
      const end = Math.min(at + LAST_CHILD + 1, this.#tree[depth]!.length);
      found = this.#scan(depth, at, end);
    }
    return found;
  }

  #scan(depth: number, from: number, end: number): number {
    const values = this.#tree[depth]!;
    const sign = depth === 0 ? this.#sign : 1;
    const target = this.#target;
    const isReaching = this.#isReaching;
    for (let at = from; at < end; at++) {
      const value = sign * values[at]!;
      if (value > target || (isReaching && value === target)) return at;
    }
    return -1;
  }
}

function largestOfGroups(values: Float64Array, sign: number): Float64Array {
  const groups = new Float64Array(
    Math.ceil(values.length / (LAST_CHILD + 1)),
  ).fill(-Infinity);
  for (let at = 0; at < values.length; at++) {
    const value = sign * values[at]!;
    const group = at >> FAN_OUT_BITS;
    if (value > groups[group]!) groups[group] = value;
  }
  return groups;
}
