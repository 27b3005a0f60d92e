/** The latest ids with a value each; beyond its limit the oldest is forgotten. */
export class RecentIds<Value> {
  readonly #limit: number;
  readonly #values = new Map<string, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(id: string): Value | null {
    return this.#values.get(id) ?? null;
  }

  /** Oldest first. */
  entries(): [id: string, value: Value][] {
    return [...this.#values];
  }

  set(id: string, value: Value): void {
    this.#values.set(id, value);
    if (this.#values.size <= this.#limit) return;
    this.#values.delete(this.#values.keys().next().value!);
  }
}
