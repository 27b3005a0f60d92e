import { LatencyHistogram } from "../../lib/core/histogram.ts";
import type { Clock } from "../clock.ts";
import { LATENCY_SPAN_MS, MESSAGE_TIMES_MAX } from "../limits.ts";
import type { Heartbeat } from "../protocol.ts";

/** Figures that only the place an actor runs in can know. */
export interface Telemetry {
  heapUsedBytes(): number;
  /** Right after the last collection of garbage; null before the first. */
  liveHeapBytes(): number | null;
  /** CPU time of the actor's own thread since it started; null while it is not measured yet. */
  cpuMs(): number | null;
  /** 99th percentile of how late the event loop was in the last minute; null before the first sample. */
  loopLagMsP99(): number | null;
}

/** Figures of the cell's queues at the moment of a beat. */
export type QueueFigures = Pick<
  Heartbeat,
  "mailboxDepth" | "outboxDepth" | "conflated" | "dropped"
>;

/** A latency histogram that forgets: it answers for the last one to two spans. */
export class RecentLatency {
  readonly #clock: Clock;
  #sinceMs: number;
  #current = new LatencyHistogram();
  #previous = new LatencyHistogram();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.monotonicMs();
  }

  /** Records one latency in milliseconds. */
  record(latencyMs: number): void {
    this.#current.record(latencyMs);
  }

  /** The percentile of the running span, or of the one before while nothing was recorded in it. */
  percentile(fraction: number): number | null {
    this.#rotate();
    return this.#current.percentile(fraction) ??
      this.#previous.percentile(fraction);
  }

  #rotate(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#sinceMs < LATENCY_SPAN_MS) return;
    this.#sinceMs = nowMs;
    this.#previous = this.#current;
    this.#current = new LatencyHistogram();
  }
}

/** Counts what a cell does and packs it into heartbeats. */
export class CellStats {
  readonly #clock: Clock;
  readonly #telemetry: Telemetry | null;
  readonly #receive: RecentLatency;
  #seq = 0;
  #processed = 0;
  #sent = 0;
  #busyMs = 0;
  #unknown = 0;
  #messageMs: number[] = [];

  constructor(clock: Clock, telemetry: Telemetry | null) {
    this.#clock = clock;
    this.#telemetry = telemetry;
    this.#receive = new RecentLatency(clock);
  }

  /** One message was processed; `startedMs` is the monotonic time at which it was begun. Returns the time at which it ended. */
  received(startedMs: number): number {
    this.#processed++;
    const endedMs = this.#clock.monotonicMs();
    this.#busyMs += endedMs - startedMs;
    this.#receive.record(endedMs - startedMs);
    return endedMs;
  }

  /** One message was processed that left its sender at `sentAtMs`, by the clock that isolates share. */
  travelled(sentAtMs: number): void {
    const nowMs = this.#clock.preciseMs?.();
    if (nowMs === undefined || this.#messageMs.length >= MESSAGE_TIMES_MAX) {
      return;
    }
    // Clocks of two workers may differ by a hair.
    this.#messageMs.push(Math.max(0, nowMs - sentAtMs));
  }

  /** One message was handed to an open link. */
  sent(): void {
    this.#sent++;
  }

  /** One message of no known shape was dropped. */
  unknown(): void {
    this.#unknown++;
  }

  /** The next heartbeat. */
  beat(queues: QueueFigures): Heartbeat {
    this.#seq++;
    const messageMs = this.#messageMs;
    this.#messageMs = [];
    return {
      seq: this.#seq,
      at: this.#clock.nowMs(),
      ...queues,
      heapUsedBytes: this.#telemetry?.heapUsedBytes() ?? null,
      liveHeapBytes: this.#telemetry?.liveHeapBytes() ?? null,
      cpuMs: this.#telemetry?.cpuMs() ?? null,
      loopLagMsP99: this.#telemetry?.loopLagMsP99() ?? null,
      processed: this.#processed,
      sent: this.#sent,
      busyMs: this.#busyMs,
      receiveMsP50: this.#receive.percentile(0.5),
      receiveMsP99: this.#receive.percentile(0.99),
      messageMs,
      unknown: this.#unknown,
    };
  }
}
