import { makeOneTimeToken } from "./one_time_token.ts";

/**
 * Things that wait a few minutes for their one use, in memory and bounded in
 * number: the oldest goes first. A restart forgets them.
 */
export class ShortLived<T> {
  readonly #options: { nowMs: () => number; lifeMs: number; max: number };
  readonly #entries = new Map<string, { value: T; untilMs: number }>();

  constructor(options: { nowMs: () => number; lifeMs: number; max: number }) {
    this.#options = options;
  }

  /** Keeps a value. @returns The token that finds it, 256 random bits in base64url. */
  issue(value: T): string {
    const token = makeOneTimeToken();
    const { nowMs, lifeMs, max } = this.#options;
    this.#entries.set(token, { value, untilMs: nowMs() + lifeMs });
    if (this.#entries.size > max) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
    return token;
  }

  /** The value of a token, or null; it stays. */
  find(token: string): T | null {
    const entry = this.#entries.get(token);
    if (entry === undefined) return null;
    if (entry.untilMs > this.#options.nowMs()) return entry.value;
    this.#entries.delete(token);
    return null;
  }

  /** The value of a token, or null; nobody gets it again. */
  take(token: string): T | null {
    const value = this.find(token);
    this.#entries.delete(token);
    return value;
  }
}
