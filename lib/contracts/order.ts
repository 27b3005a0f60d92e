import type { DecimalText } from "../core/decimal.ts";
import type { DenialCode, RefusalCause } from "./denials.ts";
import type { Direction, EpochMs, Side } from "./primitives.ts";
import type { MarketRegime } from "./regime.ts";

export {
  DENIAL_CAUSES,
  DENIAL_CODES,
  type DenialCode,
  REFUSAL_CAUSES,
  type RefusalCause,
} from "./denials.ts";

/** How an entry, or a part of one, reaches the market. */
export type EntryOrder =
  | { type: "market" }
  /** With `postOnly` it is refused rather than taking liquidity. */
  | { type: "limit"; price: number; postOnly?: true }
  /** A buy above or a sell below the market; a market order once the price trades there. */
  | { type: "stop"; price: number };

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
  entry: EntryOrder;
  /**
   * In how many parts the sized quantity is sent (2 to `PARTS_MAX`); left out:
   * one. Part 0 goes with the intent, later ones by `part` actions; no hedge
   * with parts.
   */
  parts?: number;
  /**
   * Price that the decision was made on: what slippage is measured against.
   * Left out where the entry's own price, or the last close, says it.
   */
  decisionPrice?: number | null;
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
  /** The market of the decision. Told, not asked for: what is done does not depend on it. */
  regime?: MarketRegime;
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
  | { kind: "moveStop"; intentId: string; stopPrice: number; reason: string }
  /**
   * Send a part of an intent, 1 up to its `parts` less 1. One that is over and
   * was not filled in full may be sent again, part 0 too: what is left of it.
   */
  | { kind: "part"; intentId: string; part: number; entry: EntryOrder }
  /**
   * Move a working limit part, part 0 of an intent without parts: it is
   * withdrawn, and what is left of it placed at the new price.
   */
  | {
    kind: "reprice";
    intentId: string;
    part: number;
    price: number;
    reason: string;
  };

/** Parts of one intent at most. */
export const PARTS_MAX = 20;

/** Roles of an order within its bracket. */
export type OrderRole = "entry" | "stop" | "target" | "close";

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
  /** Of an entry: which part of its intent; left out for 0 or the only one. */
  part?: number;
  /** Is refused rather than taking liquidity. */
  postOnly?: true;
  /** The order that it was placed instead of, at another price. */
  replaces?: string;
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
  /** Part of the intent that an entry belongs to; left out for 0 or the only one. */
  part?: number;
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
  /** The market when it was decided on; left out where nobody has told. */
  regime?: MarketRegime;
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
    /** The part that was denied; left out for part 0 and for the whole intent. */
    part?: number;
    cause?: RefusalCause;
  }
  | { type: "OrderFilled"; seq: number; fill: Fill }
  | {
    type: "OrderCanceled";
    seq: number;
    orderId: string;
    intentId: string;
    role: OrderRole;
    reason: string;
    part?: number;
    cause?: RefusalCause;
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
  /** The order stays where it was. */
  | {
    type: "RepriceDenied";
    seq: number;
    intentId: string;
    part?: number;
    code: DenialCode;
    detail: string;
    cause?: RefusalCause;
  }
  | {
    type: "TradingStateChanged";
    seq: number;
    from: string;
    to: string;
    code: DenialCode | null;
    reason: string;
  };
