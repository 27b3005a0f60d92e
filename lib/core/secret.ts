/** What is shown of a secret, wherever it is written. */
export const HIDDEN = "***";

/**
 * A value that no text shows: `String()`, templates, `JSON.stringify` and the
 * console write `***`. It cannot be cloned into a worker by accident either,
 * since private fields stay behind. `reveal` is the one way to it, so that a
 * search for that word finds every place where clear text is used.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself, for the call that needs it and for nothing else. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return HIDDEN;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return HIDDEN;
  }
}
