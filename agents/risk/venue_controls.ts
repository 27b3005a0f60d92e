/**
 * What the controls look at besides the books where orders go to a venue: live
 * quotes, the market's rules, what is on its way and what other agents of the
 * same key do. An account on candles has none of it. What is unknown counts as
 * a breach.
 *
 * @module
 */
import type { DenialCode, OpenOrder } from "../../lib/contracts/order.ts";
import type { EpochMs, Side } from "../../lib/contracts/primitives.ts";
import type {
  MarketKind,
  MarketRules,
  Quote,
} from "../../lib/contracts/venue.ts";
import type { Decimal, DecimalText } from "../../lib/core/decimal.ts";

/** An order of the account that is not over; the desk's `WorkingOrder` is one. */
export interface WorkingLeg {
  order: Pick<
    OpenOrder,
    "orderId" | "role" | "side" | "type" | "price" | "quantity"
  >;
  /** `unknown`: it may be at the venue or not. */
  phase: "queued" | "sending" | "unknown" | "open" | "settling";
  /** From known trades, in base currency. */
  filled: DecimalText;
}

/** A limit order that rests in the market's book. */
export interface RestingOrder {
  side: Side;
  price: DecimalText;
}

/** An entry that the account made, whatever became of it. */
export interface RecentEntry {
  at: EpochMs;
  side: Side;
  type: "limit" | "market";
  /** Of a limit order, else null. */
  price: DecimalText | null;
  quantity: DecimalText;
}

/** Sums over every account of one key, this one included; the desk's `SharedExposure` is one. */
export interface SharedControls {
  /** Positions, working and unknown entries, in quote currency; null while unknown. */
  grossNotional: DecimalText | null;
  /** Orders of the last minute before this one. */
  ordersLastMinute: number;
  /** Requests of the last minute before this one. */
  messagesLastMinute: number;
  /** Free margin or quote balance at the venue; null while unknown. */
  freeBalance: DecimalText | null;
  freeBalanceAt: EpochMs | null;
}

/** Filled in by the desk for an account at a venue, at the moment of the check. */
export interface VenueControlContext {
  /** The moment of the check, by the clock that stamps quotes and entries. */
  nowMs: EpochMs;
  market: MarketKind;
  /** Null while they are not loaded. */
  rules: MarketRules | null;
  /** Newest best prices; null before the first. */
  quote: Quote | null;
  /** What stands in the way of any entry; the desk's `EntryBlock` is one. */
  block: { code: DenialCode; detail: string } | null;
  /** What books and venue disagree on, one sentence; null for agreement. */
  drift: string | null;
  /** Held in base currency, negative for short; null while unknown. */
  positionQuantity: Decimal | null;
  /** Orders of this account that are not over. */
  working: readonly WorkingLeg[];
  /** Limit orders of other accounts of the same key in this market, where they are known. */
  keyOrders: readonly RestingOrder[];
  /** Entries of this account within the last minute, this one not included. */
  recentEntries: readonly RecentEntry[];
  /** Orders of this account that were withdrawn without a fill within the last hour. */
  cancelsLastHour: number;
  /** Orders of this account that were filled, if only in part, within the last hour. */
  fillsLastHour: number;
  shared: SharedControls;
}

/** Length of the window of cancels and fills, in milliseconds. */
export const CANCEL_RATIO_WINDOW_MS = 3_600_000;

/** Length of the window in which entries count as repeated, in milliseconds. */
export const REPEATED_ENTRY_WINDOW_MS = 60_000;

/** Within this time an order of equal content counts as a duplicate, in milliseconds. */
export const DUPLICATE_WINDOW_MS = 1_000;

/** A quote that is older, or as far in the future, is no reference, in milliseconds. */
export const QUOTE_AGE_MAX_MS = 10_000;

/** A balance that is older is not known, in milliseconds. */
export const BALANCE_AGE_MAX_MS = 120_000;
