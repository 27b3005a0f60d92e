import type { TimeSource } from "../../core/time.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { keys } from "../keys.ts";
import { TURN_AFTER_LOSSES, TURN_MAX_LOOKS, TURN_POLL_MS } from "../limits.ts";

/** What a turn needs. */
export interface HeadTurnOptions {
  kv: GuardedKv;
  time: TimeSource;
  /** Waits; resolves earlier where the store is being closed. */
  pause(ms: number): Promise<void>;
}

/**
 * Whose turn it is where several processes write events. All of them check the
 * same head, so whoever is slowest would lose against the others again and
 * again. One that has lost some times takes the turn, an entry that every
 * commit of events checks as well: the others are refused, by the store itself,
 * until the turn is given back with the commit it was taken for. A turn whose
 * holder has ended is cleared by whoever has waited long enough for it.
 */
export class HeadTurn {
  readonly #options: HeadTurnOptions;
  /** The entry as it was read last; null for none. */
  #stamp: string | null = null;
  #isMine = false;
  /** Another one's turn, and how often it was looked at. */
  #waiting: { stamp: string; looks: number } | null = null;

  constructor(options: HeadTurnOptions) {
    this.#options = options;
  }

  /** What a commit of events checks. */
  get check(): Deno.AtomicCheck {
    return { key: keys.headTurn(), versionstamp: this.#stamp };
  }

  /** What such a commit deletes. */
  get deletes(): readonly Deno.KvKey[] {
    return this.#isMine ? [keys.headTurn()] : [];
  }

  /** The commit is stored, and with it the turn given back. */
  end(): void {
    this.#stamp = null;
    this.#isMine = false;
  }

  /** A commit was refused for the `losses`-th time: takes the turn when it is time for that. */
  async lost(losses: number): Promise<void> {
    if (losses < TURN_AFTER_LOSSES || this.#stamp !== null) return;
    const { kv, time } = this.#options;
    const key = keys.headTurn();
    const outcome = await kv.commit({
      checks: [{ key, versionstamp: null }],
      sets: [{ key, value: { v: 1, at: time.nowMs() } }],
    });
    if (!outcome.ok) return;
    this.#stamp = outcome.versionstamp;
    this.#isMine = true;
  }

  /** The entry was read together with the head. */
  see(stamp: string | null): void {
    if (stamp !== this.#stamp) this.#isMine = false;
    this.#stamp = stamp;
  }

  /** Waits a moment while another one has the turn; answers whether the head has to be read again. */
  async wait(): Promise<boolean> {
    if (this.#stamp === null || this.#isMine) {
      this.#waiting = null;
      return false;
    }
    const { kv, pause } = this.#options;
    if (this.#waiting?.stamp !== this.#stamp) {
      this.#waiting = { stamp: this.#stamp, looks: 0 };
    }
    if (this.#waiting.looks++ < TURN_MAX_LOOKS) await pause(TURN_POLL_MS);
    else {
      const key = keys.headTurn();
      await kv.commit({
        checks: [{ key, versionstamp: this.#stamp }],
        deletes: [key],
      });
    }
    return true;
  }
}
