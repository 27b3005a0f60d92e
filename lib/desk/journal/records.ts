/**
 * What a desk journals about one account. A record is a fact; the book is the
 * fold of its records. Records come in transactions (one candle, one intent, one
 * order from a person): the last record of a transaction carries a mark, and a
 * transaction without one has had no effect outside the desk.
 *
 * @module
 */
import type { ValuationMark } from "../../../agents/portfolio/valuation.ts";
import type { TradingCauses } from "../../../agents/risk/limits.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import type {
  DenialCode,
  EntryOrder,
  Fill,
  OpenOrder,
  OrderIntent,
  RefusalCause,
} from "../../contracts/order.ts";
import type { AccountState } from "../account/account_state.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type { MarketRules } from "../../contracts/venue.ts";
import type { DecimalText } from "../../core/decimal.ts";

/** Facts that the book is folded from. */
export type BookRecord =
  /** First record of every segment of a journal: what the earlier segments add up to, or null in the first one. */
  | {
    type: "ACCOUNT";
    format: number;
    config: DeskAccountConfig;
    state: AccountState | null;
  }
  | { type: "CONFIG"; config: DeskAccountConfig }
  /** Written before the order goes to the gateway. */
  | { type: "INTENT"; intent: OrderIntent }
  /** An accepted order; `riskAmount` is the money lost at the stop, for an entry. */
  | {
    type: "ORDER";
    order: OpenOrder;
    riskAmount: DecimalText | null;
    /** Of an order for a venue. */
    clientOrderId?: string;
    /** With the first order of an intent in parts: what all are sized to, and each but the last. */
    parent?: { quantity: DecimalText; even: DecimalText };
    /** Last price, where nothing else says what an entry was decided on. */
    lastPrice?: number;
  }
  /** `part` where the intent stays as it is. */
  | {
    type: "DENIED";
    intentId: string;
    code: DenialCode;
    detail: string;
    part?: number;
  }
  | PartRecord
  /** A stop that was not moved; the position and its intent stay as they are. */
  | { type: "MOVE_DENIED"; intentId: string; code: DenialCode; detail: string }
  | { type: "FILL"; fill: Fill }
  /** Funding of the open position up to `at`: `amount` was paid (positive) or received at `price`. */
  | {
    type: "FUNDING";
    at: EpochMs;
    /** Null where the venue tells the amount alone. */
    price: DecimalText | null;
    amount: DecimalText;
    /** The venue's own id, so that it is booked once. */
    fundingId?: string;
  }
  | { type: "CANCEL"; orderId: string; reason: string; cause?: RefusalCause }
  | { type: "STATE"; causes: TradingCauses; reason: string }
  | { type: "ENTRIES"; allowed: boolean; reason: string }
  /** `commandId` is the owner's, so that a repeated command changes nothing; null in journals that are older than it. */
  | { type: "REARM"; reason: string; commandId: string | null }
  /** Only its mark matters. */
  | { type: "MARK" }
  | VenueRecord;

/** Facts of an intent that has more than one entry order. */
export type PartRecord =
  /** A part is wanted, decided on candle `decidedSeq`; its order or its denial follows. */
  | { type: "PART"; intentId: string; part: number; decidedSeq: number }
  /** The order of a part is to be at another price: it goes, and another one for what is left of it comes. */
  | {
    type: "REPRICE";
    intentId: string;
    part: number;
    entry: EntryOrder;
    decidedSeq: number;
    reason: string;
  }
  /** The order stays where it is. */
  | {
    type: "REPRICE_DENIED";
    intentId: string;
    part: number;
    code: DenialCode;
    detail: string;
  }
  /** Its order is over, and no other one takes its place. */
  | {
    type: "PART_OVER";
    intentId: string;
    part: number;
    reason: string;
    cause: RefusalCause;
  }
  /** Nothing more is sent for the intent. */
  | {
    type: "PARENT_OVER";
    intentId: string;
    reason: string;
    cause: RefusalCause;
  };

