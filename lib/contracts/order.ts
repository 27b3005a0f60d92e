import type { DecimalText } from "../core/decimal.ts";
import type { Direction, EpochMs, Side } from "./primitives.ts";

/**
 * What an agent wants done: an entry with its protection. The desk sizes it,
 * checks it and may deny it. `intentId` is `<seq>.<n>` (deciding candle, n-th
 * decision on it), so a re-run of the same decision has the same id.
 */
export interface OrderIntent {
  intentId: string;
  /** Deciding candle. */
  seq: number;
  side: Side;
  entry: { type: "limit"; price: number } | { type: "market" };
  /**
   * Protective stop; every entry has one. With a hedge it is the price at an
   * unchanged second market, see {@link HedgeLeg}.
   */
  stopPrice: number;
  /** Null where no target is set: the position ends at its stop or by a later decision. */
  targetPrice: number | null;
  /** Part of equity lost at the stop. */
  riskPct: number;
  /** The order is withdrawn when this candle has closed without a fill; null = never. */
  expireAfterSeq: number | null;
  strategy: string;
  /** Why, in plain words, most important first. */
  reasons: readonly string[];
  /** The second leg of a pair: entries at the market only, without a target. */
  hedge?: {
    /** The other side than that of the first leg. */
    side: Side;
    /** Units of the second market for each unit of the first. */
    ratio: number;
  };
}

/**
 * The second leg of an order. A stop with a hedge is one on the value of the
 * pair, A − ratio × B: it is looked at when a candle has closed, because the
 * path of two markets within a candle is not known, and executed at the next
 * open. It is reached where A − ratio × B is where it would be at the order's
 * price and `reference`.
 */
export interface HedgeLeg {
  side: Side;
  quantity: DecimalText;
  /** Close of the second market that the decision was made on. */
  reference: DecimalText;
}

/** The second leg of a fill. */
export interface HedgeFill {
  side: Side;
  price: DecimalText;
  quantity: DecimalText;
  /** In quote currency. */
  fee: DecimalText;
}

/** What an agent asks of its desk after deciding on one candle. */
export type DeskAction =
  | { kind: "submit"; intent: OrderIntent }
  /** Withdraw an entry that has not been filled. */
  | { kind: "cancel"; intentId: string; reason: string }
  /** Close the whole position at market. */
  | { kind: "close"; reason: string }
  /**
   * Move the stop of the intent's position, in its favour only; live from the
   * next candle. Once for each decision.
   */
  | { kind: "moveStop"; intentId: string; stopPrice: number; reason: string };

/** Roles of an order within its bracket. */
export type OrderRole = "entry" | "stop" | "target" | "close";

/** Why the desk denied an intent. The table in the docs is generated from here. */
export const DENIAL_CODES = {
  EPOCH_STALE: "The order came from an earlier incarnation of the agent",
  INTENT_DUPLICATE: "An order with this intent id is known already",
  INTENT_LATE: "The market has moved past the candle the decision was made on",
  AGENT_NOT_RUNNING: "The agent is paused or stopping: it opens no positions",
  TRADING_REDUCING: "Only orders that reduce the position are allowed now",
  TRADING_HALTED: "Trading is halted for this agent",
  ORDER_INVALID: "A price or size is missing, not finite or not positive",
  STOP_WRONG_SIDE: "The stop is not on the losing side of the entry",
  TARGET_WRONG_SIDE: "The target is not on the winning side of the entry",
  STOP_NOT_FAVOURABLE: "A stop may only be moved in the position's favour",
  PRICE_COLLAR: "The price is too far from the last close or from the quote",
  REFERENCE_PRICE_MISSING:
    "No market price is known to check the order against",
  HEDGE_INVALID: "The second leg does not fit the order",
  HEDGE_PRICE_MISSING: "No price of the second market is known",
  SIZE_BELOW_MINIMUM:
    "The position would be smaller than the smallest order of the market",
  POSITION_EXISTS: "The agent holds a position in this market already",
  OPEN_ORDERS_LIMIT: "The agent has as many open orders as it may have",
  ORDER_RATE_LIMIT: "The agent sent more orders within a minute than it may",
  CAPITAL_EXCEEDED: "The margin is more than the free capital",
  LEVERAGE_EXCEEDED: "The exposure is more than the leverage limit allows",
  LIQUIDATION_TOO_NEAR: "The position would be liquidated before its stop",
  DAILY_LOSS_LIMIT: "The daily loss limit is reached",
  DRAWDOWN_LIMIT: "The drawdown limit is reached",
  BREAKER_OPEN:
    "The circuit breaker is open after too many losing trades in a row",
  EQUITY_UNKNOWN: "The equity is unknown, which counts as a reached limit",
  ORDER_NOTIONAL_LIMIT: "The order is worth more than one order may be",
  ORDER_QUANTITY_LIMIT: "The order is larger than one order may be",
  POSITION_LIMIT:
    "Position and working entries together would be worth more than they may be",
  GROSS_EXPOSURE_LIMIT:
    "The exposure of the agent, or of all agents of one key, would be more than it may be, or is unknown",
  BALANCE_INSUFFICIENT:
    "The free balance at the venue is too small, too old or unknown",
  ACCOUNT_ORDER_RATE_LIMIT:
    "All agents of one key sent more orders within a minute than they may",
  MESSAGE_RATE_LIMIT:
    "All agents of one key sent more requests within a minute than they may",
  CANCEL_RATIO_LIMIT:
    "The agent withdrew more orders for each fill within an hour than it may",
  REPEATED_ENTRY_LIMIT:
    "The agent repeated an entry on the same side more often within a minute than it may",
  ORDER_DUPLICATE: "An equal order was made within the last second",
  PARENT_EXCEEDED: "More would be sent for a decision than it was sized to",
  SELF_MATCH: "The order would trade with a resting order of the same key",
  REDUCE_ONLY_INVALID: "An order that may only reduce would not reduce",
  PRECISION_INVALID:
    "A price or quantity does not keep to the steps and minimums of the market",
  SIZE_ABOVE_MAXIMUM: "The order is larger than the market allows",
  SYMBOL_NOT_ALLOWED: "The order is for another market than the account's",
  REFERENCE_PRICE_STALE: "No fresh quote is known to check the order against",
  MARKET_DATA_STALE: "The market has been silent for too long",
  CLOCK_UNSYNCED: "Our clock is not known to agree with that of the venue",
  OUTCOME_UNKNOWN:
    "The outcome of an earlier order is not known yet, so nothing new is entered",
  RECONCILING: "The books are being compared with those of the venue",
  DRIFT: "The books and the venue disagree",
  VENUE_UNAVAILABLE: "The venue cannot be reached or is closed",
  LIVE_NOT_ARMED: "Live trading is not armed for this agent",
  EMERGENCY_STOP: "An emergency stop is in force; release it first",
  JOURNAL_UNAVAILABLE:
    "The disk does not take the desk's journal, so nothing new can be kept",
  STORE_UNAVAILABLE:
    "The platform's store takes no records, so nothing new is begun",
} as const;
export type DenialCode = keyof typeof DENIAL_CODES;

