import * as z from "zod";
import type {
  AgentTemplate,
  SharedTemplate,
  TemplateResult,
} from "../template.ts";
import { AGENT_TYPES, agentConfigSchema } from "../agent_config.ts";
import { backtestDataSchema } from "../backtest.ts";
import {
  BUNDLE_KINDS,
  type BundleAuthor,
  type BundleOrigin,
  type Evidence,
} from "../bundle.ts";
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

/** {@link Evidence} */
export const evidenceSchema = z.object({
  part: z.string(),
  data: backtestDataSchema,
  simulatedCandles: z.boolean(),
  symbol: z.string(),
  timeframe: z.enum(TIMEFRAMES),
  candles: z.number(),
  firstAt: z.number().nullable(),
  lastAt: z.number().nullable(),
  candlesHash: z.string(),
  seed: z.number(),
  tradesHash: z.string(),
  figures: z.object({
    trades: z.number(),
    netPnl: z.string().nullable(),
    returnPct: z.number().nullable(),
    maxDrawdownPct: z.number(),
    sharpe: z.number().nullable(),
    sortino: z.number().nullable(),
    profitFactor: z.number().nullable(),
    winRatePct: z.number().nullable(),
    feesPaid: z.string(),
  }),
});
same<Evidence, typeof evidenceSchema>();

/** {@link BundleAuthor} */
export const bundleAuthorSchema = z.object({
  name: z.string(),
  key: z.string(),
  fingerprint: z.string(),
});
same<BundleAuthor, typeof bundleAuthorSchema>();

/** {@link BundleOrigin} */
export const bundleOriginSchema = z.object({
  author: bundleAuthorSchema,
  kind: z.enum(BUNDLE_KINDS),
  title: z.string(),
  createdAt: z.string(),
  program: z.string(),
  evidence: z.array(evidenceSchema),
  listens: z.array(z.string()),
});
same<BundleOrigin, typeof bundleOriginSchema>();

/** {@link SharedTemplate} */
export const sharedTemplateAnswerSchema = z.object({
  name: z.string(),
  title: z.string(),
  version: z.number(),
  type: z.enum(AGENT_TYPES),
  purpose: z.string(),
  whenItWorks: z.string(),
  risk: z.string(),
  patterns: z.array(z.string()),
  riskLevel: z.string(),
  typicalLatency: z.string(),
  config: agentConfigSchema.omit({ name: true }),
  results: z.array(templateResultSchema),
});
same<SharedTemplate, typeof sharedTemplateAnswerSchema>();

/** {@link AgentTemplate} */
export const agentTemplateSchema = sharedTemplateAnswerSchema.extend({
  origin: z.enum(["built_in", "imported"]),
  owner: ownerSchema.optional(),
  bundle: bundleOriginSchema.optional(),
});
same<AgentTemplate, typeof agentTemplateSchema>();
