import { assert } from "../../lib/core/assert.ts";
import { FEATURE_COUNT } from "../decision/feature_list.ts";
import { ROWS_KEPT } from "./limits.ts";

/** State of {@link FeatureRows}. */
export interface FeatureRowsSnapshot {
  /** Kept rows one after the other, oldest first. */
  values: Float32Array;
}

/** Rows of the buffer: twice what is kept, so that the newest ones always lie side by side. */
const BUFFER_ROWS = 2 * ROWS_KEPT;

/** The newest rows of features, at most {@link ROWS_KEPT}. */
export class FeatureRows {
  readonly #buffer = new Float32Array(BUFFER_ROWS * FEATURE_COUNT);
  #end = 0;
  #count = 0;
  /** What {@link tail} hands out; made anew where another length is asked for. */
  #tail = new Float32Array(0);

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  /** Takes the row of the newest candle. */
  push(row: Float32Array): void {
    if (row.length !== FEATURE_COUNT) {
      assert(false, `A row has ${FEATURE_COUNT} numbers, was ${row.length}`);
    }
    if (this.#end === BUFFER_ROWS) {
      const from = (BUFFER_ROWS - ROWS_KEPT + 1) * FEATURE_COUNT;
      this.#buffer.copyWithin(0, from);
      this.#end = ROWS_KEPT - 1;
    }
    this.#buffer.set(row, this.#end * FEATURE_COUNT);
    this.#end++;
    if (this.#count < ROWS_KEPT) this.#count++;
  }

  /** The newest row; written over by later ones. Only while there is one. */
  get newest(): Float32Array {
    assert(this.#count > 0, "There is no row yet");
    return this.#buffer.subarray(
      (this.#end - 1) * FEATURE_COUNT,
      this.#end * FEATURE_COUNT,
    );
  }

  /** The newest `rows` rows, oldest first, in an array of their own that the next call writes over. */
  tail(rows: number): Float32Array {
    assert(rows <= this.#count, `There are ${this.#count} rows, not ${rows}`);
    const length = rows * FEATURE_COUNT;
    if (this.#tail.length !== length) this.#tail = new Float32Array(length);
    const end = this.#end * FEATURE_COUNT;
    this.#tail.set(this.#buffer.subarray(end - length, end));
    return this.#tail;
  }

  snapshot(): FeatureRowsSnapshot {
    const end = this.#end * FEATURE_COUNT;
    return {
      values: this.#buffer.slice(end - this.#count * FEATURE_COUNT, end),
    };
  }

  restore({ values }: FeatureRowsSnapshot): void {
    this.#buffer.set(values);
    this.#count = values.length / FEATURE_COUNT;
    this.#end = this.#count;
  }
}
