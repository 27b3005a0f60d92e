import * as z from "zod";
import type {
  AccountView,
  EquityPoint,
  OpenOrderView,
  PositionView,
} from "../account.ts";
import { TRADING_STATES } from "../lifecycle.ts";
import { openOrderSchema } from "./order.ts";
import { same } from "./parts.ts";

/** {@link PositionView} */
export const positionViewSchema = z.object({
  direction: z.enum(["long", "short"]),
  quantity: z.string(),
  entryPrice: z.string(),
  entryAt: z.number(),
  markPrice: z.string().nullable(),
  unrealizedPnl: z.string().nullable(),
  stopPrice: z.string().nullable(),
  targetPrice: z.string().nullable(),
  strategy: z.string(),
  isProtected: z.boolean().optional(),
  hedge: z.object({
    quantity: z.string(),
    entryPrice: z.string(),
    markPrice: z.string().nullable(),
  }).optional(),
});
same<PositionView, typeof positionViewSchema>();

/** {@link OpenOrderView} */
export const openOrderViewSchema = openOrderSchema.extend({
  phase: z.enum(["queued", "sending", "unknown", "open", "settling"])
    .optional(),
  filled: z.string().optional(),
  clientOrderId: z.string().optional(),
  venueOrderId: z.string().nullable().optional(),
  cancelReason: z.string().nullable().optional(),
});
same<OpenOrderView, typeof openOrderViewSchema>();

/** {@link AccountView} */
export const accountViewSchema = z.object({
  tradingState: z.enum(TRADING_STATES),
  tradingStateReason: z.string().nullable(),
  initialCapital: z.string(),
  cash: z.string(),
  equity: z.string().nullable(),
  realizedPnl: z.string(),
  unrealizedPnl: z.string().nullable(),
  dayPnl: z.string().nullable(),
  feesPaid: z.string(),
  fundingPaid: z.string().optional(),
  slippage: z.object({ fills: z.number(), meanBp: z.number().nullable() })
    .optional(),
  drawdownPct: z.number().nullable(),
  maxDrawdownPct: z.number(),
  trades: z.number(),
  wins: z.number(),
  losses: z.number(),
  breaker: z.object({
    lossesInARow: z.number(),
    reason: z.string().nullable(),
  }).optional(),
  tradesHash: z.string(),
  position: positionViewSchema.nullable(),
  openOrders: z.array(openOrderViewSchema),
  seq: z.number(),
  marketAt: z.number().nullable(),
});
same<AccountView, typeof accountViewSchema>();

/** {@link EquityPoint} */
export const equityPointSchema = z.object({
  seq: z.number(),
  at: z.number(),
  equity: z.string(),
});
same<EquityPoint, typeof equityPointSchema>();
