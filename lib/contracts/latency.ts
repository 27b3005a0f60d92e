import type { LatencyFigures } from "../core/histogram.ts";
import type { RateBudgetState } from "./emergency_desk.ts";

export type { LatencyFigures };

/** Stages of a decision at its desk, in the order they happen. */
export const LATENCY_STAGES = {
  link:
    "Left the agent's worker → received by the desk; only where the agent stamps its decisions",
  controls: "Received → verdict of the controls",
  journal: "The write of what follows from the verdict",
  wire: "Handing an entry to the gateway, up to its first wait",
  ack: "Handing it over → the venue's answer",
  total: "Received → handed over, where it goes out at once",
} as const;
export type LatencyStage = keyof typeof LATENCY_STAGES;

/** Every stage of one account; null for one that was not measured, or does not exist: nothing of an account on candles goes over a wire. */
export interface DeskLatencyView {
  agentId: string;
  stages: LatencyStages;
}

/** Figures by stage; null for one that was not measured. */
export type LatencyStages = Readonly<
  Record<LatencyStage, LatencyFigures | null>
>;

/** Asks a desk for the latencies of an account; answered with {@link DeskLatencyView}. */
export interface LatencyQuery {
  type: "latency";
  agentId: string;
}

/** Stages of a signal on its way to whom it is for, in the order they happen. */
export const SIGNAL_STAGES = {
  decision: "The source's worker began with the candle → the signal left it",
  signal: "Left the source's worker → received by the listener's",
} as const;
export type SignalStage = keyof typeof SIGNAL_STAGES;

/** Figures of all accounts of one desk together. */
export interface DeskFigures {
  /** Since the start of its worker, or of the account where that is later. */
  stages: LatencyStages;
  /** Of the last minutes alone. */
  recent: LatencyStages;
  /** Of the way to the venue that is the fullest; null where no account trades at one. */
  rateBudget: RateBudgetState | null;
}

/** The same with the desk's name. */
export interface DeskLatencies extends DeskFigures {
  /** Such as `desk:binance.spot`. */
  desk: string;
}

/** Asks a desk for the latencies of all its accounts together; answered with {@link DeskFigures}. */
export interface DeskLatencyQuery {
  type: "latencies";
}

/** Latencies of signals since the listener's worker began; a stage that was not measured is left out. */
export type SignalLatencies = Partial<Record<SignalStage, LatencyFigures>>;
