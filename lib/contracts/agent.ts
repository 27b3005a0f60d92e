import * as z from "zod";
import type { DecimalText } from "../core/decimal.ts";
import type { AccountView, EquityPoint } from "./account.ts";
import {
  type AgentConfig,
  agentConfigSchema,
  type AgentType,
} from "./agent_config.ts";
import type { Timeframe } from "./candle.ts";
import type { DeskLatencyView, SignalLatencies } from "./latency.ts";
import type { FeedConfig } from "./feed.ts";
import type {
  DesiredState,
  LifecycleChanged,
  ObservedState,
} from "./lifecycle.ts";
import type { Owner } from "./owner.ts";
import type { EpochMs } from "./primitives.ts";
import type { TeamPlace } from "./team.ts";
import type { AgentVitals } from "./vitals.ts";

/** An agent as it is stored: what was asked for. What is observed lives beside it. */
export interface AgentRecord {
  id: string;
  ownerId: string;
  /** E-mail address of the owner as it was at the spawn. Absent in records of older builds. */
  ownerEmail?: string;
  config: AgentConfig;
  /** Raised by every change of the configuration; the ETag. */
  configVersion: number;
  desired: DesiredState;
  /** Why the desired state is what it is. */
  desiredReason: string;
  /** What becomes of an open position when the agent is stopped. */
  stopPositions: "close" | "keep";
  createdAt: EpochMs;
  updatedAt: EpochMs;
  /** The command that wrote this record; empty for one of an older build. Tells a command in doubt apart from one that looks the same. */
  commandId: string;
  /** First candle of the agent's stream, and first one on which it may open positions. */
  startSeq: number;
  tradeFromSeq: number;
  streamId: string;
  templateName: string | null;
  /** What was expected of it before its spawn. Absent in records of older builds. */
  estimate?: ResourceEstimate | null;
  /** The team it belongs to; left out for an agent of its own. */
  team?: TeamPlace;
}

/** Start configuration of an agent's worker. */
export interface AgentWorkerConfig {
  agentId: string;
  config: AgentConfig;
  startSeq: number;
  tradeFromSeq: number;
  /** Agents that a risk manager guards; left out for other types. */
  guarded?: readonly GuardedAgent[];
}

/** An agent that is guarded, with what people call it. */
export interface GuardedAgent {
  agentId: string;
  name: string;
}

/** What the supervisor saw last of an agent; stored so that a restart shows the truth at once. */
export interface AgentObserved {
  id: string;
  state: ObservedState;
  epoch: number;
  restarts: number;
  restartBudget: number;
  retryAt: EpochMs | null;
  since: EpochMs;
  lastError: string | null;
  /**
   * The command (`AgentRecord.commandId`) whose stop was carried out to its end:
   * orders withdrawn, position as commanded, every trade in the store. Absent
   * while that is still to be made sure of.
   */
  settledFor?: string;
  /** Newest last, bounded. */
  history: readonly LifecycleChanged[];
}

/** How far an agent is in its stream. */
export interface AgentProgress {
  /** Last decided candle; −1 before the first. */
  seq: number;
  startSeq: number;
  totalCandles: number | null;
  ended: boolean;
}

/** Everything a fleet row and its card show. Unknown is null. */
export interface AgentView {
  id: string;
  /** Whose it is. Absent in what older versions have stored. */
  owner?: Owner;
  name: string;
  type: AgentType;
  symbol: string;
  timeframe: Timeframe;
  mode: "paper" | "live";
  /** Fills are simulated; so are the prices unless `livePrices`. */
  simulated: boolean;
  /** Prices are those of an exchange's real market. */
  livePrices: boolean;
  feed: FeedConfig;
  /** Why nothing comes from the market; null while it comes. */
  feedProblem: string | null;
  /** What a person should see of its orders at the venue, in one sentence; null for nothing. */
  venueProblem: string | null;
  /** For whose signals it stands still, in one sentence; null where it does not. Absent in what older versions have stored. */
  waitsFor?: string | null;
  /** What keeps its models from voting, in one sentence; null, or left out by older versions, for nothing. */
  modelProblem?: string | null;
  templateName: string | null;
  /** The team it belongs to; left out for an agent of its own. */
  team?: TeamPlace;
  /** It places no orders and reports signals only; left out for any other. */
  signalsOnly?: true;
  desired: DesiredState;
  observed: ObservedState;
  observedSince: EpochMs;
  epoch: number;
  restarts: number;
  restartBudget: number;
  retryAt: EpochMs | null;
  lastError: string | null;
  configVersion: number;
  createdAt: EpochMs;
  account: AccountView | null;
  winRatePct: number | null;
  /** Absent in what older versions have stored. */
  tradeTotals?: TradeTotals;
  progress: AgentProgress;
  vitals: AgentVitals;
  lastDecision: string | null;
  lastPattern: string | null;
  /** Recent equity for the sparkline, oldest first. */
  equity: readonly EquityPoint[];
  updatedAt: EpochMs;
  /** The host that runs it; left out where there is only one. */
  host?: string;
  /** Why no host has it, in one sentence; left out where one has it, and where there is only one. */
  hostProblem?: string;
}

