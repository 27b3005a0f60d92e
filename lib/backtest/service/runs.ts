import { type QuotaUse, refuseBeyond } from "../../contracts/quota.ts";
import type { BacktestView } from "../../contracts/backtest.ts";
import { AppError } from "../../core/errors.ts";
import { OPEN_RUNS_IN_ALL, OPEN_RUNS_PER_USER } from "./limits.ts";

/** Tells whether a run has ended. */
export function isFinal({ state }: BacktestView): boolean {
  return state === "done" || state === "failed" || state === "canceled";
}

/** Every run of the server by id, in memory; the store holds the same. */
export class Runs {
  readonly #views: Map<string, BacktestView>;
  /** Owners of the runs that are being stored: they count, and nothing starts them. */
  readonly #coming = new Map<string, string>();

  /** The name of this process among those that share the store; null where there is only this one. */
  readonly #hostId: string | null;

  constructor(stored: readonly BacktestView[], hostId: string | null = null) {
    this.#views = new Map(stored.map((view) => [view.id, view]));
    this.#hostId = hostId;
  }

  /** Whether other processes may carry out runs of the same store. */
  get isShared(): boolean {
    return this.#hostId !== null;
  }

  /** What a new run of this process says of where it is carried out. */
  get here(): Pick<BacktestView, "host"> {
    return this.#hostId === null ? {} : { host: this.#hostId };
  }

  /** Whether this process carries a run out. */
  isOwn({ host }: BacktestView): boolean {
    return this.#hostId === null || host === this.#hostId;
  }

  /**
   * Takes over what lies in the store: of runs of other processes all of it, of
   * own ones how they ended, because others may cancel them. Answers what is
   * another one now, and the ids of those that were removed.
   */
  takeStored(
    stored: readonly BacktestView[],
  ): { changed: readonly BacktestView[]; removed: readonly string[] } {
    const changed = stored.filter((view) => this.#isNews(view));
    const ids = new Set(stored.map(({ id }) => id));
    const removed = this.list()
      .filter((view) => !ids.has(view.id) && !this.#isOpenHere(view))
      .map(({ id }) => id);
    for (const view of changed) this.put(view);
    for (const id of removed) this.delete(id);
    return { changed, removed };
  }

  #isNews(view: BacktestView): boolean {
    if (this.#coming.has(view.id)) return false;
    const known = this.#views.get(view.id);
    if (known === undefined) return true;
    const counts = !this.isOwn(view) || isFinal(view);
    return counts && JSON.stringify(known) !== JSON.stringify(view);
  }

  #isOpenHere(view: BacktestView): boolean {
    return this.isOwn(view) && !isFinal(view);
  }

  /** All runs, newest first. */
  list(): BacktestView[] {
    return [...this.#views.values()].sort((a, b) => a.id < b.id ? 1 : -1);
  }

  /** @throws {AppError} BACKTEST_NOT_FOUND */
  get(id: string): BacktestView {
    const view = this.#views.get(id);
    if (view === undefined) throw notFound(id);
    return view;
  }

  /** A run that may have been removed meanwhile. */
  find(id: string): BacktestView | null {
    return this.#views.get(id) ?? null;
  }

  put(view: BacktestView): void {
    this.#views.set(view.id, view);
  }

  delete(id: string): void {
    this.#views.delete(id);
  }

  /** The run of this process that has waited for longest, or null. */
  nextQueued(): BacktestView | null {
    return this.list().findLast((view) =>
      view.state === "queued" && this.isOwn(view)
    ) ?? null;
  }

  /** Ended runs of a user beyond the newest `kept`, oldest last. */
  surplusOf(ownerId: string, kept: number): BacktestView[] {
    return this.list().filter((view) =>
      view.ownerId === ownerId && isFinal(view)
    ).slice(kept);
  }

  /**
   * Takes in a new run once it is stored, if there is room for it. Of many that
   * come at a time no more get in than there is room for.
   *
   * @throws {AppError} QUOTA_EXCEEDED, and what `store` throws.
   */
  async admit(view: BacktestView, store: () => Promise<void>): Promise<void> {
    for (const use of this.quotas(view.ownerId)) refuseBeyond(use);
    this.#coming.set(view.id, view.ownerId);
    try {
      await store();
      this.put(view);
    } finally {
      this.#coming.delete(view.id);
    }
  }

  /** What of one person, and of all, waits or runs. */
  quotas(userId: string): readonly QuotaUse[] {
    const open = [
      ...this.#coming.values(),
      ...this.list().filter((view) => !isFinal(view)).map((view) =>
        view.ownerId
      ),
    ];
    const own = open.filter((owner) => owner === userId).length;
    return [
      { quota: "backtests", used: own, limit: OPEN_RUNS_PER_USER },
      { quota: "host_backtests", used: open.length, limit: OPEN_RUNS_IN_ALL },
    ];
  }
}

/** The refusal of an id that no run has. */
export function notFound(id: string): AppError {
  return new AppError(
    "BACKTEST_NOT_FOUND",
    `There is no backtest "${
      id.slice(0, 60)
    }"; it may have been removed. GET /api/backtests lists the ids`,
    { status: 404 },
  );
}

/** The refusal of what a run's state does not allow. */
export function wrongState(view: BacktestView, mend: string): AppError {
  return new AppError(
    "BACKTEST_STATE_CONFLICT",
    `The backtest ${view.label} is ${view.state}; ${mend}`,
    { status: 409 },
  );
}
