import * as z from "zod";
import type { AgentView } from "./agent.ts";
import type { BacktestView } from "./backtest.ts";
import type { LifecycleChanged } from "./lifecycle.ts";
import type { LogEntry } from "./log.ts";
import type { MarketUpdate } from "./market.ts";
import type { Trade } from "./order.ts";

/** Version of the envelope. */
export const STREAM_VERSION = 1;

/** A trade as it is announced. */
export interface TradeAlert {
  agentId: string;
  agentName: string;
  symbol: string;
  simulated: boolean;
  trade: Trade;
}

/** Something that concerns the platform or one agent's life. */
export interface SystemEvent {
  kind:
    | "lifecycle"
    | "feed"
    | "venue"
    | "risk"
    | "store"
    | "host"
    | "auth"
    | "emergency";
  severity: "info" | "warning" | "error";
  agentId: string | null;
  agentName: string | null;
  message: string;
  change?: LifecycleChanged;
}

/** Types of events by topic family. A removal carries only the id. */
export interface StreamPayloads {
  "agent.updated": AgentView;
  "agent.removed": { id: string };
  "market.updated": MarketUpdate;
  "log.added": LogEntry;
  "trade.closed": TradeAlert;
  "system.event": SystemEvent;
  "backtest.updated": BacktestView;
  "backtest.removed": { id: string };
}
export type StreamType = keyof StreamPayloads;

/** Types of events that are not stored: only the newest of each subject matters. */
export type VolatileType =
  | "market.updated"
  | "backtest.updated"
  | "backtest.removed";

/** Topics that only those get who ask for them. */
export const ASKED_TOPICS = ["market:update", "backtest:update"] as const;

/**
 * One event on the wire. `seq` is the place in the one order of stored events
 * and is what a client resumes from; it is null for a {@link VolatileType},
 * which is not stored: who was away asks for the state again.
 */
export type StreamEnvelope = {
  [Type in StreamType]: {
    v: typeof STREAM_VERSION;
    seq: number | null;
    topic: string;
    type: Type;
    /** ISO 8601. */
    at: string;
    data: StreamPayloads[Type];
  };
}[StreamType];

/** Frames that are about the stream itself. */
export type ControlFrame =
  /** First frame: where the stream stands. */
  | { v: 1; type: "hello"; seq: number; heartbeatMs: number }
  | { v: 1; type: "heartbeat"; seq: number; at: string }
  /** Events after `after` are no longer kept: fetch the state again and go on from `seq`. */
  | { v: 1; type: "resync"; seq: number; reason: string }
  /** The server closes this stream and says why. */
  | { v: 1; type: "closing"; reason: string };

/** Topics a client may subscribe to; `{id}` is an agent id. */
export const TOPIC_PATTERN =
  /^(agent:update|market:update|backtest:update|logs:all|trade:alert|system:event|logs:agt_[0-9A-Z]{26}|trades:agt_[0-9A-Z]{26})$/;

/** Comma-separated topics of a subscription; none = all but `market:update` and `backtest:update`. */
export const topicsSchema = z.string().optional().transform((text, context) => {
  if (text === undefined || text === "") return undefined;
  const topics = text.split(",");
  const wrong = topics.find((topic) => !TOPIC_PATTERN.test(topic));
  if (wrong !== undefined) {
    context.addIssue({
      code: "custom",
      message:
        `Unknown topic "${wrong}": choose from agent:update, market:update, backtest:update, ` +
        "logs:all, logs:{agentId}, trade:alert, trades:{agentId}, system:event",
    });
    return z.NEVER;
  }
  return topics;
});

/** First frame of a socket that was opened without a login; its ticket comes from `POST /api/socket/ticket`. */
export const ticketFrameSchema = z.strictObject({
  type: z.literal("ticket"),
  ticket: z.string().max(100),
});

/** {@link ticketFrameSchema} */
export type TicketFrame = z.infer<typeof ticketFrameSchema>;

/** Answer of `POST /api/socket/ticket`. */
export interface TicketResponse {
  ticket: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** First frame of a WebSocket client, and every later change of its topics. */
export const subscribeFrameSchema = z.strictObject({
  type: z.literal("subscribe"),
  topics: z.array(z.string().regex(TOPIC_PATTERN)).max(50),
  after: z.int().min(0).optional(),
});
export type SubscribeFrame = z.infer<typeof subscribeFrameSchema>;

/** Tells which topics an event belongs to: a log line goes to `logs:all` and `logs:{id}`. */
export function topicsOf(
  type: StreamType,
  agentId: string | null,
): readonly string[] {
  switch (type) {
    case "agent.updated":
    case "agent.removed":
      return ["agent:update"];
    case "market.updated":
      return ["market:update"];
    case "log.added":
      return agentId === null ? ["logs:all"] : ["logs:all", `logs:${agentId}`];
    case "trade.closed":
      return agentId === null
        ? ["trade:alert"]
        : ["trade:alert", `trades:${agentId}`];
    case "system.event":
      return ["system:event"];
    case "backtest.updated":
    case "backtest.removed":
      return ["backtest:update"];
  }
}
