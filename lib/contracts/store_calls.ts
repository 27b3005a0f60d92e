import type { LatencyFigures } from "../core/histogram.ts";

/** Calls of the KV store of one kind. */
export interface CallTimes {
  /** How many there were since the start. */
  n: number;
  /** How long those of the last minutes took; null where there were none. */
  recent: LatencyFigures | null;
}

/** Calls of the KV store by kind. */
export interface StoreCalls {
  read: CallTimes;
  commit: CallTimes;
}
