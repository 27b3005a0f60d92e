/**
 * What a process has read into its memory and another process may change:
 * each such change says so in the store, in the same commit, and is read again.
 *
 * @module
 */
import type { Clock } from "../../actors/mod.ts";
import {
  CHANGE_NAMES,
  type ChangeName,
  type ChangeStore,
} from "../store/change_port.ts";
import { SHARED_LOOK_MS } from "./limits.ts";

/** What the memory is kept up to date with. */
export interface SharedMemoryOptions {
  changes: ChangeStore;
  clock: Clock;
  /** Reads one kind of things again. */
  reload: Readonly<Record<ChangeName, () => Promise<void>>>;
  /** Told of what could not be read; it is tried again. */
  onError(what: string, error: unknown): void;
}

/** Looks now and then whether something was changed, and has it read again. */
export class SharedMemory {
  readonly #options: SharedMemoryOptions;
  readonly #seen = new Map<ChangeName, string | null>();
  #timer: { cancel(): void } | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: SharedMemoryOptions) {
    this.#options = options;
  }

  /** Begins with a look: between the first reading and now something may have changed. */
  start(): void {
    void this.look();
    this.#timer = this.#options.clock.every(
      SHARED_LOOK_MS,
      () => void this.look(),
    );
  }

  /** Reads again what has changed; one look at a time, and never rejects. */
  look(): Promise<void> {
    return this.#looking ??= this.#once().catch(() => {
      // The store's health tells of the failure; the next look tries again.
    }).finally(() => this.#looking = null);
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#looking;
  }

  async #once(): Promise<void> {
    const stamps = await this.#options.changes.stamps();
    await Promise.all(CHANGE_NAMES.map((name) => this.#take(name, stamps)));
  }

  async #take(
    name: ChangeName,
    stamps: Readonly<Record<ChangeName, string | null>>,
  ): Promise<void> {
    const stamp = stamps[name];
    if (stamp === (this.#seen.get(name) ?? null)) return;
    try {
      await this.#options.reload[name]();
      // Not before: what failed is tried again.
      this.#seen.set(name, stamp);
    } catch (error) {
      this.#options.onError(`read the changed ${name} again`, error);
    }
  }
}
