import * as z from "zod";
import type { AgentTemplate, TemplateResult } from "../template.ts";
import { AGENT_TYPES, agentConfigSchema } from "../agent_config.ts";
import { TIMEFRAMES } from "../candle.ts";
import { ownerSchema } from "./owner.ts";
import { same } from "./parts.ts";

/** {@link TemplateResult} */
export const templateResultSchema = z.object({
  source: z.string(),
  simulatedCandles: z.boolean(),
  symbol: z.string(),
  timeframe: z.enum(TIMEFRAMES),
  candles: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
  trades: z.number(),
  netPnl: z.string().nullable(),
  returnPct: z.number().nullable(),
  maxDrawdownPct: z.number(),
  sharpe: z.number().nullable(),
  profitFactor: z.number().nullable(),
  winRatePct: z.number().nullable(),
  feesPaid: z.string(),
  buyAndHoldPct: z.number(),
  tradesHash: z.string(),
});
same<TemplateResult, typeof templateResultSchema>();

/** {@link AgentTemplate} */
export const agentTemplateSchema = z.object({
  name: z.string(),
  title: z.string(),
  version: z.number(),
  origin: z.enum(["built_in", "imported"]),
  type: z.enum(AGENT_TYPES),
  purpose: z.string(),
  whenItWorks: z.string(),
  risk: z.string(),
  patterns: z.array(z.string()),
  riskLevel: z.string(),
  typicalLatency: z.string(),
  config: agentConfigSchema.omit({ name: true }),
  results: z.array(templateResultSchema),
  owner: ownerSchema.optional(),
});
same<AgentTemplate, typeof agentTemplateSchema>();
