import type { EquityPoint } from "./account.ts";
import type { AgentChart } from "./chart.ts";
import type { EngineDecisionView } from "./decisions.ts";
import type { LogLevel } from "./log.ts";
import type { TradingState } from "./lifecycle.ts";
import type { DeskAction, DeskEvent, Trade } from "./order.ts";
import type { EpochMs } from "./primitives.ts";

/** One candle of a replay on which something happened. */
export interface ReplayStep {
  seq: number;
  at: EpochMs;
  /** What the desk told the agent before it decided: fills, closed trades, refusals. */
  told: readonly DeskEvent[];
  /** What the agent asked for. */
  decided: readonly DeskAction[];
  /** What the desk answered to it; told with the next candle. */
  answered: readonly DeskEvent[];
}

/** A line that the agent wrote. */
export interface ReplayNote {
  level: LogLevel;
  message: string;
}

/** `GET /api/backtests/{id}/replay`: a run as it stood when candle `seq` had closed. */
export interface ReplayView {
  seq: number;
  total: number;
  chart: AgentChart;
  /** What the agent noted at candle `seq`, in order: patterns, orders, refusals. */
  noted: readonly ReplayNote[];
  /** What a decision engine made of candle `seq`; null for an agent without models. */
  engine: EngineDecisionView | null;
  /** Closed up to here, newest last, bounded. */
  trades: readonly Trade[];
  /** Up to here, thinned out, newest last, bounded. */
  equity: readonly EquityPoint[];
  /** Candle `seq` itself, whether or not something happened. */
  step: ReplayStep;
  /** Candles after `afterSeq` on which something happened, newest last, bounded. */
  steps: readonly ReplayStep[];
  /** Next and previous candle on which something happened; null where there is none. */
  nextSeq: number | null;
  previousSeq: number | null;
  tradingState: TradingState;
  hasPosition: boolean;
}
