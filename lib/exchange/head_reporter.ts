import type { Timer } from "../../actors/clock.ts";
import type { ActorRuntime } from "../../actors/program.ts";
import type { Candle } from "../contracts/candle.ts";
import type { FeedReport } from "../contracts/market.ts";
import { REPORT_INTERVAL_MS } from "./limits.ts";

/** Tells the owner how far a stream is, at most once a second; the newest head wins. */
export class HeadReporter {
  readonly #options: {
    streamId: string;
    runtime: Pick<ActorRuntime, "report" | "clock">;
    headSeq(): number;
    candle(seq: number): Candle;
  };
  #timer: Timer | null = null;
  #reportedSeq: number;
  #reportedMs = -Infinity;

  /** The head at the start is known to the owner. */
  constructor(
    options: {
      streamId: string;
      runtime: Pick<ActorRuntime, "report" | "clock">;
      headSeq(): number;
      candle(seq: number): Candle;
    },
  ) {
    this.#options = options;
    this.#reportedSeq = options.headSeq();
  }

  /** Reports the head now, or when a second has passed since the last report. */
  touch(): void {
    const { headSeq, runtime: { clock } } = this.#options;
    if (headSeq() <= this.#reportedSeq || this.#timer !== null) return;
    const waitMs = this.#reportedMs + REPORT_INTERVAL_MS - clock.monotonicMs();
    if (waitMs <= 0) {
      this.#report();
      return;
    }
    this.#timer = clock.after(waitMs, () => {
      this.#timer = null;
      this.#report();
    });
  }

  /** Reports a last time, so that the next incarnation starts behind the head. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#options.headSeq() > this.#reportedSeq) this.#report();
  }

  #report(): void {
    const { streamId, runtime, headSeq, candle } = this.#options;
    this.#reportedSeq = headSeq();
    this.#reportedMs = runtime.clock.monotonicMs();
    const report: FeedReport = {
      kind: "feed",
      streamId,
      headSeq: this.#reportedSeq,
      candle: candle(this.#reportedSeq),
    };
    runtime.report(report);
  }
}
