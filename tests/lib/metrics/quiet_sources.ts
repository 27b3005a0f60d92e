import { createMessageTimes } from "../../../lib/metrics/message_times.ts";
import type { MetricSources } from "../../../lib/metrics/port.ts";

/** A process in which nothing happens. */
export const QUIET_SOURCES: MetricSources = {
  versions: { product: "1.2.3", deno: "2.9.6" },
  now: () => 0,
  agents: () => [],
  process: () => ({
    residentBytes: 1_000,
    heapUsedBytes: 100,
    liveHeapBytes: null,
    cpuMs: 2_500,
    mainCpuMs: 500,
    uptimeMs: 10_000,
    burningThreads: 0,
    isDraining: false,
  }),
  store: () => ({
    isOk: true,
    headSeq: 41,
    queuedChanges: 1,
    queuedLogLines: 2,
    droppedLogLines: 0,
    calls: { read: { n: 0, recent: null }, commit: { n: 0, recent: null } },
  }),
  hosts: () => null,
  streams: () => ({ clients: 3, queuedBytes: 0, dropped: 0 }),
  messageTimes: createMessageTimes(),
  alerts: () => ({
    delivered: 0,
    failed: 0,
    dropped: 0,
    waiting: 0,
    failingChannels: 0,
  }),
  desks: () => Promise.resolve([]),
  services: () => [],
};
