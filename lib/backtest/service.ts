/**
 * Backtests of a server: a bounded queue, one run at a time, results in the
 * store. A run that waits when the server stops waits on after the next start;
 * one that was running is shown as failed, because nobody asked for it again.
 *
 * @module
 */
import type {
  BacktestDetail,
  BacktestRequest,
  BacktestView,
} from "../contracts/backtest.ts";
import type { BacktestReport } from "../contracts/backtest_report.ts";
import type { ReplayView } from "../contracts/replay.ts";
import { AppError, type FieldError } from "../core/errors.ts";
import { type Caller, callerActor, cameBy } from "../contracts/audit.ts";
import type { QuotaUse } from "../contracts/quota.ts";
import type { IdFactory } from "../core/ids.ts";
import type { TimeSource } from "../core/time.ts";
import type { AuditEntry, BacktestStore } from "../store/port.ts";
import type {
  Backtests,
  CandleFileFacts,
  CandlePage,
  RequestParts,
  RunBacktest,
} from "./port.ts";
import { checkParts, sentenceOf } from "./service/checks.ts";
import { CANDLES_PER_ANSWER, REPORTS_KEPT } from "./service/limits.ts";
import { failInterrupted } from "./service/interrupted.ts";
import { NewestKept } from "./service/newest_kept.ts";
import type { ReplayRoom } from "./service/replay_room.ts";
import { RunLine } from "./service/run_line.ts";
import { isFinal, Runs, wrongState } from "./service/runs.ts";

/** What the service works with. */
export interface BacktestServiceOptions {
  store: BacktestStore;
  time: TimeSource;
  ids: IdFactory;
  run: RunBacktest;
  renderTearSheet(report: BacktestReport): string;
  /** Null where there is no such file, or none that can be read. */
  describeFile(file: string): Promise<CandleFileFacts | null>;
  /** Candles of runs, and runs step by step. */
  replays: ReplayRoom;
  /** Tells whoever listens now; a removal has no view. */
  publish(id: string, view: BacktestView | null): void;
  /** Told of failures that nobody waits for; must not throw. */
  onError(what: string, error: unknown): void;
  /** Ended runs of each user that are kept. */
  retained: number;
  /** The name of this process among those that share the store; left out where there is only this one. */
  hostId?: string;
}

/** The service with what only its owner needs. */
export interface RunningBacktests extends Backtests {
  /** Takes over what other processes have stored. */
  refresh(): Promise<void>;
  /** Ends the run under way without a result and starts no other. */
  drain(): Promise<void>;
}

/** Loads the stored runs and goes on with those that waited. */
export async function startBacktests(
  options: BacktestServiceOptions,
): Promise<RunningBacktests> {
  const service = new BacktestService(options, await options.store.list());
  await service.recover();
  return service;
}

/** See the module's description; {@link startBacktests} makes one from a store. */
export class BacktestService implements RunningBacktests {
  readonly #options: BacktestServiceOptions;
  readonly #runs: Runs;
  readonly #line: RunLine;
  readonly #reports = new NewestKept<BacktestReport | null>(REPORTS_KEPT);

