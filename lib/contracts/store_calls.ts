import type { LatencyFigures } from "../core/histogram.ts";

/** How long calls of the KV store took, by kind; null before the first. */
export interface StoreCalls {
  read: LatencyFigures | null;
  commit: LatencyFigures | null;
}
