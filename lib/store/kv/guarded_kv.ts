import type { StoreCalls } from "../../contracts/store_calls.ts";
import { AppError } from "../../core/errors.ts";
import type { IdFactory } from "../../core/ids.ts";
import { LatencyWindow } from "../../core/latency_window.ts";
import type { TimeSource } from "../../core/time.ts";
import type {
  AtomicWrite,
  KvConnection,
  ListLimits,
  WriteOutcome,
} from "./connection.ts";
import { upcastEntry } from "../migrate.ts";
import {
  KV_ATTEMPTS,
  KV_BUDGET_MS,
  KV_DEADLINE_MS,
  MAX_GET_MANY,
} from "../limits.ts";
import { Budget } from "./budget.ts";
import { type Commit, type Fence, withOpId } from "./commit.ts";
import { isTooLarge, unavailable } from "./unavailable.ts";

export type { Commit, Fence };

/** Outcome of a commit: done, or a check failed and it never will be. Doubt is resolved or thrown. */
export type CommitOutcome = WriteOutcome;

/** A failure that lasts. */
export interface Failure {
  kind: "read" | "commit";
  since: number;
  message: string;
}

/**
 * A connection with a deadline on every call and an op id in every commit. KV may
 * resend a commit after a lost acknowledgement and may hang for ever on a
 * half-open link; so a commit that failed or was refused is decided only after
 * its op id was looked up. What is read comes in the version of this build.
 */
