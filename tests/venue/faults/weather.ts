import type { Fault, FaultRule, RequestKind, StreamKind } from "./kinds.ts";

type Row = readonly [
  on: RequestKind | StreamKind | "any",
  fault: Fault,
  /** Chance at intensity 1. */
  chance: number,
  more?: Partial<FaultRule>,
];

/** Bad weather: every fault there is, as often as on a very bad day. */
const ROWS: readonly Row[] = [
  ["create", "silent_before", 0.01],
  ["create", "silent_after", 0.01],
  ["create", "bad_gateway_before", 0.01],
  ["create", "bad_gateway_after", 0.01],
  ["create", "reset_before", 0.01],
  ["create", "reset_after", 0.01],
  ["create", "garbage_after", 0.005],
  ["create", "half_json_after", 0.005],
  ["create", "unexpected_before", 0.005],
  ["create", "unexpected_after", 0.005],
  ["create", "backend_timeout_before", 0.01],
  ["create", "backend_timeout_after", 0.01],
  ["create", "disconnected_before", 0.005],
  ["create", "disconnected_after", 0.005],
  ["create", "slow_before", 0.02, { ms: 300 }],
  ["create", "slow_after", 0.05, { ms: 300 }],
  ["create", "late_fill", 0.05, { ms: 400 }],
  ["create", "partial_fill", 0.05, { ms: 400 }],
  ["create", "hidden", 0.05, { ms: 2_000 }],
  ["cancel", "fill_before_cancel", 0.05],
  ["cancel", "silent_after", 0.01],
  ["cancel", "bad_gateway_after", 0.01],
  ["cancel", "reset_before", 0.01],
  // Markets are asked for once a process: it must come up all the same.
  ["any", "bad_gateway_before", 0.5, { containing: "exchangeInfo" }],
  ["any", "clock_before", 0.002],
  ["any", "maintenance_before", 0.001],
  ["any", "bad_gateway_before", 0.005],
  ["any", "silent_before", 0.002],
  ["any", "slow_after", 0.02, { ms: 200 }],
  ["any", "rate_limit_before", 0.002, { retryAfterSeconds: 2 }],
  ["any", "ban_before", 0.0002, { retryAfterSeconds: 10 }],
  ["stream.user", "drop", 0.02],
  ["stream.user", "duplicate", 0.03],
  ["stream.user", "reorder", 0.02],
  ["stream.user", "delay", 0.03, { ms: 300 }],
  ["stream.user", "silence", 0.002],
  ["stream.user", "cut", 0.005],
  ["stream.kline", "drop", 0.01],
  ["stream.kline", "duplicate", 0.01],
  ["stream.kline", "reorder", 0.01],
  ["stream.kline", "silence", 0.0005],
  ["stream.kline", "cut", 0.002],
  ["stream.bookTicker", "drop", 0.01],
  ["stream.bookTicker", "cut", 0.0005],
];

/** Rules that strike by chance, from the venue's seed. `intensity` 0 is a clear day, 1 a very bad one; more is possible. */
export function weather(intensity: number): FaultRule[] {
  return ROWS.map(([on, fault, chance, more]) => ({
    on,
    fault,
    chance: Math.min(1, chance * intensity),
    ...more,
  }));
}
