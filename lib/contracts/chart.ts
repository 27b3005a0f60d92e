import type { EquityPoint } from "./account.ts";
import type { Candle } from "./candle.ts";
import type { Trade } from "./order.ts";
import type { Bias, LiquiditySource } from "./pattern.ts";
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
  /** Candle whose close made it known; null where that is forgotten. */
  createdAt: EpochMs | null;
  /** Candle that first came back to it; null where none did, or where that is forgotten. */
  touchedAt: EpochMs | null;
  /** How it ended: `age` where it was not met in time, `ended` where it was taken off the list. Null while it is open. */
  endedBy: "filled" | "inverted" | "broken" | "ended" | "age" | null;
  /** Of an order block: whether a displacement made it. Null for a gap. */
  displaced: boolean | null;
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
  /** What the level was made of. */
  source: LiquiditySource;
  /** Swings at the level; 1 for everything that is no pool. */
  members: number;
  /** Candle that made the level. */
  levelAt: EpochMs;
}

/** What the detector of an agent shows on its chart. */
export interface OverlayView {
  zones: readonly ZoneView[];
  structure: readonly StructureView[];
  sweeps: readonly SweepView[];
  swings: readonly { bias: Bias; price: number; at: EpochMs }[];
}

/** Which candles of an agent are asked for. */
export interface ChartRange {
  /** Candles after this one; −1 for all. */
  afterSeq: number;
  /** Candles before this one instead, for a look further back; overlays are then those of these candles. */
  beforeSeq?: number | undefined;
  /** The newest so many of them. */
  limit: number;
}

/** Question to an agent worker, answered by `inspect`. */
export type AgentQuery = { type: "chart" } & ChartRange;

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
