/** Does work on the same thing one after the other, in the order it was asked for. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves or rejects as `work` does; what fails holds up nothing behind it. */
  take(id: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#last.get(id) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    this.#last.set(id, settled);
    void settled.then(() => {
      if (this.#last.get(id) === settled) this.#last.delete(id);
    });
    return turn;
  }
}
