/**
 * Workers that share one series of candles and carry out jobs, each the next one
 * as soon as it is free. Results do not depend on how many there are.
 *
 * @module
 */
import type { ActorHost } from "../../../actors/host.ts";
import { PROTOCOL_VERSION } from "../../../actors/protocol.ts";
import type { InferenceWorkerConfig } from "../../contracts/inference.ts";
import { WORKER_SILENCE_MS, WORKERS_MAX } from "../limits.ts";
import type { Job, JobResult, JobRunner } from "./job.ts";
import { PoolWorker, workerFailure } from "./pool_worker.ts";
import { seriesOfShared, type SharedCandles } from "./shared_candles.ts";

/** What makes workers: how many, and each of them. */
export interface WorkerSource {
  count: number;
  createHost(): ActorHost;
  /** Where models and their runtime are, for runs that ask models. */
  inference?: InferenceWorkerConfig;
}

/** What a pool is made with. */
export interface PoolOptions {
  candles: SharedCandles;
  workers: WorkerSource;
  signal?: AbortSignal;
  /** Called with the candles done since the last call, of any worker. */
  onProgress?: (candles: number) => void;
}

/** As many workers as the machine has processors, within the limit. */
export function workerCount(processors: number): number {
  return Math.max(1, Math.min(WORKERS_MAX, Math.floor(processors)));
}

/** Starts the workers. One that dies or falls silent ends the pool: its jobs reject with one sentence. */
export function createPool(options: PoolOptions): JobRunner {
  return new Pool(options);
}

interface WaitingJob {
  job: Job;
  outcome: PromiseWithResolvers<JobResult>;
}

class Pool implements JobRunner {
  readonly candles;
  readonly #workers: readonly PoolWorker[];
  readonly #waiting: WaitingJob[] = [];
  readonly #watch: ReturnType<typeof setInterval>;
  readonly #signal: AbortSignal | undefined;
  #failure: unknown = null;

  constructor({ candles, workers, signal, onProgress }: PoolOptions) {
    this.candles = seriesOfShared(candles);
    this.#workers = Array.from(
      { length: Math.max(1, Math.min(WORKERS_MAX, workers.count)) },
      () =>
        new PoolWorker({
          host: workers.createHost(),
          protocolVersion: PROTOCOL_VERSION,
          config: {
            candles,
            ...(workers.inference === undefined
              ? {}
              : { inference: workers.inference }),
          },
          onProgress: (count) => onProgress?.(count),
          onFailure: (error) => this.#end(error),
        }),
    );
    this.#watch = setInterval(() => this.#findSilent(), WORKER_SILENCE_MS / 4);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
  }

  run(job: Job): Promise<JobResult> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const outcome = Promise.withResolvers<JobResult>();
    this.#waiting.push({ job, outcome });
    this.#next();
    return outcome.promise;
  }

  close(): void {
    this.#end(new Error("The pool was closed"));
  }

  #abort = () => this.#end(this.#signal?.reason);

  #next(): void {
    for (const worker of this.#workers) {
      if (!worker.isFree) continue;
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      worker.run(waiting.job).then(
        waiting.outcome.resolve,
        waiting.outcome.reject,
      )
        .finally(() => this.#next());
    }
  }

  #end(reason: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = reason ?? new Error("The pool was ended");
    clearInterval(this.#watch);
    this.#signal?.removeEventListener("abort", this.#abort);
    for (const worker of this.#workers) worker.fail(this.#failure);
    for (const { outcome } of this.#waiting.splice(0)) {
      outcome.reject(this.#failure);
    }
  }

  #findSilent(): void {
    const silentSinceMs = performance.now() - WORKER_SILENCE_MS;
    if (this.#workers.every(({ heardMs }) => heardMs > silentSinceMs)) return;
    this.#end(workerFailure("it does not answer any more"));
  }
}
