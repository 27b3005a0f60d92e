import * as z from "zod";
import { TIMEFRAMES } from "../candle.ts";
import type { MarketUpdate } from "../market.ts";
import type {
  ControlFrame,
  StreamEnvelope,
  StreamPayloads,
  SystemEvent,
  TicketResponse,
  TradeAlert,
} from "../stream.ts";
import { agentViewSchema } from "./agent.ts";
import { backtestViewSchema } from "./backtest.ts";
import { candleSchema } from "./candle.ts";
import { lifecycleChangedSchema } from "./lifecycle.ts";
import { logEntrySchema } from "./log.ts";
import { tradeSchema } from "./order.ts";
import { same } from "./parts.ts";

/** {@link TicketResponse} */
export const ticketResponseSchema = z.object({
  ticket: z.string(),
  expiresAt: z.string(),
});
same<TicketResponse, typeof ticketResponseSchema>();

/** {@link MarketUpdate} */
export const marketUpdateSchema = z.object({
  agentId: z.string(),
  symbol: z.string(),
  timeframe: z.enum(TIMEFRAMES),
  simulated: z.boolean(),
  source: z.enum(["simulated", "replay", "exchange"]),
  candle: candleSchema,
});
same<MarketUpdate, typeof marketUpdateSchema>();

/** {@link TradeAlert} */
export const tradeAlertSchema = z.object({
  agentId: z.string(),
  agentName: z.string(),
  symbol: z.string(),
  simulated: z.boolean(),
  trade: tradeSchema,
});
same<TradeAlert, typeof tradeAlertSchema>();

/** {@link SystemEvent} */
export const systemEventSchema = z.object({
  kind: z.enum([
    "lifecycle",
    "feed",
    "venue",
    "risk",
    "store",
    "host",
    "auth",
    "emergency",
  ]),
  severity: z.enum(["info", "warning", "error"]),
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  message: z.string(),
  change: lifecycleChangedSchema.optional(),
});
same<SystemEvent, typeof systemEventSchema>();

const gone = z.object({ id: z.string() });

/** An event of a type on the wire. */
function eventOf<T extends keyof StreamPayloads, S extends z.ZodType>(
  type: T,
  data: S,
) {
  return z.object({
    v: z.literal(1),
    /** Place among the stored events; null for one that is not stored. */
    seq: z.number().nullable(),
    topic: z.string(),
    type: z.literal(type),
    /** ISO 8601. */
    at: z.string(),
    data,
  });
}

/** {@link StreamEnvelope} */
export const streamEnvelopeSchema = z.discriminatedUnion("type", [
  eventOf("agent.updated", agentViewSchema),
  eventOf("agent.removed", gone),
  eventOf("market.updated", marketUpdateSchema),
  eventOf("log.added", logEntrySchema),
  eventOf("trade.closed", tradeAlertSchema),
  eventOf("system.event", systemEventSchema),
  eventOf("backtest.updated", backtestViewSchema),
  eventOf("backtest.removed", gone),
]);
same<StreamEnvelope, typeof streamEnvelopeSchema>();

const v = z.literal(1);

/** {@link ControlFrame} */
export const controlFrameSchema = z.discriminatedUnion("type", [
  z.object({
    v,
    type: z.literal("hello"),
    seq: z.number(),
    heartbeatMs: z.number(),
  }),
  z.object({
    v,
    type: z.literal("heartbeat"),
    seq: z.number(),
    at: z.string(),
  }),
  z.object({
    v,
    type: z.literal("resync"),
    seq: z.number(),
    reason: z.string(),
  }),
  z.object({ v, type: z.literal("closing"), reason: z.string() }),
]);
same<ControlFrame, typeof controlFrameSchema>();

/** Whatever the server sends over SSE and WebSocket. */
export const streamFrameSchema = z.union([
  controlFrameSchema,
  streamEnvelopeSchema,
]);
