/**
 * Whether open orders and trades were read once since the account was opened.
 * Until then what the books call a position may have been closed at the venue
 * while nobody looked, and an exit would sell it twice.
 */
export class FirstRead {
  readonly #done = Promise.withResolvers<void>();
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  /** All was read. */
  done(): void {
    this.#isDone = true;
    this.#done.resolve();
  }

  /** Resolves when all was read, which may be never. */
  wait(): Promise<void> {
    return this.#done.promise;
  }
}
