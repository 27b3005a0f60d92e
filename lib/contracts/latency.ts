/**
 * Stages of a decision at its desk, in the order they happen:
 *
 * - `link`: left the agent's worker → received by the desk; only where the agent stamps its decisions
 * - `controls`: received → verdict of the controls
 * - `journal`: the write of what follows from the verdict
 * - `wire`: handing the order to the gateway, up to its first wait
 * - `ack`: handed over → the venue's answer
 * - `total`: received → handed over
 */
export const LATENCY_STAGES = [
  "link",
  "controls",
  "journal",
  "wire",
  "ack",
  "total",
] as const;
export type LatencyStage = (typeof LATENCY_STAGES)[number];

/** Latencies of one stage since the account was opened, in milliseconds; a percentile is at most 9 % too high. */
export interface LatencyFigures {
  n: number;
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
}

/** Every stage of one account; null for one that was not measured, or does not exist: nothing of an account on candles goes over a wire. */
export interface DeskLatencyView {
  agentId: string;
  stages: Readonly<Record<LatencyStage, LatencyFigures | null>>;
}

/** Asks a desk for the latencies of an account; answered with {@link DeskLatencyView}. */
export interface LatencyQuery {
  type: "latency";
  agentId: string;
}
