import type { ServiceHeap } from "../contracts/vitals.ts";
import type { GaugeSpec } from "./gauges.ts";
import type { MetricSources, ProcessFigures } from "./port.ts";

const NONE = {};

/** What every process tells of itself. */
export const PROCESS_GAUGES: readonly GaugeSpec<ProcessFigures>[] = [
  {
    name: "smc_process_resident_bytes",
    help: "Memory of the process, workers included",
    read: ({ residentBytes }) => [[NONE, residentBytes]],
  },
  {
    name: "smc_process_heap_bytes",
    help: "Heap that the main isolate uses",
    read: ({ heapUsedBytes }) => [[NONE, heapUsedBytes]],
  },
  {
    name: "smc_process_live_heap_bytes",
    help: "The same right after its garbage was last collected",
    read: ({ liveHeapBytes }) => [[NONE, liveHeapBytes]],
  },
  {
    name: "smc_process_cpu_seconds_total",
    help: "Processor time used; main is the isolate of API and panel",
    labels: ["thread"],
    read: ({ cpuMs, mainCpuMs }) => [
      [{ thread: "all" }, cpuMs / 1_000],
      [{ thread: "main" }, mainCpuMs / 1_000],
    ],
  },
  {
    name: "smc_process_uptime_seconds",
    help: "Time since the start of the process",
    read: ({ uptimeMs }) => [[NONE, uptimeMs / 1_000]],
  },
  {
    name: "smc_process_burning_threads",
    help: "Threads that burn on although their agent was ended",
    read: ({ burningThreads }) => [[NONE, burningThreads]],
  },
  {
    name: "smc_process_draining",
    help: "1 from the request to stop on",
    read: ({ isDraining }) => [[NONE, isDraining ? 1 : 0]],
  },
];

/** What the workers of the platform itself use. */
export const SERVICE_GAUGES: readonly GaugeSpec<readonly ServiceHeap[]>[] = [
  {
    name: "smc_service_heap_bytes",
    help: "Heap of a desk's, a feed's or another worker that is no agent",
    labels: ["service"],
    read: (services) =>
      services.map(({ service, heapBytes }) => [{ service }, heapBytes]),
  },
  {
    name: "smc_service_live_heap_bytes",
    help: "The same right after its garbage was last collected",
    labels: ["service"],
    read: (services) =>
      services.map((
        { service, liveHeapBytes },
      ) => [{ service }, liveHeapBytes]),
  },
];

/** Which build this is; the value says nothing. */
export const BUILD_GAUGES: readonly GaugeSpec<MetricSources["versions"]>[] = [{
  name: "smc_build_info",
  help: "Versions as labels; always 1",
  labels: ["version", "deno"],
  read: ({ product, deno }) => [[{ version: product, deno }, 1]],
}];
