import type {
  LatencyFigures,
  SignalLatencies,
} from "../../lib/contracts/latency.ts";
import type { SignalsTold } from "../../lib/contracts/signal.ts";
import { LatencyHistogram } from "../../lib/core/histogram.ts";

/**
 * How long signals took, as the stamps of the workers tell. For show alone:
 * nothing is decided on it, and it is no part of a snapshot.
 */
export class SignalLatency {
  readonly #decision = new LatencyHistogram();
  readonly #signal = new LatencyHistogram();

  /** Takes a message that was measured on its way; nothing of another one. */
  take({ beganAtMs, sentAtMs, receivedAtMs }: SignalsTold): void {
    if (sentAtMs === undefined || receivedAtMs === undefined) return;
    if (beganAtMs !== undefined) this.#decision.record(sentAtMs - beganAtMs);
    // Clocks of two workers may differ by a hair.
    this.#signal.record(Math.max(0, receivedAtMs - sentAtMs));
  }

  /** What was measured so far; null before the first. */
  figures(): SignalLatencies | null {
    if (this.#signal.count === 0) return null;
    return {
      ...(this.#decision.count === 0
        ? {}
        : { decision: figuresOf(this.#decision) }),
      signal: figuresOf(this.#signal),
    };
  }
}

function figuresOf(histogram: LatencyHistogram): LatencyFigures {
  const at = (share: number) => rounded(histogram.percentile(share) ?? 0);
  return {
    n: histogram.count,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: rounded(histogram.maxMs ?? 0),
  };
}

function rounded(ms: number): number {
  return Number(ms.toFixed(4));
}
