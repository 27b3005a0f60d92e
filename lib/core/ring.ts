import { assert } from "./assert.ts";

/** A bounded list that forgets its oldest item when it is full. */
export class Ring<T> {
  readonly capacity: number;
  #items: T[] = [];
  #start = 0;
  #dropped = 0;

  constructor(capacity: number) {
    assert(
      Number.isInteger(capacity) && capacity > 0,
      `Ring capacity must be a positive integer, was ${capacity}`,
    );
    this.capacity = capacity;
  }

  /** How many items are held now. */
  get size(): number {
    return this.#items.length;
  }

  /** How many items were forgotten since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds an item, forgetting the oldest one when the ring is full. */
  push(item: T): void {
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#start] = item;
    this.#start = (this.#start + 1) % this.capacity;
    this.#dropped++;
  }

  /** The item at `index`, oldest first; negative counts from the newest. */
  at(index: number): T | undefined {
    const offset = index < 0 ? this.#items.length + index : index;
    if (offset < 0 || offset >= this.#items.length) return undefined;
    return this.#items[(this.#start + offset) % this.#items.length];
  }

  /** All items, oldest first. */
  toArray(): T[] {
    return [
      ...this.#items.slice(this.#start),
      ...this.#items.slice(0, this.#start),
    ];
  }

  /** Forgets everything, the count of dropped items included. */
  clear(): void {
    this.#items = [];
    this.#start = 0;
    this.#dropped = 0;
  }
}
