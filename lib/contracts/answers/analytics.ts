import * as z from "zod";
import {
  type AnalyticsResponse,
  BREAKDOWNS,
  type DailyCorrelation,
  type TradeFigures,
  type TradeGroup,
} from "../analytics.ts";
import { same } from "./parts.ts";

/** {@link TradeFigures} */
const tradeFiguresSchema = z.object({
  trades: z.number(),
  wins: z.number(),
  winRatePct: z.number().nullable(),
  winRateLowPct: z.number().nullable(),
  winRateHighPct: z.number().nullable(),
  netPnl: z.string(),
  fees: z.string(),
  profitFactor: z.number().nullable(),
  expectancyR: z.number().nullable(),
  averageHoldMs: z.number().nullable(),
  isTooFew: z.boolean(),
});
same<TradeFigures, typeof tradeFiguresSchema>();

/** {@link TradeGroup} */
const tradeGroupSchema = tradeFiguresSchema.extend({
  key: z.string().nullable(),
  name: z.string().optional(),
});
same<TradeGroup, typeof tradeGroupSchema>();

/** {@link DailyCorrelation} */
const dailyCorrelationSchema = z.object({
  one: z.string(),
  other: z.string(),
  days: z.number(),
  coefficient: z.number().nullable(),
});
same<DailyCorrelation, typeof dailyCorrelationSchema>();

const agent = { id: z.string(), name: z.string() };

/** {@link AnalyticsResponse} */
export const analyticsSchema = z.object({
  mode: z.enum(["paper", "live"]),
  simulated: z.boolean(),
  currency: z.string().nullable(),
  currencies: z.array(z.object({ currency: z.string(), trades: z.number() })),
  timeZone: z.string(),
  agents: z.array(z.object({ ...agent, trades: z.number() })),
  missing: z.array(z.object({ ...agent, detail: z.string() })),
  total: tradeFiguresSchema,
  breakdowns: z.array(z.object({
    by: z.enum(BREAKDOWNS),
    groups: z.array(tradeGroupSchema),
  })),
  correlations: z.array(dailyCorrelationSchema),
  at: z.number(),
});
same<AnalyticsResponse, typeof analyticsSchema>();
