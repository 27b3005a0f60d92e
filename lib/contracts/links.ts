/**
 * Messages between feed, desk and agent. One step of the market is: the feed
 * sends candle n to desk and agent; the desk matches resting orders against it
 * and sends `stepped n`; the agent joins candle n with `stepped n`, decides,
 * and sends `decided n`; the desk places what was decided, live from candle
 * n + 1, and may then process candle n + 1. The order is the same whatever the
 * speed, so a replay and a backtest agree trade by trade.
 *
 * @module
 */
import type { AccountView } from "./account.ts";
import type { DeskAction, DeskEvent } from "./order.ts";
import type { Quote } from "./venue.ts";

/** Consumer → feed: send candles from `fromSeq` on. Sent once after each opening of the link. */
export interface SubscribeCandles {
  type: "subscribe";
  fromSeq: number;
  /**
   * How many candles the consumer will hold that it has not said are consumed.
   * Left out where the link's credit already says so, because the consumer
   * keeps each batch until it is done with it.
   */
  windowCandles?: number;
  /** Best prices are wanted, too; only an exchange's market has them. */
  wantsQuotes?: boolean;
}

/** Consumer → feed, with a window: every candle up to `seq` is done with. */
export interface CandlesConsumed {
  type: "consumed";
  seq: number;
}

/** Feed → consumer: one or more closed candles, packed by CANDLE_COLUMNS. */
export interface CandleBatch {
  type: "candles";
  fromSeq: number;
  count: number;
  packed: Float64Array;
  /** The same candles of the second market, packed by HEDGE_COLUMNS; left out where there is none. */
  hedge?: Float64Array;
}

/** Feed → consumer: a replay file has no further candle. */
export interface FeedEnded {
  type: "ended";
  lastSeq: number;
}

/** Feed → consumer that asked for quotes: best prices now; only the latest waits. */
export interface QuoteMessage {
  type: "quote";
  quote: Quote;
}

/** Feed → consumer of an exchange's market: nothing comes from there, or it comes again (null). */
export interface FeedStale {
  type: "stale";
  detail: string | null;
}

export type FeedMessage = CandleBatch | FeedEnded | QuoteMessage | FeedStale;

/** Agent → desk, first message on the link: everything up to this candle is decided (−1 = nothing yet). */
export interface AgentAttached {
  type: "attached";
  decidedSeq: number;
}

/** Agent → desk: what the agent wants after deciding on candle `seq`. */
export interface AgentDecided {
  type: "decided";
  seq: number;
  actions: readonly DeskAction[];
  /** When it left the agent's worker: epoch ms with fractions; for the measured latency alone. */
  sentAtMs?: number;
}

/**
 * Agent → desk, in real time only: what it wants now, after `seq` was decided
 * and before the next candle. It is carried out for the candle the market is
 * at. In lockstep it is denied: there everything hangs on the candle alone.
 */
export interface AgentActed {
  type: "acted";
  /** Last decided candle. */
  seq: number;
  actions: readonly DeskAction[];
  /** When it left the agent's worker: epoch ms with fractions; for the measured latency alone. */
  sentAtMs?: number;
}

export type AgentToDesk = AgentAttached | AgentDecided | AgentActed;

/** Desk → agent: candle `seq` is processed; events since the last step, and the book that matters to a decision. */
export interface DeskStepped {
  type: "stepped";
  seq: number;
  events: readonly DeskEvent[];
  equity: string | null;
  hasPosition: boolean;
  tradingState: AccountView["tradingState"];
}

export type DeskToAgent = DeskStepped;

/** Names of the links, one place for all. */
export const LINKS = {
  /** On the agent: its candles. */
  feed: "feed",
  /** On the agent: its desk. */
  desk: "desk",
  /** On a decision engine: the inference worker. */
  inference: "inference",
  /** On feed, desk and inference worker, per agent. */
  candlesOf: (agentId: string) => `candles:${agentId}`,
  agentOf: (agentId: string) => `agent:${agentId}`,
  /** On an agent that listens: the agent whose signals come. */
  sourceOf: (agentId: string) => `source:${agentId}`,
  /** On the agent that is listened to. */
  listenerOf: (agentId: string) => `listener:${agentId}`,
} as const;

const SOURCE_PREFIX = LINKS.sourceOf("");
const LISTENER_PREFIX = LINKS.listenerOf("");

/** The agent at the other end of a link of signals that come; null for another link. */
export function sourceOfLink(link: string): string | null {
  return link.startsWith(SOURCE_PREFIX)
    ? link.slice(SOURCE_PREFIX.length)
    : null;
}

/** The agent at the other end of a link of signals that go; null for another link. */
export function listenerOfLink(link: string): string | null {
  return link.startsWith(LISTENER_PREFIX)
    ? link.slice(LISTENER_PREFIX.length)
    : null;
}