export class GuardedKv {
  readonly #kv: KvConnection;
  readonly #time: TimeSource;
  readonly #nextOpId: () => string;
  readonly #times: Readonly<Record<Failure["kind"], LatencyWindow>>;
  readonly #failures: { read: Failure | null; commit: Failure | null } = {
    read: null,
    commit: null,
  };
  /** Null where nobody else could take over. */
  #fence: Fence | null = null;
  #isLost = false;
  #calls = 0;
  /** Number of the last call that was done. */
  readonly #lastDone = { read: 0, commit: 0 };
  #closed = false;

  constructor(
    kv: KvConnection,
    options: { time: TimeSource; ids: IdFactory },
  ) {
    this.#kv = kv;
    this.#time = options.time;
    const window = () => new LatencyWindow(() => options.time.nowMs());
    this.#times = { read: window(), commit: window() };
    this.#nextOpId = () => options.ids("op");
  }

  /** The failure that lasts, or null. On a full disk reads go on while commits fail. */
  get failure(): Failure | null {
    return this.#failures.commit ?? this.#failures.read;
  }

  /** How many calls there were, and how long those of the last minutes took. */
  get calls(): StoreCalls {
    const of = (times: LatencyWindow) => ({
      n: times.count,
      recent: times.figures(),
    });
    return { read: of(this.#times.read), commit: of(this.#times.commit) };
  }

  /** From now on every fenced commit checks this entry. */
  setFence(fence: Fence): void {
    this.#fence = fence;
  }

  /** A new op id; sorts by time, so that old ones can be pruned. */
  createOpId(): string {
    return this.#nextOpId();
  }

  /** Reads one entry; its value and versionstamp are null where there is none. */
  async get<T>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>> {
    const what = `read ${keyText(key)}`;
    return upcastEntry(await this.#read(() => this.#kv.get<T>(key), what));
  }

  /** Reads many entries, in the order of `wanted`. */
  async getMany<T>(
    wanted: readonly Deno.KvKey[],
  ): Promise<Deno.KvEntryMaybe<T>[]> {
    const calls: Promise<Deno.KvEntryMaybe<T>[]>[] = [];
    for (let start = 0; start < wanted.length; start += MAX_GET_MANY) {
      const part = wanted.slice(start, start + MAX_GET_MANY);
      calls.push(this.#read(
        () => this.#kv.getMany<T>(part),
        `read ${part.length} entries at ${keyText(part[0]!)}`,
      ));
    }
    return (await Promise.all(calls)).flat().map(upcastEntry);
  }

  /** Lists up to `limit` entries of a selector. */
  async list<T>(
    selector: Deno.KvListSelector,
    limits: ListLimits,
  ): Promise<Deno.KvEntry<T>[]> {
    return (await this.listStored<T>(selector, limits)).map(upcastEntry);
  }

  /** The same as it is stored, in whatever version. */
  listStored<T>(
    selector: Deno.KvListSelector,
    limits: ListLimits,
  ): Promise<Deno.KvEntry<T>[]> {
    return this.#read(
      () => this.#kv.list<T>(selector, limits),
      "list entries",
    );
  }

  /**
   * Commits. A failed attempt is repeated with the same op id and a check that
   * this id is not stored yet, so that a late first attempt cannot count twice.
   * A refusal counts only if a check is seen to fail: only then can no attempt
   * that is still on its way be done after the caller has gone on.
   * All attempts together take at most `KV_BUDGET_MS`.
   *
   * @throws {AppError} STORE_UNAVAILABLE if the outcome stays unknown,
   * STORE_FENCED if it is fenced and another process goes on with the agents of this one.
   */
  async commit(
    commit: Commit,
    opId: string = this.createOpId(),
  ): Promise<CommitOutcome> {
    const fence = commit.isFenced === true ? this.#fence : null;
    const budget = new Budget(this.#time, KV_BUDGET_MS);
    let outcome: CommitOutcome;
    try {
      outcome = await this.#commitWithin(
        budget,
        withOpId(commit, { opId, fence }),
      );
    } catch (error) {
      throw unavailable("commit a change", error);
    } finally {
      budget.end();
    }
    if (!outcome.ok && fence !== null) await this.#refuseWhereLost(fence);
    return outcome;
  }

  /** Of a commit that was refused nobody knows whose check it was. */
  async #refuseWhereLost(fence: Fence): Promise<void> {
    const { versionstamp } = await this.get(fence.key);
    if (versionstamp === fence.versionstamp) return;
    if (!this.#isLost) fence.onLost();
    this.#isLost = true;
    throw new AppError(
      "STORE_FENCED",
      "This host gave no sign of life for too long, and others go on with its agents; nothing was stored, and it starts anew",
      { status: 503 },
    );
  }

  /** Watches keys; yields until the store is closed or the reader cancelled. */
  watch(watched: readonly Deno.KvKey[]): ReadableStream<unknown> {
    return this.#kv.watch(watched);
  }

  /** Closes the connection; later calls fail. */
  close(): void {
    this.#closed = true;
    this.#kv.close();
  }

  async #commitWithin(
    budget: Budget,
    write: AtomicWrite,
  ): Promise<CommitOutcome> {
    let lastError: unknown;
    for (let attempt = 0; attempt < KV_ATTEMPTS; attempt++) {
      try {
        // deno-lint-ignore no-await-in-loop -- attempts follow each other
        const outcome = await this.#observed(
          "commit",
          budget.within(this.#kv.write(write), CALLS.commit),
        );
        if (outcome.ok) return outcome;
        lastError = new Error("It was refused although no check had failed");
      } catch (error) {
        lastError = error;
        if (this.#closed || isTooLarge(error)) break;
      }
      // deno-lint-ignore no-await-in-loop -- decides this attempt
      const proven = await this.#proofOf(budget, write).catch(() => null);
      if (proven !== null) return proven;
      if (budget.isSpent) break;
    }
    throw lastError;
  }

  /**
   * What is certain about a commit whose answer is missing or may be wrong: it
   * was done if its op id is there; it was not, and never will be, if its op id
   * is not there while a check no longer holds. One read is one snapshot.
   */
  async #proofOf(
    budget: Budget,
    { checks }: AtomicWrite,
  ): Promise<CommitOutcome | null> {
    const checked = checks.slice(0, MAX_GET_MANY).map(({ key }) => key);
    const [op, ...others] = await this.#attempt(
      budget,
      () => this.#kv.getMany<unknown>(checked),
      CALLS.readBack,
    );
    const { versionstamp } = op!;
    if (versionstamp !== null) return { ok: true, versionstamp };
    const isOutdated = others.some((entry, place) =>
      entry.versionstamp !== checks[place + 1]!.versionstamp
    );
    return isOutdated ? { ok: false } : null;
  }

  async #read<T>(call: () => Promise<T>, what: string): Promise<T> {
    const budget = new Budget(this.#time, KV_BUDGET_MS);
    try {
      const deadline = { deadlineMs: KV_DEADLINE_MS, what };
      return await this.#attempt(budget, call, deadline);
    } catch (error) {
      throw unavailable(what, error);
    } finally {
      budget.end();
    }
  }

  async #attempt<T>(
    budget: Budget,
    call: () => Promise<T>,
    deadline: { deadlineMs: number; what: string },
  ): Promise<T> {
    let lastError: unknown;
    for (let attempt = 0; attempt < KV_ATTEMPTS; attempt++) {
      if (attempt > 0 && (this.#closed || budget.isSpent)) break;
      try {
        // deno-lint-ignore no-await-in-loop -- attempts follow each other
        return await this.#observed("read", budget.within(call(), deadline));
      } catch (error) {
        lastError = error;
      }
    }
    throw lastError;
  }

  /** Remembers since when calls of this kind have failed. */
  async #observed<T>(kind: Failure["kind"], work: Promise<T>): Promise<T> {
    const call = ++this.#calls;
    const startedMs = performance.now();
    try {
      const result = await work;
      this.#failures[kind] = null;
      this.#lastDone[kind] = Math.max(this.#lastDone[kind], call);
      return result;
    } catch (error) {
      // A value that is too large says nothing about the store, nor does a call
      // that was given up after a later one has been done.
      if (!isTooLarge(error) && call > this.#lastDone[kind]) {
        const message = error instanceof Error ? error.message : String(error);
        const since = this.#time.nowMs();
        this.#failures[kind] ??= { kind, since, message };
      }
      throw error;
    } finally {
      this.#times[kind].record(performance.now() - startedMs);
    }
  }
}

const CALLS = {
  commit: { deadlineMs: KV_DEADLINE_MS, what: "commit" },
  readBack: { deadlineMs: KV_DEADLINE_MS, what: "read back a commit" },
} as const;

function keyText(key: Deno.KvKey): string {
  return key.slice(0, 2).map(String).join("/");
}
