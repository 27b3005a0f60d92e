import type { EquityPoint } from "./account.ts";
import type { Candle } from "./candle.ts";
import type { Trade } from "./order.ts";
import type { Bias } from "./pattern.ts";
import type { EpochMs } from "./primitives.ts";

/** A price zone drawn from `fromAt` to `toAt` (null = still open). */
export interface ZoneView {
  id: string;
  kind: "order_block" | "fvg";
  bias: Bias;
  top: number;
  bottom: number;
  fromAt: EpochMs;
  toAt: EpochMs | null;
  state: "fresh" | "touched" | "ended";
}

/** A line from the broken swing to the breaking candle. */
export interface StructureView {
  kind: "bos" | "choch";
  bias: Bias;
  price: number;
  fromAt: EpochMs;
  toAt: EpochMs;
}

/** A ring at the wick that took liquidity. */
export interface SweepView {
  bias: Bias;
  price: number;
  at: EpochMs;
}

/** What the detector of an agent shows on its chart. */
export interface OverlayView {
  zones: readonly ZoneView[];
  structure: readonly StructureView[];
  sweeps: readonly SweepView[];
  swings: readonly { bias: Bias; price: number; at: EpochMs }[];
}

/** Question to an agent worker, answered by `inspect`. */
export type AgentQuery = { type: "chart"; afterSeq: number; limit: number };

/** Answer of an agent worker. */
export interface AgentChart {
  candles: readonly Candle[];
  overlays: OverlayView;
  decisions: readonly DecisionView[];
}

/** One decision with its reasons, for the decisions tab and the fleet row. */
export interface DecisionView {
  seq: number;
  at: EpochMs;
  strategy: string;
  intentId: string;
  side: "buy" | "sell";
  entryPrice: number | null;
  stopPrice: number;
  /** Null where the entry has no target. */
  targetPrice: number | null;
  reasons: readonly string[];
  outcome: "submitted" | "accepted" | "denied" | "filled" | "canceled";
  /** Denial or cancellation in one sentence. */
  detail: string | null;
}

/** `GET /api/agents/{id}/chart`. */
export interface ChartResponse extends AgentChart {
  simulated: boolean;
  trades: readonly Trade[];
  equity: readonly EquityPoint[];
}
