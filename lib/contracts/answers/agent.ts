import * as z from "zod";
import type {
  AgentDetail,
  AgentProgress,
  AgentView,
  ConfigResponse,
  ConfigWarning,
  LatencyResponse,
  PerformanceResponse,
  ResourceEstimate,
  TradeTotals,
  ValidationResponse,
} from "../agent.ts";
import type { AgentVitals } from "../vitals.ts";
import { AGENT_TYPES, agentConfigSchema } from "../agent_config.ts";
import { TIMEFRAMES } from "../candle.ts";
import { feedConfigSchema } from "../feed.ts";
import { teamPlaceSchema } from "./team_place.ts";
import { DESIRED_STATES, OBSERVED_STATES } from "../lifecycle.ts";
import { accountViewSchema, equityPointSchema } from "./account.ts";
import { lifecycleChangedSchema } from "./lifecycle.ts";
import { LATENCY_STAGES, SIGNAL_STAGES } from "../latency.ts";
import { ownerSchema } from "./owner.ts";
import { codesOf, same } from "./parts.ts";
import { latencyFiguresSchema } from "./latency_figures.ts";

/** {@link TradeTotals} */
export const tradeTotalsSchema = z.object({
  trades: z.number(),
  grossProfit: z.string(),
  grossLoss: z.string(),
});
same<TradeTotals, typeof tradeTotalsSchema>();

/** {@link AgentProgress} */
export const agentProgressSchema = z.object({
  seq: z.number(),
  startSeq: z.number(),
  totalCandles: z.number().nullable(),
  ended: z.boolean(),
});
same<AgentProgress, typeof agentProgressSchema>();

/** {@link AgentVitals} */
export const agentVitalsSchema = z.object({
  heartbeatAt: z.number().nullable(),
  heapMiB: z.number().nullable(),
  liveHeapMiB: z.number().nullable().optional(),
  mailboxDepth: z.number().nullable(),
  candleMsP50: z.number().nullable(),
  candleMsP99: z.number().nullable(),
  messagesPerSecond: z.number().nullable(),
});
same<AgentVitals, typeof agentVitalsSchema>();

/** {@link AgentView} */
export const agentViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(AGENT_TYPES),
  symbol: z.string(),
  timeframe: z.enum(TIMEFRAMES),
  mode: z.enum(["paper", "live"]),
  simulated: z.boolean(),
  livePrices: z.boolean(),
  feed: feedConfigSchema,
  feedProblem: z.string().nullable(),
  venueProblem: z.string().nullable(),
  waitsFor: z.string().nullable().optional(),
  modelProblem: z.string().nullable().optional(),
  templateName: z.string().nullable(),
  team: teamPlaceSchema.optional(),
  signalsOnly: z.literal(true).optional(),
  desired: z.enum(DESIRED_STATES),
  observed: z.enum(OBSERVED_STATES),
  observedSince: z.number(),
  epoch: z.number(),
  restarts: z.number(),
  restartBudget: z.number(),
  retryAt: z.number().nullable(),
  lastError: z.string().nullable(),
  configVersion: z.number(),
  createdAt: z.number(),
  owner: ownerSchema.optional(),
  account: accountViewSchema.nullable(),
  winRatePct: z.number().nullable(),
  tradeTotals: tradeTotalsSchema.optional(),
  progress: agentProgressSchema,
  vitals: agentVitalsSchema,
  lastDecision: z.string().nullable(),
  lastPattern: z.string().nullable(),
  equity: z.array(equityPointSchema),
  updatedAt: z.number(),
  host: z.string().optional(),
  hostProblem: z.string().optional(),
});
same<AgentView, typeof agentViewSchema>();

/** {@link AgentDetail} */
export const agentDetailSchema = agentViewSchema.extend({
  config: agentConfigSchema,
  history: z.array(lifecycleChangedSchema),
  listensTo: z.array(z.object({ id: z.string(), name: z.string() })),
  latency: z.partialRecord(codesOf(SIGNAL_STAGES), latencyFiguresSchema),
  supervision: z.object({
    restartWindowMs: z.number(),
    mailboxMax: z.number(),
  }),
});
same<AgentDetail, typeof agentDetailSchema>();

/** {@link ConfigResponse} */
export const configResponseSchema = z.object({
  configVersion: z.number(),
  effect: z.enum(["applied", "needs_restart", "stored"]),
  config: agentConfigSchema,
});
same<ConfigResponse, typeof configResponseSchema>();

/** {@link ConfigWarning} */
export const configWarningSchema = z.object({
  pointer: z.string(),
  code: z.string(),
  detail: z.string(),
});
same<ConfigWarning, typeof configWarningSchema>();

/** {@link ResourceEstimate} */
export const resourceEstimateSchema = z.object({
  cores: z.number(),
  memoryMiB: z.number(),
  heapMiB: z.number().optional(),
  messagesPerMinute: z.number(),
  apiCallsPerMinute: z.number().nullable(),
  agentsUsed: z.number(),
  agentsAllowed: z.number(),
});
same<ResourceEstimate, typeof resourceEstimateSchema>();

/** {@link ValidationResponse} */
export const validationResponseSchema = z.object({
  valid: z.boolean(),
  errors: z.array(configWarningSchema),
  warnings: z.array(configWarningSchema),
  estimate: resourceEstimateSchema.nullable(),
  worstDayLoss: z.string().nullable(),
  worstTotalLoss: z.string().nullable(),
  liquidationDistancePct: z.number().nullable(),
  config: agentConfigSchema.nullable(),
});
same<ValidationResponse, typeof validationResponseSchema>();

/** {@link PerformanceResponse} */
export const performanceResponseSchema = z.object({
  agentId: z.string(),
  simulated: z.boolean(),
  account: accountViewSchema.nullable(),
  candles: z.number(),
  trades: z.number(),
  winRatePct: z.number().nullable(),
  profitFactor: z.number().nullable(),
  netPnl: z.string().nullable(),
  returnPct: z.number().nullable(),
  maxDrawdownPct: z.number().nullable(),
  feesPaid: z.string().nullable(),
  tradesHash: z.string().nullable(),
  equity: z.array(equityPointSchema),
});
same<PerformanceResponse, typeof performanceResponseSchema>();

/** {@link LatencyResponse} */
export const latencyResponseSchema = z.object({
  agentId: z.string(),
  signals: z.partialRecord(codesOf(SIGNAL_STAGES), latencyFiguresSchema),
  desk: z.record(codesOf(LATENCY_STAGES), latencyFiguresSchema.nullable())
    .nullable(),
});
same<LatencyResponse, typeof latencyResponseSchema>();
