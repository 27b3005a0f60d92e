import { SESSION_CACHE_MS, SESSION_CACHE_SIZE } from "../limits.ts";
import type { Identity } from "../port.ts";

interface Entry {
  identity: Identity;
  until: number;
}

/** Tokens that were verified a moment ago. A login ended by this process is forgotten at once. */
export class SessionCache {
  readonly #nowMs: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get(token: string): Identity | null {
    const entry = this.#entries.get(token);
    if (entry === undefined) return null;
    if (this.#nowMs() < entry.until) return entry.identity;
    this.#entries.delete(token);
    return null;
  }

  /** Keeps an identity for a few seconds, and never past the token's end. */
  set(token: string, identity: Identity, expiresAt: number): void {
    const until = Math.min(this.#nowMs() + SESSION_CACHE_MS, expiresAt);
    this.#entries.delete(token);
    this.#entries.set(token, { identity, until });
    if (this.#entries.size > SESSION_CACHE_SIZE) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
  }

  forgetSession(sessionId: string): void {
    for (const [token, { identity }] of this.#entries) {
      if (identity.sessionId === sessionId) this.#entries.delete(token);
    }
  }

  forgetUser(userId: string): void {
    for (const [token, { identity }] of this.#entries) {
      if (identity.user.id === userId) this.#entries.delete(token);
    }
  }
}
