import type { DecimalText } from "../core/decimal.ts";
import type { TradingState } from "./lifecycle.ts";
import type { OpenOrder, Trade, VenueOrderPhase } from "./order.ts";
import type { Direction, EpochMs } from "./primitives.ts";

/** An open position of one agent. */
export interface PositionView {
  direction: Direction;
  quantity: DecimalText;
  entryPrice: DecimalText;
  entryAt: EpochMs;
  /** Close of the last candle, or null while none was seen. */
  markPrice: DecimalText | null;
  unrealizedPnl: DecimalText | null;
  stopPrice: DecimalText | null;
  targetPrice: DecimalText | null;
  strategy: string;
  /** At a venue: whether a stop rests there for all of it. */
  isProtected?: boolean;
  /** The second leg of a pair, held the other way round. */
  hedge?: {
    quantity: DecimalText;
    entryPrice: DecimalText;
    markPrice: DecimalText | null;
  };
}

/** An open order of an account. What is optional is there for an order at a venue. */
export interface OpenOrderView extends OpenOrder {
  phase?: VenueOrderPhase;
  /** In base currency. */
  filled?: DecimalText;
  clientOrderId?: string;
  venueOrderId?: string | null;
  /** Why it is being withdrawn; null where it is not. */
  cancelReason?: string | null;
}

/** One agent's book at the desk. Amounts are in quote currency; unknown is null. */
export interface AccountView {
  tradingState: TradingState;
  /** Why trading is not active, or null. */
  tradingStateReason: string | null;
  initialCapital: DecimalText;
  cash: DecimalText;
  equity: DecimalText | null;
  realizedPnl: DecimalText;
  unrealizedPnl: DecimalText | null;
  /** Since 00:00 UTC of market time. */
  dayPnl: DecimalText | null;
  feesPaid: DecimalText;
  /** Paid (positive) or received; left out in views of older builds. */
  fundingPaid?: DecimalText;
  /**
   * How much worse than their decisions entries were filled, in basis points of
   * the decision's price; the mean is null before the first fill. Left out in
   * views of older builds.
   */
  slippage?: { fills: number; meanBp: number | null };
  /** Below the highest equity, as a positive percentage. */
  drawdownPct: number | null;
  maxDrawdownPct: number;
  trades: number;
  wins: number;
  losses: number;
  /**
   * The breaker of losing trades: how many were lost in a row, and why it is
   * open; null where it is closed. Left out in views of older builds.
   */
  breaker?: { lossesInARow: number; reason: string | null };
  /** Hash over all closed trades in order; equal runs have equal hashes. */
  tradesHash: string;
  position: PositionView | null;
  openOrders: readonly OpenOrderView[];
  /** Last candle the desk has processed, or −1. */
  seq: number;
  marketAt: EpochMs | null;
}

/** Whether nothing of an account is at its market: no position, and no order that is not over. */
export function isFlat(
  { position, openOrders }: Pick<AccountView, "position" | "openOrders">,
): boolean {
  return position === null && openOrders.length === 0;
}

/** A point of the equity curve. */
export interface EquityPoint {
  seq: number;
  at: EpochMs;
  equity: DecimalText;
}

/** What the desk reports to the owner about one agent. */
export interface DeskReport {
  kind: "desk";
  agentId: string;
  /**
   * Outbox number of a report that must be stored, per account ascending without
   * holes; acknowledged when it is. Null where there is nothing to store but the
   * account as it is now: it may be lost.
   */
  sequence: number | null;
  /** Requests to the venue that its orders caused since the desk opened the account; left out where there is no venue. */
  requests?: number;
  account: AccountView;
  trades: readonly Trade[];
  equity: readonly EquityPoint[];
}

/**
 * The disk takes an account's journal no longer, or takes it again. Meanwhile
 * the account takes no new risk; what it still does waits in memory and is
 * written first when the disk is back.
 */
export interface DeskJournalReport {
  kind: "desk_journal";
  agentId: string;
  isFailing: boolean;
  /**
   * What the disk said, or why the journal is refused; empty when it is back.
   * With `isFailing` false and a text it is a warning: the account goes on, but
   * its journal and the store do not agree.
   */
  detail: string;
}

/** Things at a venue that a person should see. */
export const VENUE_ALERTS = {
  VENUE_AUTH: "The venue does not take the key any more",
  VENUE_MAINTENANCE: "The venue is closed for maintenance",
  VENUE_UNREACHABLE: "The market could not be opened at the venue",
  ORDER_UNPROVEN:
    "An order's outcome is unknown, and nothing proves that it never comes",
  ORDER_ADOPTED:
    "An order of ours that was on no record was found and taken in",
  POSITION_UNPROTECTED: "A position was without its stop for too long",
  POSITION_DRIFT: "The venue holds something else than the books",
  QUIESCE_UNFINISHED: "A stop ended with something left at the venue",
} as const;
export type VenueAlertCode = keyof typeof VENUE_ALERTS;

/** Desk → owner: something at a venue that a person should see, once when it begins and, where it lasts, once with an empty `detail` when it is over. */
export interface DeskVenueReport {
  kind: "desk_venue";
  code: VenueAlertCode;
  /** Null where it concerns every account of a key. */
  agentId: string | null;
  /** What it is, in words for people; empty when it is over. */
  detail: string;
}
