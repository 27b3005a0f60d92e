import type { Heartbeat } from "../../../actors/mod.ts";
import { HOUR_RING, MINUTE_RING } from "../limits.ts";
import { UsageRing, type UsageTotals } from "./usage_ring.ts";

/** A heartbeat as it arrived. */
export interface ArrivedBeat {
  /** Incarnation of the worker. */
  epoch: number;
  heartbeat: Heartbeat;
  /** Requests to the venue so far, by the desk; null where there is no venue. */
  requests: number | null;
  /** By the monotonic clock. */
  atMs: number;
}

/** What a meter knows. */
export interface UsageReading {
  lastMinute: UsageTotals;
  lastHour: UsageTotals;
  /** Begin of what is in the last hour and newest heartbeat, by the monotonic clock; null before the first. */
  sinceMs: number | null;
  newestMs: number | null;
}

/**
 * Makes windows of the running totals in an agent's heartbeats. Nothing is
 * asked for: it lives on what comes each second anyway. Of constant size.
 */
export class UsageMeter {
  readonly #minute = new UsageRing(MINUTE_RING);
  readonly #hour = new UsageRing(HOUR_RING);
  #before: ArrivedBeat | null = null;
  #firstMs: number | null = null;
  #newestMs: number | null = null;

  /** Takes a heartbeat in. What a worker did before its first one counts from its start. */
  take(beat: ArrivedBeat, startedMs: number): void {
    const before = this.#before?.epoch === beat.epoch ? this.#before : null;
    this.#before = beat;
    const isFirst = beat.heartbeat.seq === 1;
    // Nothing is known of the time before a beat whose forerunner was not heard.
    if (before === null && !isFirst) return;
    const spanMs = beat.atMs - (before?.atMs ?? startedMs);
    if (spanMs <= 0) return;
    const { heartbeat } = beat;
    const sample = {
      spanMs,
      busyMs: heartbeat.busyMs - (before?.heartbeat.busyMs ?? 0),
      received: heartbeat.processed - (before?.heartbeat.processed ?? 0),
      sent: heartbeat.sent - (before?.heartbeat.sent ?? 0),
      cpuMs: difference(heartbeat.cpuMs, before?.heartbeat.cpuMs ?? null),
      requests: requestsBetween(before?.requests ?? null, beat.requests),
      heapBytes: heartbeat.heapUsedBytes,
      loopLagMsP99: heartbeat.loopLagMsP99,
      mailboxDepth: heartbeat.mailboxDepth,
    };
    this.#minute.add(beat.atMs, sample);
    this.#hour.add(beat.atMs, sample);
    this.#firstMs ??= beat.atMs - spanMs;
    this.#newestMs = beat.atMs;
  }

  /** The windows that end now. */
  read(nowMs: number): UsageReading {
    const lastHour = this.#hour.totals(nowMs);
    const isKnown = lastHour.spanMs > 0;
    return {
      lastMinute: this.#minute.totals(nowMs),
      lastHour,
      sinceMs: isKnown ? this.#sinceMs(nowMs) : null,
      newestMs: this.#newestMs,
    };
  }

  /** The ring forgets whole slots, so what it holds begins with one. */
  #sinceMs(nowMs: number): number {
    const { slotMs, slots } = HOUR_RING;
    const windowMs = (Math.floor(nowMs / slotMs) - slots + 1) * slotMs;
    return Math.max(this.#firstMs!, windowMs);
  }
}

function difference(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : Math.max(0, now - before);
}

/** A desk that has started again counts from 0. */
function requestsBetween(
  before: number | null,
  now: number | null,
): number | null {
  if (now === null || before === null) return null;
  return now < before ? now : now - before;
}
