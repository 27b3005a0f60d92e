import type {
  AtomicWrite,
  KvConnection,
  ListLimits,
  WriteOutcome,
} from "./connection.ts";
import {
  DISK_FULL_MESSAGE,
  type KvCall,
  type KvFault,
  type KvFaults,
} from "./faults.ts";
import { encodeKey, encodeReadKey, rangeOf } from "./key_order.ts";
import { KV_LIST_BATCH, KV_MAX_GET_MANY, KV_MAX_WATCHED } from "./limits.ts";
import { type MemoryState, prepareWrite } from "./memory_state.ts";
import { StateWatch } from "./memory_watch.ts";

interface MemoryConnectionOptions {
  schedule: (step: () => void) => void;
  faults: KvFaults;
}

/** A promise of its own each time: a shared one would keep all who ever waited for it in memory. */
function never(): Promise<never> {
  return new Promise(() => {});
}

/**
 * A connection to the state in memory. A call takes two steps, to the database
 * and back, so that a cut between them leaves a write that nobody heard of.
 */
export class MemoryConnection implements KvConnection {
  readonly #state: MemoryState;
  readonly #schedule: (step: () => void) => void;
  readonly #faults: KvFaults;
  readonly #watches = new Set<StateWatch>();
  #isClosed = false;
  #isCut = false;

  constructor(state: MemoryState, options: MemoryConnectionOptions) {
    this.#state = state;
    this.#schedule = options.schedule;
    this.#faults = options.faults;
  }

  get<T>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>> {
    return this.#call({ kind: "get", keys: [key] }, () => {
      return this.#state.get<T>(key);
    });
  }

  getMany<T>(
    wanted: readonly Deno.KvKey[],
  ): Promise<Deno.KvEntryMaybe<T>[]> {
    return this.#call({ kind: "getMany", keys: wanted }, () => {
      if (wanted.length > KV_MAX_GET_MANY) {
        throw new TypeError(`Too many ranges (max ${KV_MAX_GET_MANY})`);
      }
      return wanted.map((key) => this.#state.get<T>(key));
    });
  }

  async list<T>(
    selector: Deno.KvListSelector,
    limits: ListLimits,
  ): Promise<Deno.KvEntry<T>[]> {
    const range = rangeOf(selector);
    const found: Deno.KvEntry<T>[] = [];
    for (;;) {
      const limit = Math.min(limits.limit - found.length, KV_LIST_BATCH);
      // deno-lint-ignore no-await-in-loop -- each batch starts where the last ended
      const batch = await this.#call(
        { kind: "list", keys: keysOf(selector) },
        () => this.#state.list<T>(range, { ...limits, limit }),
      );
      found.push(...batch);
      if (batch.length < limit || found.length >= limits.limit) return found;
      const last = encodeKey(batch.at(-1)!.key);
      if (limits.reverse === true) range.end = last;
      else range.start = `${last}\x00`;
    }
  }

  async write(write: AtomicWrite): Promise<WriteOutcome> {
    // What the caller changes afterwards is not written.
    const prepared = prepareWrite(write);
    const keys = [...write.sets.map(({ key }) => key), ...write.deletes];
    const fault = await this.#reach({ kind: "write", keys });
    const isDone = fault.outcome !== "conflict";
    const outcome = isDone
      ? this.#state.apply(prepared)
      : { ok: false as const };
    if (fault.outcome === "hang_done") return never();
    await this.#step();
    if (fault.outcome === "lost_ack") throw failureOf(fault);
    return fault.outcome === "conflict_done" ? { ok: false } : outcome;
  }

  watch(
    keys: readonly Deno.KvKey[],
  ): ReadableStream<readonly Deno.KvEntryMaybe<unknown>[]> {
    if (this.#isClosed) throw closedError();
    if (keys.length > KV_MAX_WATCHED) {
      throw new TypeError(`Too many keys (max ${KV_MAX_WATCHED})`);
    }
    for (const key of keys) encodeReadKey(key);
    const fault = this.#faults.onCall({ kind: "watch", keys });
    const watch = new StateWatch(this.#state, {
      keys,
      schedule: (step) => this.#schedule(() => void (this.#isCut || step())),
      onEvent: () => this.#faults.onCall({ kind: "watch_event", keys }),
      onEnd: () => void this.#watches.delete(watch),
    });
    this.#watches.add(watch);
    if (fault.outcome === "fail") watch.fail(failureOf(fault));
    if (isHang(fault)) watch.silence();
    return watch.stream;
  }

  close(): void {
    if (this.#isClosed) throw closedError();
    this.#isClosed = true;
    for (const watch of [...this.#watches]) watch.end();
  }

  /** The process died: nothing settles any more and nothing written later counts. */
  cut(): void {
    this.#isCut = true;
    for (const watch of [...this.#watches]) watch.silence();
  }

  async #call<T>(call: KvCall, read: () => T): Promise<T> {
    await this.#reach(call);
    const result = read();
    await this.#step();
    return result;
  }

  /** Brings a call to the database. */
  async #reach(call: KvCall): Promise<KvFault> {
    if (this.#isClosed) throw closedError();
    if (this.#isCut) return never();
    const fault = this.#faults.onCall(call);
    await fault.delay;
    await this.#step();
    if (fault.outcome === "hang") return never();
    if (call.kind !== "write" && isHang(fault)) return never();
    if (fault.outcome === "fail") throw failureOf(fault);
    return fault;
  }

  /** One step of the schedule; after a cut it never ends. */
  #step(): Promise<void> {
    return new Promise((resolve) => {
      this.#schedule(() => {
        if (!this.#isCut) resolve();
      });
    });
  }
}

function isHang({ outcome }: KvFault): boolean {
  return outcome === "hang" || outcome === "hang_done";
}

function keysOf(selector: Deno.KvListSelector): Deno.KvKey[] {
  const ends = selector as {
    prefix?: Deno.KvKey;
    start?: Deno.KvKey;
    end?: Deno.KvKey;
  };
  return [ends.prefix, ends.start, ends.end].filter((key) => key !== undefined);
}

function failureOf(fault: KvFault): TypeError {
  return new TypeError(fault.message ?? DISK_FULL_MESSAGE);
}

function closedError(): Error {
  return new Deno.errors.BadResource("Bad resource ID");
}