  constructor(
    options: BacktestServiceOptions,
    stored: readonly BacktestView[],
  ) {
    this.#options = options;
    this.#runs = new Runs(stored, options.hostId ?? null);
    this.#line = new RunLine({
      ...options,
      runs: this.#runs,
      onEnded: (view) => this.#prune(view.ownerId),
    });
  }

  /** What an earlier start left under way is failed; what waited goes on. */
  async recover(): Promise<void> {
    const { store } = this.#options;
    await failInterrupted(this.#runs, { store, endedAt: this.#now() });
    this.#line.next();
  }

  async refresh(): Promise<void> {
    const { changed, removed } = this.#runs.takeStored(
      await this.#options.store.list(),
    );
    for (const view of changed) {
      if (isFinal(view)) this.#line.abort(view.id);
      this.#options.publish(view.id, view);
    }
    for (const id of removed) this.#forget(id);
  }

  check(parts: RequestParts): Promise<readonly FieldError[]> {
    return checkParts(parts, this.#options.describeFile);
  }

  async submit(
    request: BacktestRequest,
    caller: Caller,
  ): Promise<BacktestView> {
    const errors = await this.check(request);
    if (errors.length > 0) {
      throw new AppError("REQUEST_INVALID", sentenceOf(errors), {
        status: 422,
        errors,
      });
    }
    const view: BacktestView = {
      id: this.#options.ids("bt"),
      ownerId: caller.userId,
      ownerEmail: caller.email,
      label: request.config.name,
      ...this.#runs.here,
      request,
      state: "queued",
      progress: { phase: "queued", share: 0, candlesPerSecond: null },
      createdAt: this.#now(),
      startedAt: null,
      endedAt: null,
      detail: null,
      summary: null,
    };
    const audit = this.#audit(caller, "backtests.run", view);
    await this.#runs.admit(
      view,
      () => this.#options.store.create(view, audit),
    );
    this.#options.publish(view.id, view);
    this.#line.next();
    return this.#runs.find(view.id) ?? view;
  }

  list(): readonly BacktestView[] {
    return this.#runs.list();
  }

  quotas(userId: string): readonly QuotaUse[] {
    return this.#runs.quotas(userId);
  }

  view(id: string): BacktestView {
    return this.#runs.get(id);
  }

  async get(id: string): Promise<BacktestDetail> {
    const view = this.#runs.get(id);
    const report = view.state === "done" ? await this.#report(id) : null;
    return { ...view, report };
  }

  async cancel(id: string, caller: Caller): Promise<BacktestView> {
    const view = this.#runs.get(id);
    if (isFinal(view)) {
      throw wrongState(view, "only a run that waits or runs can be canceled");
    }
    const canceled: BacktestView = {
      ...view,
      state: "canceled",
      endedAt: this.#now(),
      detail: `Canceled by ${caller.email}`,
    };
    this.#runs.put(canceled);
    this.#line.abort(id);
    this.#options.publish(id, canceled);
    await this.#options.store.save(
      canceled,
      this.#audit(caller, "backtests.cancel", view),
    );
    return canceled;
  }

  async remove(id: string, caller: Caller): Promise<void> {
    const view = this.#runs.get(id);
    if (!isFinal(view)) {
      throw wrongState(view, "cancel it before it is removed");
    }
    await this.#options.store.remove(
      id,
      this.#audit(caller, "backtests.delete", view),
    );
    this.#forget(id);
  }

  candles(
    id: string,
    { fromSeq, limit }: { fromSeq: number; limit: number },
  ): Promise<CandlePage> {
    const view = this.#doneRun(id);
    return this.#options.replays.candles(view, {
      fromSeq,
      limit: Math.min(limit, CANDLES_PER_ANSWER),
    });
  }

  async tearSheet(id: string): Promise<string> {
    const view = this.#doneRun(id);
    const report = await this.#report(id);
    if (report === null) throw wrongState(view, "its report is not there");
    return this.#options.renderTearSheet(report);
  }

  async replay(
    id: string,
    place: { seq: number; afterSeq: number },
  ): Promise<ReplayView> {
    const view = this.#doneRun(id);
    if (view.request.study.kind === "walk_forward") {
      throw wrongState(
        view,
        "but a walk-forward study joins many runs and has no one run to step through; run its chosen set by itself",
      );
    }
    const report = await this.#report(id);
    // It may have been removed while the report was read.
    this.#doneRun(id);
    return await this.#options.replays.at(view, {
      ...place,
      config: report?.config ?? view.request.config,
      modelRecord: () => this.#options.store.modelRecord(id),
    });
  }

  drain(): Promise<void> {
    return this.#line.drain();
  }

  #report(id: string): Promise<BacktestReport | null> {
    return this.#reports.get(id, () => this.#options.store.report(id));
  }

  #doneRun(id: string): BacktestView {
    const view = this.#runs.get(id);
    if (view.state !== "done") {
      throw wrongState(view, "only a run that is done has results");
    }
    return view;
  }

  /** Removes the oldest ended runs of a user beyond what is kept. */
  async #prune(ownerId: string): Promise<void> {
    const { retained, store, onError } = this.#options;
    for (const { id } of this.#runs.surplusOf(ownerId, retained)) {
      try {
        // deno-lint-ignore no-await-in-loop -- nearly always one
        await store.remove(id, null);
        this.#forget(id);
      } catch (error) {
        onError("remove an old backtest", error);
      }
    }
  }

  #forget(id: string): void {
    this.#runs.delete(id);
    this.#reports.forget(id);
    this.#options.replays.forget(id);
    this.#options.publish(id, null);
  }

  #now(): string {
    return new Date(this.#options.time.nowMs()).toISOString();
  }

  #audit(
    caller: Caller,
    action: string,
    { id, label }: BacktestView,
  ): AuditEntry {
    return {
      at: this.#options.time.nowMs(),
      actor: callerActor(caller),
      ...cameBy(caller),
      action,
      target: id,
      outcome: "ok",
      reason: "",
      detail: { label },
    };
  }
}
