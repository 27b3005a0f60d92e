import type { Clock } from "../../actors/clock.ts";
import {
  type DeskFigures,
  type DeskLatencyView,
  LATENCY_STAGES,
  type LatencyStage,
  type LatencyStages,
} from "../contracts/latency.ts";
import { LatencyHistogram } from "../core/histogram.ts";
import { LatencyWindow } from "../core/latency_window.ts";
import type { JournalEntry, JournalSink } from "./journal/records.ts";

/** What the driver of a venue tells of an entry. */
export interface WireProbe {
  /** It was handed to the gateway, which began at `startMs` of the monotonic clock. */
  sent(startMs: number): void;
  /** The venue answered it. */
  answered(startMs: number): void;
}

/** One stage. */
interface StageTimes {
  all: LatencyHistogram;
  recent: LatencyWindow;
}

/**
 * How long the decisions of one account take at its desk, stage by stage. It
 * only looks on: nothing depends on what it measures.
 */
export class DeskLatency implements WireProbe {
  readonly #clock: Clock;
  readonly #wallMs: () => number;
  readonly #stages = new Map<LatencyStage, StageTimes>();
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
    return {
      agentId,
      stages: figuresOf((stage) => this.#stages.get(stage)?.all),
    };
  }

  /** The figures of several accounts as if they were one: so far, and of the last minutes. */
  static together(
    latencies: Iterable<DeskLatency>,
  ): Pick<DeskFigures, "stages" | "recent"> {
    const all = new Map<LatencyStage, LatencyHistogram>();
    const recent = new Map<LatencyStage, LatencyHistogram>();
    for (const latency of latencies) {
      for (const [stage, times] of latency.#stages) {
        sumOf(all, stage).add(times.all);
        times.recent.addTo(sumOf(recent, stage));
      }
    }
    return {
      stages: figuresOf((stage) => all.get(stage)),
      recent: figuresOf((stage) => recent.get(stage)),
    };
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
    let times = this.#stages.get(stage);
    if (times === undefined) {
      const recent = new LatencyWindow(() => this.#clock.monotonicMs());
      times = { all: new LatencyHistogram(), recent };
      this.#stages.set(stage, times);
    }
    times.all.record(latencyMs);
    times.recent.record(latencyMs);
  }
}

function sumOf(
  sums: Map<LatencyStage, LatencyHistogram>,
  stage: LatencyStage,
): LatencyHistogram {
  const sum = sums.get(stage) ?? new LatencyHistogram();
  sums.set(stage, sum);
  return sum;
}

function figuresOf(
  of: (stage: LatencyStage) => LatencyHistogram | undefined,
): LatencyStages {
  const stages = Object.keys(LATENCY_STAGES) as LatencyStage[];
  return Object.fromEntries(
    stages.map((stage) => [stage, of(stage)?.figures() ?? null]),
  ) as LatencyStages;
}
