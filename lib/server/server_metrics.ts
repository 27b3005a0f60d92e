import { type Clock, collectGarbage } from "../../actors/mod.ts";
import type { Alerts } from "../alerts/port.ts";
import { PRODUCT_VERSION } from "../core/version.ts";
import type { RunningFleet } from "../fleet/fleet.ts";
import type { LiveHub } from "../live/port.ts";
import { createMetrics } from "../metrics/metrics.ts";
import type { MessageTimes } from "../metrics/message_times.ts";
import type { Metrics } from "../metrics/port.ts";
import type { OpenedStore } from "../store/open_store.ts";
import { processCpuMs, threadCpuMs } from "./cpu_time.ts";
import { GARBAGE_EVERY_MS, LATENESS_EVERY_MS } from "./limits.ts";

/** What the figures of a server are read from. */
export interface ServerMetricsOptions {
  clock: Clock;
  fleet: Pick<
    RunningFleet,
    | "list"
    | "deskLatencies"
    | "burningThreads"
    | "serviceHeaps"
    | "hosts"
    | "hostTraffic"
  >;
  store: Pick<OpenedStore, "health" | "stats" | "events">;
  hub: Pick<LiveHub, "stats">;
  messageTimes: MessageTimes;
  alerts: Pick<Alerts, "figures">;
  state: { isDraining: boolean };
}

/** The metrics of a server, which measures itself until they are closed. */
export interface ServerMetrics extends Metrics {
  close(): void;
}

/** Makes the metrics of this server. */
export function createServerMetrics(
  options: ServerMetricsOptions,
): ServerMetrics {
  const { clock, fleet, store, hub, alerts, state } = options;
  const startedMs = clock.monotonicMs();
  const heap = watchHeap(clock);
  const metrics = createMetrics({
    versions: { product: PRODUCT_VERSION, deno: Deno.version.deno },
    now: () => clock.nowMs(),
    agents: () => fleet.list(),
    messageTimes: options.messageTimes,
    desks: () => fleet.deskLatencies(),
    services: () => fleet.serviceHeaps(),
    streams: () => hub.stats(),
    alerts: () => alerts.figures(),
    hosts() {
      const traffic = fleet.hostTraffic();
      if (traffic === null) return null;
      const homeless = fleet.list().filter(({ hostProblem }) =>
        hostProblem !== undefined
      ).length;
      return { ...traffic, hosts: fleet.hosts(), homeless };
    },
    store() {
      const { queuedState, queuedLogs, droppedLogs, calls } = store.stats();
      return {
        isOk: store.health().ok,
        headSeq: store.events.headSeq(),
        queuedChanges: queuedState,
        queuedLogLines: queuedLogs,
        droppedLogLines: droppedLogs,
        calls,
      };
    },
    process() {
      const { rss, heapUsed } = Deno.memoryUsage();
      return {
        residentBytes: rss,
        heapUsedBytes: heapUsed,
        liveHeapBytes: heap.liveBytes(),
        cpuMs: processCpuMs(),
        mainCpuMs: threadCpuMs(),
        uptimeMs: clock.monotonicMs() - startedMs,
        burningThreads: fleet.burningThreads(),
        isDraining: state.isDraining,
      };
    },
  });
  const lateness = watchLateness(clock, metrics);
  return {
    ...metrics,
    close() {
      lateness.cancel();
      heap.cancel();
    },
  };
}

/** Collects the garbage of this isolate, and knows what was left the last time, until it is cancelled. */
function watchHeap(
  clock: Clock,
): { liveBytes(): number | null; cancel(): void } {
  let liveBytes: number | null = null;
  const timer = collectGarbage(clock, {
    everyMs: GARBAGE_EVERY_MS,
    firstAfter: 0.5,
    onCollected: () => liveBytes = Deno.memoryUsage().heapUsed,
  });
  return { liveBytes: () => liveBytes, cancel: () => timer?.cancel() };
}

/** Measures how late timers of this isolate come, until it is cancelled. */
function watchLateness(
  clock: Clock,
  metrics: Pick<Metrics, "late">,
): { cancel(): void } {
  let dueMs = clock.monotonicMs() + LATENESS_EVERY_MS;
  return clock.every(LATENESS_EVERY_MS, () => {
    const nowMs = clock.monotonicMs();
    metrics.late(Math.max(0, nowMs - dueMs));
    dueMs = nowMs + LATENESS_EVERY_MS;
  });
}
