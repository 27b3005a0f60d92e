import type { SignalLatencies } from "../../lib/contracts/latency.ts";
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
    const signal = this.#signal.figures();
    if (signal === null) return null;
    const decision = this.#decision.figures();
    return { ...(decision === null ? {} : { decision }), signal };
  }
}