/** An open order as the desk sees it. */
export interface OpenOrder {
  orderId: string;
  intentId: string;
  role: OrderRole;
  side: Side;
  type: "limit" | "market" | "stop";
  /** Limit or trigger price; null for a market order. */
  price: DecimalText | null;
  quantity: DecimalText;
  reduceOnly: boolean;
  placedSeq: number;
  expireAfterSeq: number | null;
  /** How much later than the next candle it arrives, where there is latency. */
  delay?: {
    candles: number;
    /** Part of the first live candle that is over when it arrives; 0 to below 1. */
    share: number;
  };
  hedge?: HedgeLeg;
}

/**
 * Where an order at a venue stands:
 *
 * - `queued`: journaled; nothing of it has left the desk
 * - `sending`: SENDING is journaled; it may be at the venue
 * - `unknown`: its outcome is not known; it counts as exposure, is never sent
 *   again, and is looked for until it is found or proven absent
 * - `open`: the venue has it
 * - `settling`: it is over at the venue, with fills that are not here yet
 */
export type VenueOrderPhase =
  | "queued"
  | "sending"
  | "unknown"
  | "open"
  | "settling";

/** One execution. */
export interface Fill {
  /** Unique per account; a fill with a known id changes nothing. */
  fillId: string;
  orderId: string;
  intentId: string;
  role: OrderRole;
  side: Side;
  price: DecimalText;
  quantity: DecimalText;
  /** In quote currency, positive = paid. */
  fee: DecimalText;
  liquidity: "maker" | "taker";
  seq: number;
  at: EpochMs;
  /** The venue did not tell the fee in a currency of the market: it is computed from the rates. */
  feeIsEstimate?: true;
  /** What was traded, where a fee in base currency makes `quantity` differ from it. */
  tradedQuantity?: DecimalText;
  /** Filled together with the first leg, or not at all. */
  hedge?: HedgeFill;
}

/** A closed round trip, fees included. */
export interface Trade {
  tradeId: string;
  intentId: string;
  strategy: string;
  direction: Direction;
  quantity: DecimalText;
  entryPrice: DecimalText;
  entrySeq: number;
  entryAt: EpochMs;
  exitPrice: DecimalText;
  exitSeq: number;
  exitAt: EpochMs;
  exitRole: OrderRole;
  /** In quote currency, after fees and funding. */
  netPnl: DecimalText;
  fees: DecimalText;
  /** Paid (positive) or received while it was open; left out where there was none. */
  funding?: DecimalText;
  /** Net result as a multiple of the money at risk at entry. */
  resultR: DecimalText;
  reasons: readonly string[];
  /** The second leg, held the other way round; results and fees are those of both. */
  hedge?: {
    quantity: DecimalText;
    entryPrice: DecimalText;
    exitPrice: DecimalText;
  };
}

/** What the desk tells the agent (and the owner) happened. Past tense, in order. */
export type DeskEvent =
  | { type: "OrderAccepted"; seq: number; order: OpenOrder }
  | {
    type: "OrderDenied";
    seq: number;
    intentId: string;
    code: DenialCode;
    /** One sentence with the figures. */
    detail: string;
  }
  | { type: "OrderFilled"; seq: number; fill: Fill }
  | {
    type: "OrderCanceled";
    seq: number;
    orderId: string;
    intentId: string;
    role: OrderRole;
    reason: string;
  }
  | { type: "PositionClosed"; seq: number; trade: Trade }
  /** The stop stays where it was. */
  | {
    type: "StopMoveDenied";
    seq: number;
    intentId: string;
    code: DenialCode;
    detail: string;
  }
  | {
    type: "TradingStateChanged";
    seq: number;
    from: string;
    to: string;
    code: DenialCode | null;
    reason: string;
  };
