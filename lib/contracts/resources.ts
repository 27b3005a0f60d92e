import type { ResourceEstimate } from "./agent.ts";
import type { AgentVitals } from "./vitals.ts";
import type { EpochMs } from "./primitives.ts";

/** What an agent was seen to use over a window of time. Unknown is null, never 0. */
export interface ResourceUsage {
  /** For how much of the window there are figures; 0 where everything is unknown. */
  measuredSeconds: number;
  /** CPU time of its worker's thread, in parts of one core; without the loading of the worker. */
  cores: number | null;
  /** Part of the time that it spent on messages of its links, by the clock. */
  busyShare: number | null;
  /** Heap at the last heartbeat of the window, and the highest one. */
  heapMiB: number | null;
  heapMiBMax: number | null;
  /** Messages over its links, both ways together and each way. */
  messagesPerMinute: number | null;
  messagesInPerSecond: number | null;
  messagesOutPerSecond: number | null;
  /** Most messages that waited for their turn at a heartbeat. */
  mailboxDepthMax: number | null;
  /** How late its event loop was, 99th percentile of a minute; the highest one of the window. */
  loopLagMsP99: number | null;
  /**
   * Requests to its venue that its orders cause: sent, withdrawn, looked for. Null
   * in a market of candles, which has no venue. What all agents of a key share
   * is not in it.
   */
  apiCallsPerMinute: number | null;
}

/** Figures that are estimated and measured. */
export const COMPARED_RESOURCES = [
  "cores",
  "heapMiB",
  "messagesPerMinute",
  "apiCallsPerMinute",
] as const;
export type ComparedResource = (typeof COMPARED_RESOURCES)[number];

/** Names of the two windows. */
export type ResourceWindow = "lastMinute" | "lastHour";

/** `GET /api/agents/{id}/resources`. */
export interface ResourcesResponse {
  agentId: string;
  /** As it was told before the spawn; null for an agent of an older build. */
  estimate: ResourceEstimate | null;
  /** The last minute is unknown while no worker runs. */
  measured: Readonly<Record<ResourceWindow, ResourceUsage>>;
  /** Last hour ÷ estimate; null where one of them is unknown or the estimate is 0. The heap is the highest one. */
  compared: Readonly<Record<ComparedResource, number | null>>;
  windowSeconds: Readonly<Record<ResourceWindow, number>>;
  /** Begin of what the last hour knows; null while it knows nothing. */
  measuredSince: EpochMs | null;
  /** Newest heartbeat that was measured, and how long ago that is. */
  measuredAt: EpochMs | null;
  ageSeconds: number | null;
  vitals: AgentVitals;
}

/** One line of the figures as people read them. */
export interface ResourceLine {
  name: string;
  unit: string;
  /** Decimal places to show. */
  digits: number;
  /** Null where nothing is estimated. */
  estimated(estimate: ResourceEstimate): number | null;
  /** Null where it cannot be measured. */
  measured(usage: ResourceUsage): number | null;
  /** Which ratio belongs to it; null for none. */
  ratio: ComparedResource | null;
  /** What the name does not say; why a figure can be missing. */
  help: string;
}

const none = () => null;

/** All lines, in the order of importance. */
export const RESOURCE_LINES: readonly ResourceLine[] = [
  {
    name: "CPU",
    unit: "cores",
    digits: 4,
    estimated: ({ cores }) => cores,
    measured: ({ cores }) => cores,
    ratio: "cores",
    help:
      "CPU time of the worker's thread; known from the sixth second of a worker",
  },
  {
    name: "Busy with messages",
    unit: "% of time",
    digits: 3,
    estimated: none,
    measured: ({ busyShare }) => busyShare === null ? null : busyShare * 100,
    ratio: null,
    help: "Time spent on messages of its links, by the clock",
  },
  {
    name: "Heap, highest",
    unit: "MiB",
    digits: 1,
    estimated: ({ heapMiB }) => heapMiB ?? null,
    measured: ({ heapMiBMax }) => heapMiBMax,
    ratio: "heapMiB",
    help: "Memory of its objects, with garbage that is not collected yet",
  },
  {
    name: "Heap, newest",
    unit: "MiB",
    digits: 1,
    estimated: none,
    measured: ({ heapMiB }) => heapMiB,
    ratio: null,
    help: "At the last heartbeat of the window",
  },
  {
    name: "Memory in all",
    unit: "MiB",
    digits: 1,
    estimated: ({ memoryMiB }) => memoryMiB,
    measured: none,
    ratio: null,
    help:
      "What one more agent adds to the process; workers share its memory, so it cannot be measured for one of them",
  },
  {
    name: "Messages",
    unit: "a minute",
    digits: 1,
    estimated: ({ messagesPerMinute }) => messagesPerMinute,
    measured: ({ messagesPerMinute }) => messagesPerMinute,
    ratio: "messagesPerMinute",
    help:
      "Over its links, both ways; the first minutes of a worker hold the history that it reads",
  },
  {
    name: "Messages in",
    unit: "a second",
    digits: 2,
    estimated: none,
    measured: ({ messagesInPerSecond }) => messagesInPerSecond,
    ratio: null,
    help: "Received over its links",
  },
  {
    name: "Messages out",
    unit: "a second",
    digits: 2,
    estimated: none,
    measured: ({ messagesOutPerSecond }) => messagesOutPerSecond,
    ratio: null,
    help: "Sent over its links",
  },
  {
    name: "Mailbox, fullest",
    unit: "waiting",
    digits: 0,
    estimated: none,
    measured: ({ mailboxDepthMax }) => mailboxDepthMax,
    ratio: null,
    help: "Messages that waited for their turn at a heartbeat",
  },
  {
    name: "Event loop late, p99",
    unit: "ms",
    digits: 2,
    estimated: none,
    measured: ({ loopLagMsP99 }) => loopLagMsP99,
    ratio: null,
    help: "How late its timers were, also because others had the processor",
  },
  {
    name: "Venue requests",
    unit: "a minute",
    digits: 2,
    estimated: ({ apiCallsPerMinute }) => apiCallsPerMinute,
    measured: ({ apiCallsPerMinute }) => apiCallsPerMinute,
    ratio: "apiCallsPerMinute",
    help:
      "Caused by its orders; none is known in a market of candles, which has no venue. The estimate is unknown where it depends on how often it trades",
  },
];
