import * as z from "zod";
import type {
  DeskAction,
  DeskEvent,
  EntryOrder,
  Fill,
  HedgeFill,
  HedgeLeg,
  OpenOrder,
  OrderIntent,
  Trade,
} from "../order.ts";
import { DENIAL_CODES, REFUSAL_CAUSES } from "../denials.ts";
import { type MarketRegime, TRENDS, VOLATILITIES } from "../regime.ts";
import { codesOf, same } from "./parts.ts";

/** {@link HedgeLeg} */
export const hedgeLegSchema = z.object({
  side: z.enum(["buy", "sell"]),
  quantity: z.string(),
  reference: z.string(),
});
same<HedgeLeg, typeof hedgeLegSchema>();

/** {@link OpenOrder} */
export const openOrderSchema = z.object({
  orderId: z.string(),
  intentId: z.string(),
  role: z.enum(["entry", "stop", "target", "close"]),
  side: z.enum(["buy", "sell"]),
  type: z.enum(["limit", "market", "stop"]),
  price: z.string().nullable(),
  quantity: z.string(),
  reduceOnly: z.boolean(),
  placedSeq: z.number(),
  expireAfterSeq: z.number().nullable(),
  delay: z.object({ candles: z.number(), share: z.number() }).optional(),
  hedge: hedgeLegSchema.optional(),
  part: z.number().optional(),
  postOnly: z.literal(true).optional(),
  replaces: z.string().optional(),
});
same<OpenOrder, typeof openOrderSchema>();

/** {@link MarketRegime} */
const regimeSchema = z.object({
  trend: z.enum(TRENDS).nullable(),
  volatility: z.enum(VOLATILITIES).nullable(),
});
same<MarketRegime, typeof regimeSchema>();

/** {@link Trade} */
export const tradeSchema = z.object({
  tradeId: z.string(),
  intentId: z.string(),
  strategy: z.string(),
  direction: z.enum(["long", "short"]),
  quantity: z.string(),
  entryPrice: z.string(),
  entrySeq: z.number(),
  entryAt: z.number(),
  exitPrice: z.string(),
  exitSeq: z.number(),
  exitAt: z.number(),
  exitRole: z.enum(["entry", "stop", "target", "close"]),
  netPnl: z.string(),
  fees: z.string(),
  funding: z.string().optional(),
  resultR: z.string(),
  reasons: z.array(z.string()),
  hedge: z.object({
    quantity: z.string(),
    entryPrice: z.string(),
    exitPrice: z.string(),
  }).optional(),
  regime: regimeSchema.optional(),
});
same<Trade, typeof tradeSchema>();

/** {@link HedgeFill} */
export const hedgeFillSchema = z.object({
  side: z.enum(["buy", "sell"]),
  price: z.string(),
  quantity: z.string(),
  fee: z.string(),
});
same<HedgeFill, typeof hedgeFillSchema>();

/** {@link Fill} */
export const fillSchema = z.object({
  fillId: z.string(),
  orderId: z.string(),
  intentId: z.string(),
  role: z.enum(["entry", "stop", "target", "close"]),
  side: z.enum(["buy", "sell"]),
  price: z.string(),
  quantity: z.string(),
  fee: z.string(),
  liquidity: z.enum(["maker", "taker"]),
  seq: z.number(),
  at: z.number(),
  feeIsEstimate: z.literal(true).optional(),
  tradedQuantity: z.string().optional(),
  hedge: hedgeFillSchema.optional(),
  part: z.number().optional(),
});
same<Fill, typeof fillSchema>();

/** {@link DeskEvent} */
export const deskEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("OrderAccepted"),
    seq: z.number(),
    order: openOrderSchema,
  }),
  z.object({
    type: z.literal("OrderDenied"),
    seq: z.number(),
    intentId: z.string(),
    code: codesOf(DENIAL_CODES),
    detail: z.string(),
    part: z.number().optional(),
    cause: codesOf(REFUSAL_CAUSES).optional(),
  }),
  z.object({
    type: z.literal("OrderFilled"),
    seq: z.number(),
    fill: fillSchema,
  }),
  z.object({
    type: z.literal("OrderCanceled"),
    seq: z.number(),
    orderId: z.string(),
    intentId: z.string(),
    role: z.enum(["entry", "stop", "target", "close"]),
    reason: z.string(),
    part: z.number().optional(),
    cause: codesOf(REFUSAL_CAUSES).optional(),
  }),
  z.object({
    type: z.literal("PositionClosed"),
    seq: z.number(),
    trade: tradeSchema,
  }),
  z.object({
    type: z.literal("StopMoveDenied"),
    seq: z.number(),
    intentId: z.string(),
    code: codesOf(DENIAL_CODES),
    detail: z.string(),
  }),
  z.object({
    type: z.literal("RepriceDenied"),
    seq: z.number(),
    intentId: z.string(),
    part: z.number().optional(),
    code: codesOf(DENIAL_CODES),
    detail: z.string(),
    cause: codesOf(REFUSAL_CAUSES).optional(),
  }),
  z.object({
    type: z.literal("TradingStateChanged"),
    seq: z.number(),
    from: z.string(),
    to: z.string(),
    code: codesOf(DENIAL_CODES).nullable(),
    reason: z.string(),
  }),
]);
same<DeskEvent, typeof deskEventSchema>();

/** {@link EntryOrder} */
export const entryOrderSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("market") }),
  z.object({
    type: z.literal("limit"),
    price: z.number(),
    postOnly: z.literal(true).optional(),
  }),
  z.object({ type: z.literal("stop"), price: z.number() }),
]);
same<EntryOrder, typeof entryOrderSchema>();

/** {@link OrderIntent} */
export const orderIntentSchema = z.object({
  intentId: z.string(),
  seq: z.number(),
  side: z.enum(["buy", "sell"]),
  entry: entryOrderSchema,
  parts: z.number().optional(),
  decisionPrice: z.number().nullable().optional(),
  stopPrice: z.number(),
  targetPrice: z.number().nullable(),
  riskPct: z.number(),
  expireAfterSeq: z.number().nullable(),
  strategy: z.string(),
  reasons: z.array(z.string()),
  hedge: z.object({ side: z.enum(["buy", "sell"]), ratio: z.number() })
    .optional(),
  regime: regimeSchema.optional(),
});
same<OrderIntent, typeof orderIntentSchema>();

/** {@link DeskAction} */
export const deskActionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("submit"), intent: orderIntentSchema }),
  z.object({
    kind: z.literal("cancel"),
    intentId: z.string(),
    reason: z.string(),
  }),
  z.object({ kind: z.literal("close"), reason: z.string() }),
  z.object({
    kind: z.literal("moveStop"),
    intentId: z.string(),
    stopPrice: z.number(),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal("part"),
    intentId: z.string(),
    part: z.number(),
    entry: entryOrderSchema,
  }),
  z.object({
    kind: z.literal("reprice"),
    intentId: z.string(),
    part: z.number(),
    price: z.number(),
    reason: z.string(),
  }),
]);
same<DeskAction, typeof deskActionSchema>();
