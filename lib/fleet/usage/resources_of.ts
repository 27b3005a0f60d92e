import { HEARTBEAT_MS } from "../../../actors/limits.ts";
import type { ResourceEstimate } from "../../contracts/agent.ts";
import {
  COMPARED_RESOURCES,
  type ComparedResource,
  type ResourcesResponse,
  type ResourceUsage,
} from "../../contracts/resources.ts";
import type { FleetContext } from "../context.ts";
import { HOUR_RING, MINUTE_RING } from "../limits.ts";
import type { AgentEntry } from "../registry.ts";
import { emptyTotals, type UsageTotals } from "./usage_ring.ts";

const MIB = 1_048_576;

/** Takes the figures of an agent's heartbeat in. */
export function meterBeat(
  entry: AgentEntry,
  beat: Omit<Parameters<AgentEntry["usage"]["take"]>[0], "requests">,
): void {
  entry.usage.take(
    { ...beat, requests: entry.requests },
    beat.atMs - HEARTBEAT_MS,
  );
}

/** What was expected of an agent before its spawn beside what it was seen to use. */
export function readResources(
  { clock }: Pick<FleetContext, "clock">,
  entry: AgentEntry,
): ResourcesResponse {
  const nowMs = clock.monotonicMs();
  const { lastMinute, lastHour, sinceMs, newestMs } = entry.usage.read(nowMs);
  const estimate = entry.record.estimate ?? null;
  const hasWorker = entry.vitals.heartbeatAt !== null;
  const hour = toUsage(lastHour);
  const toWallTime = (atMs: number | null) =>
    atMs === null ? null : Math.round(clock.nowMs() - (nowMs - atMs));
  return {
    agentId: entry.record.id,
    estimate,
    measured: {
      lastMinute: toUsage(hasWorker ? lastMinute : emptyTotals()),
      lastHour: hour,
    },
    compared: compare(estimate, hour),
    windowSeconds: {
      lastMinute: MINUTE_RING.slotMs * MINUTE_RING.slots / 1_000,
      lastHour: HOUR_RING.slotMs * HOUR_RING.slots / 1_000,
    },
    measuredSince: toWallTime(sinceMs),
    measuredAt: toWallTime(newestMs),
    ageSeconds: newestMs === null
      ? null
      : roundTo((nowMs - newestMs) / 1_000, 1),
    vitals: entry.vitals,
  };
}

/** Rates of what was counted over a time. */
export function toUsage(totals: UsageTotals): ResourceUsage {
  const { spanMs } = totals;
  const perMs = (count: number, ms: number) => ms === 0 ? null : count / ms;
  const messages = perMs(totals.received + totals.sent, spanMs);
  return {
    measuredSeconds: roundTo(spanMs / 1_000, 1),
    cores: scaled(perMs(totals.cpuMs, totals.cpuSpanMs), 1, 5),
    busyShare: scaled(perMs(totals.busyMs, spanMs), 1, 5),
    heapMiB: scaled(totals.heapBytes, 1 / MIB, 1),
    heapMiBMax: scaled(totals.heapBytesMax, 1 / MIB, 1),
    messagesPerMinute: scaled(messages, 60_000, 2),
    messagesInPerSecond: scaled(perMs(totals.received, spanMs), 1_000, 3),
    messagesOutPerSecond: scaled(perMs(totals.sent, spanMs), 1_000, 3),
    mailboxDepthMax: totals.mailboxDepthMax,
    loopLagMsP99: scaled(totals.loopLagMsP99, 1, 2),
    apiCallsPerMinute: scaled(
      perMs(totals.requests, totals.requestsSpanMs),
      60_000,
      2,
    ),
  };
}

function compare(
  estimate: ResourceEstimate | null,
  usage: ResourceUsage,
): ResourcesResponse["compared"] {
  const measured = { ...usage, heapMiB: usage.heapMiBMax };
  const ratioOf = (name: ComparedResource) => {
    const expected = estimate?.[name] ?? null;
    const seen = measured[name];
    return expected === null || expected === 0 || seen === null
      ? null
      : roundTo(seen / expected, 2);
  };
  return Object.fromEntries(
    COMPARED_RESOURCES.map((name) => [name, ratioOf(name)]),
  ) as ResourcesResponse["compared"];
}

function scaled(
  value: number | null,
  factor: number,
  digits: number,
): number | null {
  return value === null ? null : roundTo(value * factor, digits);
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
