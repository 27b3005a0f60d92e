const COMPACT_AT = 64;

/** A queue with constant-time `push` and `shift`. Bounding it is the owner's task. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  /** How many items wait. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Adds an item at the end. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the oldest item, or undefined from an empty queue. */
  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (
      this.#head >= COMPACT_AT && this.#head * 2 > this.#items.length
    ) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}
