import * as z from "zod";
import type {
  GuardLossView,
  GuardRuleView,
  RiskResponse,
  RiskView,
} from "../guard.ts";
import { TRADING_STATES } from "../lifecycle.ts";
import { RISK_RULE_CODES, same } from "./parts.ts";
import { LOSS_METHODS, RISK_MEASURE_NAMES } from "../risk.ts";

/** {@link GuardLossView} */
export const guardLossViewSchema = z.object({
  method: z.enum(LOSS_METHODS),
  usedMethod: z.enum(LOSS_METHODS),
  levelPct: z.number(),
  valueAtRiskPct: z.number().nullable(),
  valueAtRisk: z.string().nullable(),
  expectedShortfallPct: z.number().nullable(),
  expectedShortfall: z.string().nullable(),
  observations: z.number(),
  reason: z.string().nullable(),
  backtest: z.object({
    periods: z.number(),
    exceeded: z.number(),
    expected: z.number(),
    likelihoodRatio: z.number(),
    isRejected: z.boolean(),
    zone: z.enum(["green", "yellow", "red"]),
  }).nullable(),
});
same<GuardLossView, typeof guardLossViewSchema>();

/** {@link GuardRuleView} */
export const guardRuleViewSchema = z.object({
  ruleId: z.string(),
  measure: z.enum(RISK_MEASURE_NAMES),
  label: z.string(),
  unit: z.enum(["%", ""]),
  value: z.number().nullable(),
  warning: z.number(),
  limit: z.number(),
  release: z.number(),
  action: z.enum(["alert", "reducing", "halted"]),
  level: z.enum(["quiet", "warming_up", "warning", "acting"]),
  isLatched: z.boolean(),
  since: z.number().nullable(),
  reason: z.string().nullable(),
});
same<GuardRuleView, typeof guardRuleViewSchema>();

/** {@link RiskView} */
export const riskViewSchema = z.object({
  at: z.number().nullable(),
  state: z.enum(TRADING_STATES),
  code: z.enum(RISK_RULE_CODES).nullable(),
  reason: z.string().nullable(),
  latched: z.array(z.string()),
  accounts: z.array(
    z.object({
      agentId: z.string(),
      equity: z.string().nullable(),
      marketAt: z.number().nullable(),
      tradingState: z.enum(TRADING_STATES),
      problem: z.string().nullable(),
    }),
  ),
  accountsLeftOut: z.number(),
  equity: z.string().nullable(),
  peak: z.string().nullable(),
  drawdownPct: z.number().nullable(),
  maxDrawdownPct: z.number().nullable(),
  dailyLoss: z.string().nullable(),
  dailyLossPct: z.number().nullable(),
  exposure: z.object({
    markets: z.array(
      z.object({
        symbol: z.string(),
        long: z.string().nullable(),
        short: z.string().nullable(),
        net: z.string().nullable(),
      }),
    ),
    marketsLeftOut: z.number(),
    gross: z.string().nullable(),
    net: z.string().nullable(),
    working: z.string().nullable(),
    grossPct: z.number().nullable(),
    netPct: z.number().nullable(),
    committedPct: z.number().nullable(),
  }).nullable(),
  concentration: z.object({
    largest: z.string().nullable(),
    largestSharePct: z.number().nullable(),
    herfindahl: z.number().nullable(),
  }).nullable(),
  correlation: z.object({
    average: z.number().nullable(),
    weightedAverage: z.number().nullable(),
    highest: z.array(
      z.object({
        first: z.string(),
        second: z.string(),
        correlation: z.number(),
      }),
    ),
  }).nullable(),
  losses: z.array(guardLossViewSchema),
  ladder: z.object({
    rows: z.array(
      z.object({
        id: z.string(),
        symbol: z.string(),
        direction: z.enum(["long", "short"]),
        markPrice: z.string(),
        liquidationPrice: z.string().nullable(),
        distancePct: z.number().nullable(),
      }),
    ),
    rowsLeftOut: z.number(),
    steps: z.array(
      z.object({
        movePct: z.number(),
        notional: z.string().nullable(),
        positions: z.number().nullable(),
      }),
    ),
    unknown: z.array(z.string()),
  }).nullable(),
  stress: z.array(
    z.object({
      name: z.string(),
      pnl: z.string().nullable(),
      pnlPct: z.number().nullable(),
      liquidated: z.number().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  rules: z.array(guardRuleViewSchema),
  unknown: z.array(z.string()),
  observations: z.number(),
  window: z.number(),
});
same<RiskView, typeof riskViewSchema>();

/** {@link RiskResponse} */
export const riskResponseSchema = z.object({
  agentId: z.string(),
  toldAt: z.number().nullable(),
  guarded: z.array(z.object({
    agentId: z.string(),
    name: z.string(),
    mode: z.enum(["paper", "live"]),
  })),
  risk: riskViewSchema.nullable(),
});
same<RiskResponse, typeof riskResponseSchema>();
