import * as z from "zod";
import type {
  BacktestDetail,
  BacktestProgress,
  BacktestView,
} from "../backtest.ts";
import { BACKTEST_STATES, backtestRequestSchema } from "../backtest.ts";
import {
  backtestReportSchema,
  backtestSummarySchema,
} from "./backtest_report.ts";
import { candleSchema } from "./candle.ts";
import { same } from "./parts.ts";

/** {@link BacktestProgress} */
export const backtestProgressSchema = z.object({
  phase: z.string(),
  share: z.number(),
  candlesPerSecond: z.number().nullable(),
});
same<BacktestProgress, typeof backtestProgressSchema>();

/** {@link BacktestView} */
export const backtestViewSchema = z.object({
  id: z.string(),
  ownerId: z.string(),
  ownerEmail: z.string().optional(),
  host: z.string().optional(),
  label: z.string(),
  request: backtestRequestSchema,
  state: z.enum(BACKTEST_STATES),
  progress: backtestProgressSchema,
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  detail: z.string().nullable(),
  summary: backtestSummarySchema.nullable(),
});
same<BacktestView, typeof backtestViewSchema>();

/** {@link BacktestDetail} */
export const backtestDetailSchema = backtestViewSchema.extend({
  report: backtestReportSchema.nullable(),
});
same<BacktestDetail, typeof backtestDetailSchema>();

/** A part of the candles that a run was made over, and how many there are. */
export const candlePageSchema = z.object({
  total: z.number(),
  candles: z.array(candleSchema),
});
