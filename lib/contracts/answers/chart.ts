import * as z from "zod";
import type {
  AgentChart,
  ChartResponse,
  DecisionView,
  OverlayView,
  StructureView,
  SweepView,
  ZoneView,
} from "../chart.ts";
import { LIQUIDITY_SOURCES } from "../pattern.ts";
import { tradeSchema } from "./order.ts";
import { equityPointSchema } from "./account.ts";
import { candleSchema } from "./candle.ts";
import { same } from "./parts.ts";

/** {@link ZoneView} */
export const zoneViewSchema = z.object({
  id: z.string(),
  kind: z.enum(["order_block", "fvg"]),
  bias: z.union([z.literal(1), z.literal(-1)]),
  top: z.number(),
  bottom: z.number(),
  fromAt: z.number(),
  toAt: z.number().nullable(),
  state: z.enum(["fresh", "touched", "ended"]),
  createdAt: z.number().nullable(),
  touchedAt: z.number().nullable(),
  endedBy: z.enum(["filled", "inverted", "broken", "ended", "age"]).nullable(),
  displaced: z.boolean().nullable(),
});
same<ZoneView, typeof zoneViewSchema>();

/** {@link StructureView} */
export const structureViewSchema = z.object({
  kind: z.enum(["bos", "choch"]),
  bias: z.union([z.literal(1), z.literal(-1)]),
  price: z.number(),
  fromAt: z.number(),
  toAt: z.number(),
});
same<StructureView, typeof structureViewSchema>();

/** {@link SweepView} */
export const sweepViewSchema = z.object({
  bias: z.union([z.literal(1), z.literal(-1)]),
  price: z.number(),
  at: z.number(),
  source: z.enum(LIQUIDITY_SOURCES),
  members: z.number(),
  levelAt: z.number(),
});
same<SweepView, typeof sweepViewSchema>();

/** {@link OverlayView} */
export const overlayViewSchema = z.object({
  zones: z.array(zoneViewSchema),
  structure: z.array(structureViewSchema),
  sweeps: z.array(sweepViewSchema),
  swings: z.array(
    z.object({
      bias: z.union([z.literal(1), z.literal(-1)]),
      price: z.number(),
      at: z.number(),
    }),
  ),
});
same<OverlayView, typeof overlayViewSchema>();

/** {@link DecisionView} */
export const decisionViewSchema = z.object({
  seq: z.number(),
  at: z.number(),
  strategy: z.string(),
  intentId: z.string(),
  side: z.enum(["buy", "sell"]),
  entryPrice: z.number().nullable(),
  stopPrice: z.number(),
  targetPrice: z.number().nullable(),
  reasons: z.array(z.string()),
  outcome: z.enum(["submitted", "accepted", "denied", "filled", "canceled"]),
  detail: z.string().nullable(),
});
same<DecisionView, typeof decisionViewSchema>();

/** {@link AgentChart} */
export const agentChartSchema = z.object({
  candles: z.array(candleSchema),
  overlays: overlayViewSchema,
  decisions: z.array(decisionViewSchema),
});
same<AgentChart, typeof agentChartSchema>();

/** {@link ChartResponse} */
export const chartResponseSchema = agentChartSchema.extend({
  simulated: z.boolean(),
  trades: z.array(tradeSchema),
  equity: z.array(equityPointSchema),
});
same<ChartResponse, typeof chartResponseSchema>();
