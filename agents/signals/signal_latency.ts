import type {
  LatencyFigures,
  StageLatencies,
} from "../../lib/contracts/latency.ts";
import type { SignalsTold } from "../../lib/contracts/signal.ts";
import { LatencyHistogram } from "../../lib/core/histogram.ts";

/**
 * How long signals took, as the stamps of the workers tell. For show alone:
 * nothing is decided on it, and it is no part of a snapshot.
 */
export class SignalLatency {
  readonly #decision = new LatencyHistogram();
  readonly #link = new LatencyHistogram();

  /** Takes a message that was measured on its way; nothing of another one. */
  take({ beganAtMs, sentAtMs, receivedAtMs }: SignalsTold): void {
    if (sentAtMs === undefined || receivedAtMs === undefined) return;
    if (beganAtMs !== undefined) this.#decision.record(sentAtMs - beganAtMs);
    // Clocks of two workers may differ by a hair.
    this.#link.record(Math.max(0, receivedAtMs - sentAtMs));
  }

  /** What was measured so far; null before the first. */
  figures(): StageLatencies | null {
    if (this.#link.count === 0) return null;
    return {
      ...(this.#decision.count === 0
        ? {}
        : { decision: figuresOf(this.#decision) }),
      link: figuresOf(this.#link),
    };
  }
}

function figuresOf(histogram: LatencyHistogram): LatencyFigures {
  const at = (share: number) => rounded(histogram.percentile(share) ?? 0);
  return {
    count: histogram.count,
    msP50: at(0.5),
    msP99: at(0.99),
    msP999: at(0.999),
    msMax: rounded(histogram.maxMs ?? 0),
  };
}

function rounded(ms: number): number {
  return Number(ms.toFixed(4));
}
