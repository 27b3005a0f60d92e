import type { ActorHost } from "../../../actors/host.ts";
import type { ActorMessage, OwnerMessage } from "../../../actors/protocol.ts";
import { AppError } from "../../core/errors.ts";
import type { Job, JobResult } from "./job.ts";
import type { BacktestWorkerConfig, BacktestWorkerReport } from "./program.ts";

/** What a worker of a pool is made with. */
export interface PoolWorkerOptions {
  host: ActorHost;
  /** Version of the messages between owner and worker. */
  protocolVersion: number;
  config: BacktestWorkerConfig;
  onProgress: (candles: number) => void;
  /** The worker is gone; nothing more comes of it. */
  onFailure: (error: AppError) => void;
}

/** One worker, which carries out one job at a time. */
export class PoolWorker {
  readonly #options: PoolWorkerOptions;
  readonly #ready = Promise.withResolvers<void>();
  #pending: PromiseWithResolvers<JobResult> | null = null;
  #lastId = 0;
  /** When it was heard of last, for who watches it. */
  heardMs = performance.now();

  constructor(options: PoolWorkerOptions) {
    this.#options = options;
    // Whoever waits for it is told; without one it is no unhandled rejection.
    this.#ready.promise.catch(() => {});
    options.host.start({
      onMessage: (message) => this.#take(message as ActorMessage),
      onFailure: ({ message }) => this.fail(workerFailure(message)),
    });
    this.#post({
      type: "init",
      v: options.protocolVersion,
      actorId: "backtest",
      epoch: 1,
      config: options.config,
      snapshot: null,
      paused: false,
    });
  }

  get isFree(): boolean {
    return this.#pending === null;
  }

  async run(job: Job): Promise<JobResult> {
    this.#pending = Promise.withResolvers<JobResult>();
    const { promise } = this.#pending;
    promise.catch(() => {});
    await this.#ready.promise;
    this.#post({ type: "ask", id: ++this.#lastId, query: job });
    return await promise;
  }

  /** Ends the worker at once; the job under way rejects with `error`. */
  fail(error: unknown): void {
    this.#options.host.terminate();
    this.#ready.reject(error);
    this.#pending?.reject(error);
    this.#pending = null;
    if (error instanceof AppError) this.#options.onFailure(error);
  }

  #post(message: OwnerMessage): void {
    this.#options.host.post(message);
  }

  #take(message: ActorMessage): void {
    this.heardMs = performance.now();
    switch (message.type) {
      case "ready":
        return this.#ready.resolve();
      case "report":
        this.#post({ type: "report_credit", count: 1 });
        return this.#options.onProgress(
          (message.report as BacktestWorkerReport).candles,
        );
      case "ack":
        return this.#settle(message);
      case "crash":
        return this.fail(workerFailure(message.error.message));
      case "stopped":
        return this.fail(workerFailure("it stopped"));
      default:
        return;
    }
  }

  #settle(message: Extract<ActorMessage, { type: "ack" }>): void {
    const pending = this.#pending;
    this.#pending = null;
    if (message.ok) return pending?.resolve(message.value as JobResult);
    const { code, message: sentence } = message.error;
    pending?.reject(
      code === null
        ? workerFailure(sentence)
        : new AppError(code, sentence, { status: 422 }),
    );
  }
}

/** A worker that ended by itself. */
export function workerFailure(reason: string): AppError {
  return new AppError(
    "BACKTEST_WORKER_FAILED",
    `A worker of the backtest ended (${reason}); start the run again, with fewer candles if memory is short`,
    { status: 500 },
  );
}
