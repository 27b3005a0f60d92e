/** Things made on demand, of which the most recently used are kept. */
export class NewestKept<T> {
  readonly #limit: number;
  readonly #kept = new Map<string, Promise<T>>();

  /** @param limit How many are kept; the one that was not used for longest goes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is kept under a key, or what `make` makes; a failure is not kept. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key) ?? make();
    this.#kept.delete(key);
    this.#kept.set(key, known);
    known.catch(() => {
      if (this.#kept.get(key) === known) this.#kept.delete(key);
    });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#limit) this.#kept.delete(oldest!);
    return known;
  }

  /** Lets go of what is kept under a key. */
  forget(key: string): void {
    this.#kept.delete(key);
  }
}
