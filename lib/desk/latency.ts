import type { Clock } from "../../actors/clock.ts";
import {
  type DeskLatencyView,
  LATENCY_STAGES,
  type LatencyStage,
  type LatencyStages,
} from "../contracts/latency.ts";
import { LatencyHistogram } from "../core/histogram.ts";
import type { JournalEntry, JournalSink } from "./journal/records.ts";

/** What the driver of a venue tells of an entry. */
export interface WireProbe {
  /** It was handed to the gateway, which began at `startMs` of the monotonic clock. */
  sent(startMs: number): void;
  /** The venue answered it. */
  answered(startMs: number): void;
}

/**
 * How long the decisions of one account take at its desk, stage by stage. It
 * only looks on: nothing depends on what it measures.
 */
export class DeskLatency implements WireProbe {
  readonly #clock: Clock;
  readonly #wallMs: () => number;
  readonly #stages = new Map<LatencyStage, LatencyHistogram>();
  /** When the message being taken in was received; null between messages. */
  #receivedMs: number | null = null;
  /** Whether a verdict is still to be written, and to go out. */
  #isToWrite = false;
  #isToSend = false;

  /** `wallMs` is the clock that agents stamp their decisions with. */
  constructor(
    clock: Clock,
    wallMs: () => number = () => performance.timeOrigin + performance.now(),
  ) {
    this.#clock = clock;
    this.#wallMs = wallMs;
  }

  /** Takes a message of the agent in, by `run`. */
  receive(message: unknown, run: () => void): void {
    this.#receivedMs = this.#clock.monotonicMs();
    const { sentAtMs } = (message ?? {}) as { sentAtMs?: unknown };
    if (typeof sentAtMs === "number" && sentAtMs > 0) {
      this.#record("link", Math.max(0, this.#wallMs() - sentAtMs));
    }
    try {
      run();
    } finally {
      this.#receivedMs = null;
      this.#isToWrite = false;
      this.#isToSend = false;
    }
  }

  /** The journal as the account writes to it, with its writes and verdicts measured. */
  over(journal: JournalSink): JournalSink {
    return {
      append: (entries) => this.#write(journal, entries),
      verdict: () => this.#verdict(),
    };
  }

  sent(startMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    this.#record("wire", nowMs - startMs);
    if (this.#receivedMs === null || !this.#isToSend) return;
    this.#isToSend = false;
    this.#record("total", nowMs - this.#receivedMs);
  }

  answered(startMs: number): void {
    this.#record("ack", this.#clock.monotonicMs() - startMs);
  }

  /** The figures so far. */
  view(agentId: string): DeskLatencyView {
    return { agentId, stages: figuresOf((stage) => this.#stages.get(stage)) };
  }

  /** The figures of several accounts as if they were one. */
  static together(latencies: Iterable<DeskLatency>): LatencyStages {
    const sums = new Map<LatencyStage, LatencyHistogram>();
    for (const latency of latencies) {
      for (const [stage, histogram] of latency.#stages) {
        const sum = sums.get(stage) ?? new LatencyHistogram();
        sum.add(histogram);
        sums.set(stage, sum);
      }
    }
    return figuresOf((stage) => sums.get(stage));
  }

  #verdict(): void {
    if (this.#receivedMs === null) return;
    this.#record("controls", this.#clock.monotonicMs() - this.#receivedMs);
    this.#isToWrite = true;
    this.#isToSend = true;
  }

  #write(journal: JournalSink, entries: readonly JournalEntry[]): void {
    if (!this.#isToWrite) return journal.append(entries);
    this.#isToWrite = false;
    const startMs = this.#clock.monotonicMs();
    journal.append(entries);
    this.#record("journal", this.#clock.monotonicMs() - startMs);
  }

  #record(stage: LatencyStage, latencyMs: number): void {
    let histogram = this.#stages.get(stage);
    if (histogram === undefined) {
      this.#stages.set(stage, histogram = new LatencyHistogram());
    }
    histogram.record(latencyMs);
  }
}

function figuresOf(
  of: (stage: LatencyStage) => LatencyHistogram | undefined,
): LatencyStages {
  const stages = Object.keys(LATENCY_STAGES) as LatencyStage[];
  return Object.fromEntries(
    stages.map((stage) => [stage, of(stage)?.figures() ?? null]),
  ) as LatencyStages;
}
