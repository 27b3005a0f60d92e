import { SESSION_CACHE_MS, SESSION_CACHE_SIZE } from "../limits.ts";
import type { Identity } from "../port.ts";

interface Entry {
  identity: Identity;
  until: number;
}

/** Tokens that were verified a moment ago. What this process ends is forgotten at once. */
export class SessionCache {
  readonly #nowMs: () => number;
  readonly #entries = new Map<string, Entry>();
  /** Changes whenever something is forgotten. */
  #generation = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** To be taken before a token is looked up, and given to `set` afterwards. */
  get generation(): number {
    return this.#generation;
  }

  get(token: string): Identity | null {
    const entry = this.#entries.get(token);
    if (entry === undefined) return null;
    if (this.#nowMs() < entry.until) return entry.identity;
    this.#entries.delete(token);
    return null;
  }

  /**
   * Keeps an identity for a few seconds, and never past its end. Not if
   * something was forgotten since `generation`: it may be this one, and the look
   * at the store older than that.
   */
  set(
    token: string,
    identity: Identity,
    { endsAt, generation }: { endsAt: number; generation: number },
  ): void {
    if (generation !== this.#generation) return;
    const until = Math.min(this.#nowMs() + SESSION_CACHE_MS, endsAt);
    this.#entries.delete(token);
    this.#entries.set(token, { identity, until });
    if (this.#entries.size > SESSION_CACHE_SIZE) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
  }

  /** Forgets what fits. */
  forget(isEnded: (identity: Identity) => boolean): void {
    this.#generation++;
    for (const [token, { identity }] of this.#entries) {
      if (isEnded(identity)) this.#entries.delete(token);
    }
  }
}
