import { STEPS_MAX } from "../limits.ts";

/** A 64-bit hash in two halves (FNV-1a and a multiplicative one), over everything that happened, in order. */
export class Trace {
  #fnv = 0x811c9dc5;
  #product = 0x9e3779b9;
  #steps = 0;
  readonly #onLine: ((line: string) => void) | null;

  /** `onLine` is told each step in words, for a person who looks for a cause. */
  constructor(onLine: ((line: string) => void) | null = null) {
    this.#onLine = onLine;
  }

  /** Steps so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The hash so far; equal runs have equal hashes. */
  get hash(): string {
    const hex = (half: number) => (half >>> 0).toString(16).padStart(8, "0");
    return hex(this.#fnv) + hex(this.#product);
  }

  /**
   * Counts one step.
   *
   * @throws {Error} Past the limit: something goes in circles.
   */
  step(what: string, atMs: number): void {
    this.#steps++;
    this.#onLine?.(`${atMs} ${what}`);
    for (let index = 0; index < what.length; index++) {
      const code = what.charCodeAt(index);
      this.#fnv = Math.imul(this.#fnv ^ code, 0x01000193);
      this.#product = Math.imul(this.#product + code, 0x5bd1e995);
    }
    this.#fnv = Math.imul(this.#fnv ^ atMs, 0x01000193);
    this.#product = Math.imul(this.#product + atMs, 0x5bd1e995);
    if (this.#steps > STEPS_MAX) {
      throw new Error(`The world takes more than ${STEPS_MAX} steps`);
    }
  }
}