/** Facts of an account whose orders go to a venue. */
export type VenueRecord =
  /** Sequence numbers `from` up to but not with `to` may be used once this is on the disk. */
  | { type: "IDS"; epoch: number; from: number; to: number }
  /** Every id of earlier epochs that has no record was asked for at the venue. */
  | { type: "IDS_ASKED" }
  | { type: "RULES"; rules: MarketRules }
  /** Written before the order leaves the desk: from here on it may be at the venue. */
  | {
    type: "SENDING";
    orderId: string;
    at: EpochMs;
    recvWindowMs: number | null;
  }
  /** What the venue said of an order, or what was found out; `over` with what it filled in all. */
  | {
    type: "VENUE";
    orderId: string;
    outcome: "accepted" | "rejected" | "unknown" | "absent" | "over";
    venueOrderId: string | null;
    /** The venue's code, or the kind of refusal; null for none. */
    code: string | null;
    detail: string;
    at: EpochMs;
    filled: DecimalText | null;
    /** Class of a refusal, for the agent. */
    cause?: RefusalCause;
  }
  /** A withdrawal is wanted and repeated until the order is over. */
  | {
    type: "CANCELING";
    orderId: string;
    reason: string;
    cause?: RefusalCause;
    /** Another order is to take its place. */
    isMove?: true;
  }
  /** An order at the venue that the journal has no working order for; `intent` where it has no intent either. */
  | {
    type: "ADOPT";
    order: OpenOrder;
    clientOrderId: string;
    venueOrderId: string;
    intent: OrderIntent | null;
    at: EpochMs;
  }
  /** Where the stop of a position belongs from now on; decided on candle `decidedSeq`. */
  | {
    type: "STOP";
    intentId: string;
    stopPrice: number;
    decidedSeq: number;
    reason: string;
  }
  /** The account is to be flat: it withdraws its entries and closes what it holds. */
  | { type: "CLOSING"; role: "close" | "target"; reason: string }
  /** That wish is given up. */
  | { type: "CLOSING_ENDED"; reason: string }
  /** What is left of a position is too small to be sold and is given up. */
  | {
    type: "WRITE_OFF";
    quantity: DecimalText;
    /** Last known price, for the record alone: the rest counts as lost. */
    price: DecimalText;
    seq: number;
    at: EpochMs;
    reason: string;
  };

/** Facts about the desk's neighbours; they change no money and need no mark. */
export type LinkRecord =
  /** An agent's incarnation attached; earlier ones may not trade from now on. */
  | { type: "ATTACHED"; epoch: number; decidedSeq: number }
  /** Report `sequence` holds the next `trades` trades and `points` equity points; all up to `acknowledged` are stored. */
  | {
    type: "REPORT";
    sequence: number;
    trades: number;
    points: number;
    acknowledged: number;
  }
  /** Reports up to `sequence` are stored; written where they held trades. */
  | { type: "ACKNOWLEDGED"; sequence: number }
  /** The lines from here on are of this format: a newer build goes on with an older journal. */
  | { type: "FORMAT"; format: number };

export type DeskRecord = BookRecord | LinkRecord;

/** State at the end of a transaction that no other record tells. */
export interface BookMark extends ValuationMark {
  /** Last processed candle; `startSeq − 1` before the first. */
  seq: number;
  /** Its market time. */
  at: EpochMs | null;
  /** Cash and number of trades, against which a fold proves itself. */
  cash: DecimalText;
  trades: number;
  /** Equity, where this mark is a point of the equity curve. */
  equity?: DecimalText;
}

/** A record with its place. */
export interface JournalEntry {
  /** Last processed candle when it was written (during a step: the candle being processed). */
  seq: number;
  /** The step in whose message the agent is told. */
  toldSeq: number;
  record: DeskRecord;
  /** Present on the last record of a transaction. */
  mark?: BookMark;
}

/** Where entries go before anything follows from them. */
export interface JournalSink {
  /** Takes entries in order; what follows from them leaves the desk only when they are written. */
  append(entries: readonly JournalEntry[]): void;
  /** The controls have given their verdict over an order; for who measures. */
  verdict?(): void;
}

const PART_RECORDS: ReadonlySet<DeskRecord["type"]> = new Set<
  PartRecord["type"]
>(["PART", "REPRICE", "REPRICE_DENIED", "PART_OVER", "PARENT_OVER"]);

/** Tells whether a record is one of an intent with more than one entry order. */
export function isPartRecord(record: DeskRecord): record is PartRecord {
  return PART_RECORDS.has(record.type);
}

/** Tells whether a record belongs to the book. */
export function isBookRecord(record: DeskRecord): record is BookRecord {
  return record.type !== "ATTACHED" && record.type !== "REPORT" &&
    record.type !== "ACKNOWLEDGED" && record.type !== "FORMAT";
}
