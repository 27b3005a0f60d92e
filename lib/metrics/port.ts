/** What the metrics are read from, at each reading. */
import type { AgentView } from "../contracts/agent.ts";
import type { MessageTimes } from "./message_times.ts";
import type { HostView } from "../contracts/host.ts";
import type { DeskLatencies } from "../contracts/latency.ts";
import type { StoreCalls } from "../contracts/store_calls.ts";
import type { ServiceHeap } from "../contracts/vitals.ts";

/** How the process does. */
export interface ProcessFigures {
  residentBytes: number;
  heapUsedBytes: number;
  /** Right after the last collection of garbage; null before the first. */
  liveHeapBytes: number | null;
  /** Of all threads, workers included. */
  cpuMs: number;
  /** Of the main isolate's thread alone. */
  mainCpuMs: number;
  uptimeMs: number;
  /** Threads that burn although their agent was ended. */
  burningThreads: number;
  isDraining: boolean;
}

/** How the store does. */
export interface StoreFigures {
  isOk: boolean;
  /** Sequence of the newest event. */
  headSeq: number;
  queuedChanges: number;
  queuedLogLines: number;
  droppedLogLines: number;
  /** Calls of KV since the start, and how long those of the last minutes took. */
  calls: StoreCalls;
}

/** How the streams to browsers and programs do. */
export interface StreamFigures {
  clients: number;
  queuedBytes: number;
  dropped: number;
}

/** How alerts do; the first three since the start. */
export interface AlertFigures {
  delivered: number;
  failed: number;
  dropped: number;
  waiting: number;
  failingChannels: number;
}

/** How the hosts over one store do, as this process sees them. */
export interface HostFigures {
  hosts: readonly Pick<HostView, "id" | "state" | "agents">[];
  /** Agents that no host has. */
  homeless: number;
  /** Agents that this process took from another host since its start. */
  takeovers: number;
  /** Agents that it wanted to take and another one had taken before. */
  refusedClaims: number;
  /** How long questions to others took until their answers in the last minutes; null where there were none. */
  mail: { p50Ms: number | null; p99Ms: number | null };
}

/** Where every figure comes from. None of these may throw. */
export interface MetricSources {
  versions: { product: string; deno: string };
  now(): number;
  agents(): readonly AgentView[];
  process(): ProcessFigures;
  store(): StoreFigures;
  streams(): StreamFigures;
  /** Counted by whoever hears of them. */
  messageTimes: MessageTimes;
  alerts(): AlertFigures;
  /** Null where this process has the store for itself. */
  hosts(): HostFigures | null;
  /** Desks that do not answer are left out. */
  desks(): Promise<readonly DeskLatencies[]>;
  services(): readonly ServiceHeap[];
}

/** One answered request. */
export interface AnsweredRequest {
  method: string;
  /** The path as it was declared, such as `/api/agents/:id`; never the one that was asked for. */
  route: string;
  status: number;
  latencyMs: number;
}

/** The metrics of this process. */
export interface Metrics {
  /** The text that Prometheus reads, and its media type. */
  read(): Promise<{ text: string; contentType: string }>;
  /** Counts a request. */
  answered(request: AnsweredRequest): void;
  /** A timer of the main isolate came so much too late. */
  late(lateMs: number): void;
}
