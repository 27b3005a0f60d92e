/** Everything in which the books and the venue differ; the account hears of the first of it. */
export class DriftCauses {
  readonly #tell: (detail: string | null) => void;
  readonly #causes = new Map<string, string>();
  #told: string | null = null;
  #isSettled = false;

  constructor(tell: (detail: string | null) => void) {
    this.#tell = tell;
  }

  /** Sets or, with null, ends one cause. */
  set(cause: string, detail: string | null): void {
    if (detail === null) this.#causes.delete(cause);
    else this.#causes.set(cause, detail);
    this.#follow();
  }

  has(cause: string): boolean {
    return this.#causes.has(cause);
  }

  /** Ends every cause that is over. */
  endWhere(isOver: (cause: string) => boolean): void {
    for (const cause of this.#causes.keys()) {
      if (isOver(cause)) this.#causes.delete(cause);
    }
    this.#follow();
  }

  /** Tells once how things stand, agreement included: what the account was told before a restart may be over. */
  settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#told = this.detail;
    this.#tell(this.#told);
  }

  #follow(): void {
    const first = this.detail;
    if (first === this.#told) return;
    this.#told = first;
    this.#tell(first);
  }

  /** One sentence, or null for agreement. */
  get detail(): string | null {
    return this.#causes.values().next().value ?? null;
  }
}
