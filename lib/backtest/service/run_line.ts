/**
 * Carries out runs one after the other, in the order they were asked for.
 *
 * @module
 */
import type {
  BacktestProgress,
  BacktestView,
} from "../../contracts/backtest.ts";
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import type { ModelRecord } from "../../contracts/model_record.ts";
import { AppError } from "../../core/errors.ts";
import type { BacktestServiceOptions } from "../service.ts";
import { DETAIL_CHARACTERS, PROGRESS_EVERY_MS } from "./limits.ts";
import { isFinal, type Runs } from "./runs.ts";

type RunLineOptions =
  & Pick<
    BacktestServiceOptions,
    "store" | "time" | "run" | "publish" | "onError"
  >
  & {
    runs: Runs;
    /** A run has ended and is stored. */
    onEnded(view: BacktestView): Promise<void>;
  };

/** What a run came to. */
type Outcome =
  | { ok: true; report: BacktestReport; modelRecord: ModelRecord | null }
  | { ok: false; detail: string };

/** See the module's description. */
export class RunLine {
  readonly #options: RunLineOptions;
  #current:
    | { id: string; abort: AbortController; ended: Promise<void> }
    | null = null;
  #isDraining = false;

  constructor(options: RunLineOptions) {
    this.#options = options;
  }

  /** Starts the next run, unless one is under way. */
  next(): void {
    if (this.#current !== null || this.#isDraining) return;
    const queued = this.#options.runs.nextQueued();
    if (queued === null) return;
    const abort = new AbortController();
    const ended = this.#carryOut(queued, abort.signal).finally(() => {
      this.#current = null;
      this.next();
    });
    this.#current = { id: queued.id, abort, ended };
  }

  /** Ends a run that was canceled, if it is the one under way. */
  abort(id: string): void {
    if (this.#current?.id !== id) return;
    this.#current.abort.abort(new Error("The run was canceled"));
  }

  /** Ends the run under way and starts no other. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const current = this.#current;
    current?.abort.abort(new Error("The server stops"));
    await current?.ended;
  }

  async #carryOut(queued: BacktestView, signal: AbortSignal): Promise<void> {
    const { runs, store, onError } = this.#options;
    const { id } = queued;
    const running: BacktestView = {
      ...queued,
      state: "running",
      startedAt: this.#now(),
      progress: { phase: "starting", share: 0, candlesPerSecond: null },
    };
    this.#show(running);
    try {
      await store.save(running, null);
    } catch (error) {
      onError("store the start of a backtest", error);
    }
    const outcome = await this.#attempt(running, signal);
    const now = runs.find(id);
    // Canceled meanwhile, or the server stops: then the record stays as it is.
    if (now === null || isFinal(now) || this.#isDraining) return;
    const ended = await this.#store(now, outcome);
    this.#show(ended);
    await this.#options.onEnded(ended);
  }

  async #attempt(view: BacktestView, signal: AbortSignal): Promise<Outcome> {
    const { run, onError } = this.#options;
    try {
      signal.throwIfAborted();
      const onProgress = this.#progressOf(view.id);
      let modelRecord: ModelRecord | null = null;
      const report = await run(view.request, {
        signal,
        onProgress,
        onModelRecord: (record) => void (modelRecord = record),
      });
      return { ok: true, report, modelRecord };
    } catch (error) {
      if (!signal.aborted && !(error instanceof AppError)) {
        onError(`carry out the backtest ${view.id}`, error);
      }
      return { ok: false, detail: sentenceOf(error) };
    }
  }

  /** Stores the end of a run; a result that cannot be stored is none. */
  async #store(view: BacktestView, outcome: Outcome): Promise<BacktestView> {
    const { store, onError } = this.#options;
    const endedAt = this.#now();
    if (outcome.ok) {
      const { report, modelRecord } = outcome;
      const progress = {
        phase: "done",
        share: 1,
        candlesPerSecond: report.summary.candlesPerSecond,
      };
      const { summary } = report;
      const done: BacktestView = {
        ...view,
        state: "done",
        endedAt,
        progress,
        summary,
      };
      try {
        await store.finish(done, report, modelRecord);
        return done;
      } catch (error) {
        onError(`store the result of the backtest ${view.id}`, error);
        outcome = {
          ok: false,
          detail: `The run ended, but its result could not be stored: ${
            sentenceOf(error)
          }`,
        };
      }
    }
    const { detail } = outcome;
    const failed: BacktestView = { ...view, state: "failed", endedAt, detail };
    try {
      await store.save(failed, null);
    } catch (error) {
      // The record says "running"; the next start of the server shows it as failed.
      onError("store the failure of a backtest", error);
    }
    return failed;
  }

  /** Tells of progress a few times a second. */
  #progressOf(id: string): (progress: BacktestProgress) => void {
    const { runs, time } = this.#options;
    let toldAt = -Infinity;
    return (progress) => {
      const view = runs.find(id);
      if (view?.state !== "running") return;
      const next: BacktestView = { ...view, progress };
      runs.put(next);
      const now = time.nowMs();
      if (now - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = now;
      this.#options.publish(id, next);
    };
  }

  #show(view: BacktestView): void {
    this.#options.runs.put(view);
    this.#options.publish(view.id, view);
  }

  #now(): string {
    return new Date(this.#options.time.nowMs()).toISOString();
  }
}

function sentenceOf(error: unknown): string {
  const text = error instanceof AppError
    ? error.message
    : `The run broke: ${
      error instanceof Error ? error.message : String(error)
    }`;
  return text.slice(0, DETAIL_CHARACTERS);
}
