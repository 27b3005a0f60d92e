import type { EpochMs } from "./primitives.ts";

/** Signs of life of the agent's worker. Null where none came yet. */
export interface AgentVitals {
  heartbeatAt: EpochMs | null;
  heapMiB: number | null;
  /** The heap right after its garbage was last collected. Absent in what older versions have stored. */
  liveHeapMiB?: number | null;
  mailboxDepth: number | null;
  /** Compute time of one candle inside the worker. */
  candleMsP50: number | null;
  candleMsP99: number | null;
  messagesPerSecond: number | null;
}

/** What a worker of the platform itself uses, such as a desk or a feed. */
export interface ServiceHeap {
  /** For instance `desk:paper`. */
  service: string;
  heapBytes: number | null;
  /** Right after its garbage was last collected; null before. */
  liveHeapBytes: number | null;
}