/** What an agent's closed trades come to. */
export interface TradeTotals {
  /** How many trades are counted in. */
  trades: number;
  grossProfit: DecimalText;
  /** As a positive amount. */
  grossLoss: DecimalText;
}

/** `GET /api/agents/{id}`. */
export interface AgentDetail extends AgentView {
  config: AgentConfig;
  history: readonly LifecycleChanged[];
  /** The agents it listens to, as they are called now; the id where one is gone. */
  listensTo: readonly { id: string; name: string }[];
  /** How long signals take on their way to it. */
  latency: SignalLatencies;
  supervision: SupervisionLimits;
}

/** What the supervisor of an agent goes by. */
export interface SupervisionLimits {
  /** Span in which restarts count against `restartBudget`. */
  restartWindowMs: number;
  /** Messages that may wait on one lane of its mailbox. */
  mailboxMax: number;
}

/** `POST /api/agents/spawn`. */
export const spawnRequestSchema = z.strictObject({
  template: z.string().max(60).optional(),
  config: agentConfigSchema,
  /** Tick of the review step: the warnings were read. */
  acknowledgeWarnings: z.boolean().default(false),
  /** For live trading: the agent's name, typed once more. */
  confirmName: z.string().trim().max(60).optional(),
});
export type SpawnRequest = z.infer<typeof spawnRequestSchema>;

export const CONTROL_ACTIONS = [
  "start",
  "pause",
  "resume",
  "stop",
  "restart",
  "kill",
  "rearm",
] as const;
export type ControlAction = (typeof CONTROL_ACTIONS)[number];

/** Whether an action only reduces risk: such a one is carried out even while nothing can be stored, and twice does no harm. */
export function reducesRisk(action: ControlAction): boolean {
  return action === "pause" || action === "stop" || action === "kill";
}

/** `POST /api/agents/{id}/control`. */
export const controlRequestSchema = z.strictObject({
  action: z.enum(CONTROL_ACTIONS, {
    error: `Choose an action: ${CONTROL_ACTIONS.join(", ")}`,
  }),
  reason: z.string().trim().max(200).default(""),
  /** For stop: what happens to an open position. */
  positions: z.enum(["close", "keep"]).default("close"),
});
export type ControlRequest = z.infer<typeof controlRequestSchema>;

/** `POST /api/agents/{id}/orders/{order}/absent`. */
export const settleOrderRequestSchema = z.strictObject({
  reason: z.string().trim().min(1, "Say what was seen at the exchange").max(
    200,
  ),
});
export type SettleOrderRequest = z.infer<typeof settleOrderRequestSchema>;

/** `PUT /api/agents/{id}/config`. */
export const configRequestSchema = z.strictObject({
  config: agentConfigSchema,
});

/** Answer to a configuration change. */
export interface ConfigResponse {
  configVersion: number;
  effect: "applied" | "needs_restart" | "stored";
  config: AgentConfig;
}

/** A remark on a valid configuration that a person should read before spawning. */
export interface ConfigWarning {
  pointer: string;
  code: string;
  detail: string;
}

/** What an agent is expected to use. Estimates, labelled as such. */
export interface ResourceEstimate {
  /** Processor time, in parts of one core. */
  cores: number;
  /** What one more agent adds to the memory of the process. */
  memoryMiB: number;
  /** The highest heap of its worker, garbage included: the part of `memoryMiB` that can be measured. Left out by older builds. */
  heapMiB?: number;
  /** Messages over its links, both ways. */
  messagesPerMinute: number;
  /** Requests to an exchange that its orders cause; null where that depends on how often it trades. */
  apiCallsPerMinute: number | null;
  agentsUsed: number;
  agentsAllowed: number;
}

/** `POST /api/agents/validate`. */
export interface ValidationResponse {
  valid: boolean;
  errors: readonly ConfigWarning[];
  warnings: readonly ConfigWarning[];
  estimate: ResourceEstimate | null;
  /** In quote currency. */
  worstDayLoss: string | null;
  worstTotalLoss: string | null;
  /** How far the price may move against a full position before it is liquidated, in percent; null where it cannot be, or where there is no account. */
  liquidationDistancePct: number | null;
  config: AgentConfig | null;
}

/** `GET /api/agents/{id}/performance`. Decimal texts; unknown is null. */
export interface PerformanceResponse {
  agentId: string;
  simulated: boolean;
  account: AccountView | null;
  candles: number;
  trades: number;
  winRatePct: number | null;
  profitFactor: number | null;
  netPnl: string | null;
  returnPct: number | null;
  maxDrawdownPct: number | null;
  feesPaid: string | null;
  tradesHash: string | null;
  equity: readonly EquityPoint[];
}

/** `GET /api/agents/{id}/latency`. */
export interface LatencyResponse {
  agentId: string;
  signals: SignalLatencies;
  /** Null while the desk cannot say. */
  desk: DeskLatencyView["stages"] | null;
}
