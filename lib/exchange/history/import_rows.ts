import { assert } from "../../core/assert.ts";
import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { CANDLE_CHUNK_ROWS } from "../limits.ts";

/** A candle and the line of the file it is from. */
const ROW_WIDTH = CANDLE_WIDTH + 1;

/** In which order a file's candles are. */
export type RowOrder = "ascending" | "descending" | "unsorted";

/** Two lines that say different things about one time. */
export interface Conflict {
  openAt: number;
  firstLine: number;
  lastLine: number;
}

/** Which of two lines that contradict each other counts, by their place in the file. */
export type Keep = "first" | "last";

/** The candles of a file, once they are in order. */
export interface OrderedRows {
  length: number;
  /** Copies candles, as a series does. */
  packed(from: number, count: number): Float64Array<ArrayBuffer>;
  order: RowOrder;
  /** Rows that open before the row above them, in an unsorted file. */
  misplaced: number;
  /** Rows dropped because a row with the same numbers was there already. */
  duplicates: number;
  /** Times with lines that contradict each other; one line each was kept. */
  conflicts: number;
  /** The first of them. */
  firstConflicts: readonly Conflict[];
}

/** Rows of a file in the order of their lines, in chunks, so that filling it copies nothing. */
export class ImportRows {
  readonly #chunks: Float64Array[] = [];
  #length = 0;
  #earlier = 0;
  #later = 0;
  #lastOpenAt = 0;

  /** Rows so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds a row of CANDLE_WIDTH numbers. */
  push(row: Float64Array, line: number): void {
    const at = this.#length % CANDLE_CHUNK_ROWS;
    if (at === 0) {
      this.#chunks.push(new Float64Array(CANDLE_CHUNK_ROWS * ROW_WIDTH));
    }
    const chunk = this.#chunks[this.#chunks.length - 1]!;
    chunk.set(row, at * ROW_WIDTH);
    chunk[at * ROW_WIDTH + CANDLE_WIDTH] = line;
    const openAt = row[0]!;
    if (this.#length > 0) {
      if (openAt < this.#lastOpenAt) this.#earlier++;
      else if (openAt > this.#lastOpenAt) this.#later++;
    }
    this.#lastOpenAt = openAt;
    this.#length++;
  }

  /**
   * Puts the rows in order and each time once. Of lines that contradict each
   * other one is kept either way; whether that is allowed the caller decides.
   */
  ordered(options: { keep: Keep; conflictsMax: number }): OrderedRows {
    const order = this.#order();
    const index = this.#sortedIndex(order);
    const once = this.#once(index, options);
    return {
      packed: (from, count) => this.#packed(index, from, count),
      order,
      misplaced: order === "unsorted" ? this.#earlier : 0,
      ...once,
    };
  }

  #order(): RowOrder {
    if (this.#earlier === 0) return "ascending";
    return this.#later === 0 ? "descending" : "unsorted";
  }

  /** Rows by time; those of one time by their line. */
  #sortedIndex(order: RowOrder): Uint32Array {
    const index = new Uint32Array(this.#length);
    for (let row = 0; row < index.length; row++) index[row] = row;
    if (order === "ascending") return index;
    return index.sort((a, b) => this.#openAt(a) - this.#openAt(b) || a - b);
  }

  /** Moves the rows to keep to the front of the index. */
  #once(
    index: Uint32Array,
    { keep, conflictsMax }: { keep: Keep; conflictsMax: number },
  ) {
    let length = 0;
    let duplicates = 0;
    let conflicts = 0;
    let isConflicting = false;
    const firstConflicts: Conflict[] = [];
    for (const row of index) {
      const last = length === 0 ? null : index[length - 1]!;
      if (last === null || this.#openAt(last) !== this.#openAt(row)) {
        index[length++] = row;
        isConflicting = false;
        continue;
      }
      if (this.#isSame(last, row)) {
        duplicates++;
        continue;
      }
      if (!isConflicting) conflicts++;
      isConflicting = true;
      if (firstConflicts.length < conflictsMax) {
        firstConflicts.push({
          openAt: this.#openAt(row),
          firstLine: this.#line(last),
          lastLine: this.#line(row),
        });
      }
      if (keep === "last") index[length - 1] = row;
    }
    return { length, duplicates, conflicts, firstConflicts };
  }

  #packed(
    index: Uint32Array,
    from: number,
    count: number,
  ): Float64Array<ArrayBuffer> {
    assert(from + count <= index.length, "Rows beyond the end");
    const packed = new Float64Array(count * CANDLE_WIDTH);
    for (let at = 0; at < count; at++) {
      const row = index[from + at]!;
      const start = (row % CANDLE_CHUNK_ROWS) * ROW_WIDTH;
      const chunk = this.#chunkOf(row);
      for (let column = 0; column < CANDLE_WIDTH; column++) {
        packed[at * CANDLE_WIDTH + column] = chunk[start + column]!;
      }
    }
    return packed;
  }

  #isSame(a: number, b: number): boolean {
    const startA = (a % CANDLE_CHUNK_ROWS) * ROW_WIDTH;
    const startB = (b % CANDLE_CHUNK_ROWS) * ROW_WIDTH;
    const chunkA = this.#chunkOf(a);
    const chunkB = this.#chunkOf(b);
    for (let column = 0; column < CANDLE_WIDTH; column++) {
      if (chunkA[startA + column] !== chunkB[startB + column]) return false;
    }
    return true;
  }

  #openAt(row: number): number {
    return this.#chunkOf(row)[(row % CANDLE_CHUNK_ROWS) * ROW_WIDTH]!;
  }

  #line(row: number): number {
    const start = (row % CANDLE_CHUNK_ROWS) * ROW_WIDTH;
    return this.#chunkOf(row)[start + CANDLE_WIDTH]!;
  }

  #chunkOf(row: number): Float64Array {
    return this.#chunks[Math.floor(row / CANDLE_CHUNK_ROWS)]!;
  }
}
