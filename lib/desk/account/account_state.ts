import type { LedgerState } from "../../../agents/portfolio/ledger_state.ts";
import type { TradingCauses } from "../../../agents/risk/limits.ts";
import type { EquityPoint } from "../../contracts/account.ts";
import type { OpenOrder, Trade } from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type { StepFacts } from "./event_log.ts";
import type { SlippageSum } from "./slippage.ts";
import type { LiveIntent } from "./trade.ts";
import type { VenueState } from "./venue/venue_state.ts";

/** The book with what no mark tells. Amounts are texts, nothing is rounded. */
export interface BookState {
  ledger: LedgerState;
  /** Resting orders, in the order they were placed. */
  orders: readonly OpenOrder[];
  /** Intents that have an order or a position. */
  intents: readonly LiveIntent[];
  /** Ids of the latest intents with their deciding candle, oldest first. */
  knownIntents: readonly (readonly [id: string, seq: number])[];
  intentTimes: readonly EpochMs[];
  /** Ids of the latest commands, oldest first. */
  knownCommands: readonly string[];
  causes: TradingCauses;
  lossStreak: number;
  tradesHash: string;
  /** Of an account at a venue, else null. */
  venue: VenueState | null;
  /** Left out before the first fill, and by older builds. */
  slippage?: SlippageSum;
}

/** A report that the owner has not acknowledged. */
export interface ReportState {
  sequence: number;
  tradesInAll: number;
  trades: readonly Trade[];
  equity: readonly EquityPoint[];
}

/** What the owner is still to store. */
export interface OutboxState {
  sequence: number;
  acknowledged: number;
  /** Trades in all reports so far. */
  tradesIssued: number;
  unacknowledged: readonly ReportState[];
  /** Not yet in a report. */
  trades: readonly Trade[];
  points: readonly EquityPoint[];
}

/**
 * Everything that an account's records so far add up to, besides its
 * configuration and its mark: what the next segment of its journal begins with.
 */
export interface AccountState {
  /** Number of the segment that begins with it; the first one begins with none. */
  segment: number;
  /** Newest incarnation of the agent that attached; 0 for none. */
  newestEpoch: number;
  book: BookState;
  outbox: OutboxState;
  /** What has happened since the last candle, to be told with the next one; null for nothing. */
  untold: StepFacts | null;
}

/** Trades that the owner has acknowledged: earlier segments are not needed for a store that has them. */
export function acknowledgedTrades(
  { unacknowledged, tradesIssued }: OutboxState,
): number {
  const [oldest] = unacknowledged;
  return oldest === undefined
    ? tradesIssued
    : oldest.tradesInAll - oldest.trades.length;
}
