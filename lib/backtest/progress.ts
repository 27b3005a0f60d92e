import type { BacktestProgress } from "../contracts/backtest.ts";
import { PROGRESS_MS } from "./limits.ts";

/** Counts the candles of all parts of a request and says a few times a second how far it is. */
export class ProgressMeter {
  readonly #onProgress: ((progress: BacktestProgress) => void) | undefined;
  readonly #startedMs = performance.now();
  #phase = "candles";
  #total = 0;
  #done = 0;
  #toldMs = -Infinity;

  constructor(onProgress?: (progress: BacktestProgress) => void) {
    this.#onProgress = onProgress;
  }

  /** How many candles all parts together will take. */
  set total(candles: number) {
    this.#total = candles;
  }

  /** What is being done from now on. */
  enter(phase: string): void {
    this.#phase = phase;
    this.#tell();
  }

  /** So many candles more are done. */
  add(candles: number): void {
    this.#done += candles;
    if (performance.now() - this.#toldMs >= PROGRESS_MS) this.#tell();
  }

  /** All is done. */
  finish(): void {
    this.#done = this.#total;
    this.enter("done");
  }

  #tell(): void {
    this.#toldMs = performance.now();
    const seconds = (this.#toldMs - this.#startedMs) / 1_000;
    this.#onProgress?.({
      phase: this.#phase,
      share: this.#total === 0 ? 0 : Math.min(1, this.#done / this.#total),
      candlesPerSecond: this.#done === 0 ? null : this.#done / seconds,
    });
  }
}
