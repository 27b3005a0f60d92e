import { AppError } from "../../../core/errors.ts";
import type { JournalMirrorStore } from "../../../store/mirror_port.ts";
import { Turns } from "../../../store/turns.ts";
import { extendSums } from "./chunk_sums.ts";
import { MIRROR_LOOKS } from "./limits.ts";
import { copyToMirror, type KnownMirror } from "./mirror_copy.ts";
import { type JournalFiles, type Mirror, MIRROR_TAKEN } from "./mirror_port.ts";

/** What a mirror works with. */
export interface JournalMirrorOptions {
  store: JournalMirrorStore;
  files: JournalFiles;
}

/**
 * Keeps a copy of each account's journal in the store. The desk writes the files
 * meanwhile, in a thread of its own: what is copied is what they held at some
 * moment after the call, up to their end, a torn last line included.
 */
export class JournalMirror implements Mirror {
  readonly #store: JournalMirrorStore;
  readonly #files: JournalFiles;
  readonly #turns = new Turns();
  /** Flushes that have not begun. */
  readonly #waiting = new Map<string, Promise<void>>();
  readonly #known = new Map<string, KnownMirror>();
  /**
   * Who may have written the mirror last, this process aside: whoever had when this
   * host got the agent (null for nobody). Anybody else has taken the agent over.
   */
  readonly #writers = new Map<string, string | null>();
  /** Agents that this host has no longer. */
  readonly #forgotten = new Set<string>();

  constructor({ store, files }: JournalMirrorOptions) {
    this.#store = store;
    this.#files = files;
  }

  flush(agentId: string): Promise<void> {
    const waiting = this.#waiting.get(agentId);
    if (waiting !== undefined) return waiting;
    const turn = this.#turns.take(agentId, () => {
      if (this.#waiting.get(agentId) === turn) this.#waiting.delete(agentId);
      return this.#flushNow(agentId);
    });
    this.#waiting.set(agentId, turn);
    return turn;
  }

  restore(agentId: string): Promise<void> {
    return this.#anew(agentId, () => this.#restoreNow(agentId));
  }

  resume(
    agentId: string,
    { epoch, isFromHere }: { epoch: number; isFromHere: boolean },
  ): Promise<void> {
    return this.#anew(agentId, async () => {
      const held = await this.#files.heldEpoch(agentId);
      // One that was ended before its restore was through has said nothing.
      if (!isFromHere || held !== epoch - 1) await this.#restoreNow(agentId);
      await this.#files.hold(agentId, epoch);
    });
  }

  #anew(agentId: string, work: () => Promise<void>): Promise<void> {
    // A flush that is asked for later must not count as done by one from before.
    this.#waiting.delete(agentId);
    return this.#turns.take(agentId, () => {
      this.#forgotten.delete(agentId);
      return work();
    });
  }

  async #restoreNow(agentId: string): Promise<void> {
    this.#drop(agentId);
    const files = await this.#store.load(agentId);
    if (files === null) await this.#files.setAside(agentId);
    else await this.#files.replace(agentId, files);
  }

  forget(agentId: string): Promise<void> {
    return this.#turns.take(agentId, () => {
      this.#drop(agentId);
      this.#forgotten.add(agentId);
      return Promise.resolve();
    });
  }

  #drop(agentId: string): void {
    this.#known.delete(agentId);
    this.#writers.delete(agentId);
  }

  async #flushNow(agentId: string): Promise<void> {
    if (this.#forgotten.has(agentId)) throw mirrorTaken(agentId);
    try {
      await this.#copyAndSweep(agentId);
    } catch (error) {
      // Either another host has written it, or this one by a commit whose answer was lost.
      if ((error as AppError).code !== "STORE_CONFLICT") throw error;
      await this.#copyAndSweep(agentId);
    }
  }

  async #copyAndSweep(agentId: string): Promise<void> {
    try {
      if (await this.#copy(agentId)) await this.#sweep(agentId);
    } catch (error) {
      // What the store holds is read again: a commit in doubt may have been done.
      this.#known.delete(agentId);
      throw error;
    }
  }

  /** False where this host has no journal of the agent. */
  async #copy(agentId: string): Promise<boolean> {
    const parts = { agentId, store: this.#store, files: this.#files };
    for (let looks = 0; looks < MIRROR_LOOKS; looks++) {
      // deno-lint-ignore no-await-in-loop -- a look follows the one that was overtaken
      const newestId = await this.#files.newestId(agentId);
      if (newestId === null) return false;
      // deno-lint-ignore no-await-in-loop -- as above
      const known = this.#known.get(agentId) ?? await this.#recall(agentId);
      const local = known.newestId === newestId
        ? { newestId, ended: null }
        // deno-lint-ignore no-await-in-loop -- as above
        : await this.#files.look(agentId);
      if (local === null) return false;
      // deno-lint-ignore no-await-in-loop -- as above
      const copied = await copyToMirror({ ...parts, known, local });
      if (copied !== null) {
        this.#known.set(agentId, copied);
        if (copied.revision !== known.revision) {
          this.#writers.set(agentId, this.#store.writer);
        }
        return true;
      }
      this.#known.delete(agentId);
    }
    throw new AppError(
      "JOURNAL_UNAVAILABLE",
      `The files of the journal of ${agentId} changed during each of ${MIRROR_LOOKS} looks at them; try again`,
      { status: 503 },
    );
  }

  /** Reads what the store has; its newest segment is compared with the file in all of its bytes. */
  async #recall(agentId: string): Promise<KnownMirror> {
    const head = await this.#store.head(agentId);
    this.#refuseTaken(agentId, head?.writer ?? null);
    const bytes = head === null
      ? null
      : await this.#store.segment(agentId, head.journal.newest);
    const known = {
      revision: head?.revision ?? null,
      // One that is damaged is copied anew.
      journal: bytes === null ? null : head!.journal,
      sums: extendSums([], bytes ?? new Uint8Array()),
      newestId: null,
      isSwept: false,
    };
    this.#known.set(agentId, known);
    return known;
  }

  #refuseTaken(agentId: string, writer: string | null): void {
    const expected = this.#writers.get(agentId);
    if (expected === undefined) this.#writers.set(agentId, writer);
    else if (
      writer !== null && writer !== expected && writer !== this.#store.writer
    ) throw mirrorTaken(agentId);
  }

  async #sweep(agentId: string): Promise<void> {
    const known = this.#known.get(agentId)!;
    if (known.isSwept) return;
    await this.#store.sweep(agentId, known);
    this.#known.set(agentId, { ...known, isSwept: true });
  }
}

function mirrorTaken(agentId: string): AppError {
  return new AppError(
    MIRROR_TAKEN,
    `The journal of ${agentId} is another host's now, and this one's is not mirrored any more; the agent has to be given up here`,
    { status: 409 },
  );
}
