import type {
  OpenOrder,
  OrderRole,
  RefusalCause,
} from "../../../contracts/order.ts";
import type { EpochMs, Side } from "../../../contracts/primitives.ts";
import type { MarketRules } from "../../../contracts/venue.ts";
import type { DecimalText } from "../../../core/decimal.ts";
import type { WorkingOrder } from "../../venue/port.ts";

/** A working order with what is known of it beyond what others need. */
export interface PlacedOrder extends WorkingOrder {
  /** What the venue says was filled in all when it was over; null before. */
  overFilled: DecimalText | null;
  /** How it ended there. */
  overReason: string | null;
  /** Its class, where the venue ended it by itself for a reason that is known. */
  overCause?: RefusalCause;
  /** Ids of its trades, oldest first. */
  tradeIds: readonly string[];
}

/** How an order ended. */
export type OrderEnd = "filled" | "canceled" | "rejected" | "absent";

/** An order that is over, kept a while for what comes late. */
export interface EndedOrder {
  order: OpenOrder;
  clientOrderId: string;
  venueOrderId: string | null;
  filled: DecimalText;
  tradeIds: readonly string[];
  end: OrderEnd;
}

/** Sequence numbers `from` up to but not with `to`. */
export interface IdBlock {
  epoch: number;
  from: number;
  to: number;
}

/** An entry that was sent lately, for the controls. */
export interface SentEntry {
  at: EpochMs;
  side: Side;
  type: "limit" | "market";
  price: DecimalText | null;
  quantity: DecimalText;
}

/** A wish to be flat, which holds until the account is. */
export interface Closing {
  /** Role of the orders that close. */
  role: Extract<OrderRole, "close" | "target">;
  reason: string;
}

/** What the records of an account at a venue add up to besides its ledger. */
export interface VenueState {
  rules: MarketRules | null;
  working: readonly PlacedOrder[];
  /** Oldest first. */
  ended: readonly EndedOrder[];
  /** Epoch of the newest block of ids; 0 before the first. */
  epoch: number;
  /** Next sequence number, and the end of what is reserved. */
  nextId: number;
  idsTo: number;
  /** Ids of earlier epochs that may have been used without a record. */
  openBlocks: readonly IdBlock[];
  closing: Closing | null;
  fundingIds: readonly string[];
  /**
   * Funding of an earlier time is not of this account, or was booked long ago;
   * null before the first fill. Left out by builds that did not keep it.
   */
  fundingFromAt?: EpochMs | null;
  sentEntries: readonly SentEntry[];
  canceledAts: readonly EpochMs[];
  filledAts: readonly EpochMs[];
}

/** The state of a new account. */
export const EMPTY_VENUE_STATE: VenueState = {
  rules: null,
  working: [],
  ended: [],
  epoch: 0,
  nextId: 0,
  idsTo: 0,
  openBlocks: [],
  closing: null,
  fundingIds: [],
  fundingFromAt: null,
  sentEntries: [],
  canceledAts: [],
  filledAts: [],
};
