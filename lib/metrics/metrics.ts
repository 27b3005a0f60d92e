/**
 * Figures for Prometheus, in its text format. Gauges are read when somebody
 * asks, so that nobody pays for them otherwise; requests and lateness are
 * counted as they happen.
 *
 * @module
 */
import { Counter, Histogram, Registry } from "prom-client";
import { AGENT_GAUGES } from "./agent_metrics.ts";
import { gauges, isCounter } from "./gauges.ts";
import { MESSAGE_TIMES } from "./message_times.ts";
import { HOST_GAUGES } from "./host_metrics.ts";
import type { AnsweredRequest, Metrics, MetricSources } from "./port.ts";
import {
  BUILD_GAUGES,
  PROCESS_GAUGES,
  SERVICE_GAUGES,
} from "./process_metrics.ts";
import {
  ALERT_GAUGES,
  DESK_GAUGES,
  STORE_GAUGES,
  STREAM_GAUGES,
} from "./serving_metrics.ts";

/** From a cached read to the deadline of a handler. */
const REQUEST_SECONDS = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  10,
];
/** From what a timer is late anyway to what people notice. */
const LATE_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

const REQUESTS = {
  name: "smc_http_requests_total",
  help: "Requests answered, by declared route and status",
  labelNames: ["method", "route", "status"],
};
const REQUEST_TIMES = {
  name: "smc_http_request_seconds",
  help: "Time from a request to its answer",
  labelNames: ["method", "route"],
  buckets: REQUEST_SECONDS,
};
const LATENESS = {
  name: "smc_loop_late_seconds",
  help: "How late timers of the main isolate come: it was busy so long",
  buckets: LATE_SECONDS,
};

/** What a figure is. */
export interface MetricFact {
  name: string;
  type: "gauge" | "counter" | "histogram";
  labels: readonly string[];
  help: string;
}

/** Every figure there is, for the documentation and for what is checked against it. */
export const METRIC_FACTS: readonly MetricFact[] = [
  ...[
    BUILD_GAUGES,
    PROCESS_GAUGES,
    SERVICE_GAUGES,
    AGENT_GAUGES,
    STORE_GAUGES,
    STREAM_GAUGES,
    ALERT_GAUGES,
    DESK_GAUGES,
    HOST_GAUGES,
  ].flatMap((specs) =>
    specs.map(({ name, help, labels = [] }): MetricFact => ({
      name,
      type: isCounter(name) ? "counter" : "gauge",
      labels,
      help,
    }))
  ),
  { ...REQUESTS, type: "counter", labels: REQUESTS.labelNames },
  { ...REQUEST_TIMES, type: "histogram", labels: REQUEST_TIMES.labelNames },
  { ...LATENESS, type: "histogram", labels: [] },
  { ...MESSAGE_TIMES, type: "histogram", labels: [] },
];

/** Makes the metrics of a process. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  const families = {
    build: gauges(registry, BUILD_GAUGES),
    process: gauges(registry, PROCESS_GAUGES),
    services: gauges(registry, SERVICE_GAUGES),
    agents: gauges(registry, AGENT_GAUGES),
    store: gauges(registry, STORE_GAUGES),
    streams: gauges(registry, STREAM_GAUGES),
    alerts: gauges(registry, ALERT_GAUGES),
    desks: gauges(registry, DESK_GAUGES),
    hosts: gauges(registry, HOST_GAUGES),
  };
  const requests = new Counter({ ...REQUESTS, registers: [registry] });
  const latency = new Histogram({ ...REQUEST_TIMES, registers: [registry] });
  const lateness = new Histogram({ ...LATENESS, registers: [registry] });
  registry.registerMetric(sources.messageTimes.histogram);
  return {
    async read() {
      const desks = await sources.desks();
      families.build.fill(sources.versions);
      families.process.fill(sources.process());
      families.services.fill(sources.services());
      families.agents.fill({ agents: sources.agents(), now: sources.now() });
      families.store.fill(sources.store());
      families.streams.fill(sources.streams());
      families.alerts.fill(sources.alerts());
      families.desks.fill(desks);
      families.hosts.fill(sources.hosts());
      return {
        text: await registry.metrics(),
        contentType: registry.contentType,
      };
    },
    answered({ method, route, status, latencyMs }: AnsweredRequest) {
      requests.inc({ method, route, status: String(status) });
      latency.observe({ method, route }, latencyMs / 1_000);
    },
    late(lateMs) {
      lateness.observe(lateMs / 1_000);
    },
  };
}
