/**
 * Between the account, which is deterministic and has no clock, and the driver,
 * which talks to the venue. The account records facts and asks for effects by
 * commands; the driver carries them out and comes back with reports. A command
 * is handed over only after what it rests on was written to the journal.
 *
 * @module
 */
import type { DecimalText } from "../../core/decimal.ts";
import type {
  OpenOrder,
  RefusalCause,
  VenueOrderPhase,
} from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type {
  MarketRules,
  Quote,
  VenueFunding,
  VenueOrder,
  VenueOrderRequest,
  VenueProfile,
  VenueTrade,
} from "../../contracts/venue.ts";
import type { BudgetLane, CreateOutcome } from "../../exchange/gateway/port.ts";

/** Where an order stands; see {@link VenueOrderPhase}. */
export type OrderPhase = VenueOrderPhase;

/** An order of ours that is not over. */
export interface WorkingOrder {
  order: OpenOrder;
  clientOrderId: string;
  phase: OrderPhase;
  venueOrderId: string | null;
  /** From known trades. */
  filled: DecimalText;
  /** Since when it may be at the venue; null before. */
  sentAt: EpochMs | null;
  /** A withdrawal that is wanted, with its reason; repeated until the order is over. */
  cancel: {
    reason: string;
    cause?: RefusalCause;
    /** Another order is to take its place. */
    isMove?: true;
  } | null;
}

/** What the account wants done. */
export type VenueCommand =
  /** Send it once. Its outcome comes back as a report. */
  | { type: "create"; orderId: string; request: VenueOrderRequest }
  /** It waits for the rate budget in this lane; answer with `account.venue.release` or `drop`. */
  | { type: "queue"; orderId: string; lane: BudgetLane }
  /** Withdraw it; repeated by the driver until the order is over. */
  | { type: "cancel"; orderId: string }
  /** Its outcome must be found. */
  | { type: "resolve"; orderId: string }
  /** Its trades are fewer than the venue says were filled. */
  | { type: "fetchTrades"; orderId: string }
  /** Reserve the next client order ids: the record is written; call `idsSynced` when it is on the disk. */
  | { type: "syncIds"; to: number };

/** What the driver found out. */
export type VenueReport =
  | { type: "outcome"; orderId: string; outcome: CreateOutcome }
  /** State of an order with an id of ours, from stream, query or reconciliation. */
  | { type: "order"; order: VenueOrder }
  | { type: "trade"; trade: VenueTrade }
  /** Proven: the venue never took it and never will. */
  | { type: "absent"; orderId: string; detail: string }
  /** An order with an id of ours that the journal has lost (a power cut): taken in, then withdrawn, its position closed. */
  | { type: "adopt"; order: VenueOrder; trades: readonly VenueTrade[] }
  | { type: "funding"; funding: VenueFunding }
  /** What reconciliation thinks: null for agreement, else one sentence. Drift makes the account `reducing`. */
  | { type: "drift"; detail: string | null };

/** What the account may ask at once; given to a live account, absent in a replay. */
export interface VenuePorts {
  /** What the venue can; decides where the exits of a position rest. */
  readonly profile: VenueProfile;
  /** For `SENDING`; the account has no other clock. */
  nowMs(): EpochMs;
  /** Takes the budget for one order now, or says that it has to wait. */
  tryReserve(lane: BudgetLane): boolean;
  /** Hands a command over; called after the journal's write. */
  send(command: VenueCommand): void;
  /** What stands in the way of a new entry besides the books; null for nothing. */
  entryBlock(): EntryBlock | null;
  /** The disk refuses the account's journal: what was recorded last is in memory only. */
  isJournalFailing(): boolean;
  /** Why the latest price is not one of now; null while it is. */
  priceBlock(): EntryBlock | null;
  /** What the controls need to know of the other accounts of the same key. */
  shared(): SharedExposure;
}

/** Why no entry may go out although the books would let it. */
export interface EntryBlock {
  code:
    | "RECONCILING"
    | "VENUE_UNAVAILABLE"
    | "MARKET_DATA_STALE"
    | "CLOCK_UNSYNCED"
    | "LIVE_NOT_ARMED"
    | "EMERGENCY_STOP";
  detail: string;
}

/** Sums over every account of one key, this one included. Unknown is null and counts as a breach. */
export interface SharedExposure {
  /** Positions, open and unknown entries, at the last price, in quote currency. */
  grossNotional: DecimalText | null;
  ordersLastMinute: number;
  /** Requests of any kind within the last minute. */
  messagesLastMinute: number;
  /** Free margin or quote balance at the venue. */
  freeBalance: DecimalText | null;
  freeBalanceAt: EpochMs | null;
}

/** The part of a live account that deals with a venue. `DeskAccount.venue` is one, or null in a market of candles. */
export interface VenueSide {
  readonly rules: MarketRules | null;
  /** What the books compute margin and liquidation with. */
  readonly leverage: number;
  /** Orders that are not over, oldest first. */
  workingOrders(): readonly WorkingOrder[];
  /** Whether an order waits at the desk for the price that triggers it: nothing of it is to be sent. */
  isHeld(orderId: string): boolean;
  /** Client order sequence numbers that may have been used without a record of it: ask the venue for each. */
  openIds(): readonly { clientOrderId: string }[];
  /** Funding before this is booked, or not of this account; null while that is not known. */
  readonly fundingFromAt: EpochMs | null;
  /** The venue was asked for every one of them, at a time that none can arrive after: they need not be asked for again. */
  idsAsked(): void;
  /** Takes in facts: records them and follows up by commands. Repeated reports change nothing. */
  apply(report: VenueReport): void;
  /** The budget let a queued order go: records SENDING and commands `create`. */
  release(orderId: string): void;
  /** A queued order will not go; it is withdrawn with a reason. */
  drop(orderId: string, reason: string, cause?: RefusalCause): void;
  /** Ids up to `to` are on the disk. */
  idsSynced(to: number): void;
  /** The market's rules, before the first order; journaled. */
  setRules(rules: MarketRules): void;
  /** Best prices now: for the collar, the valuation and targets that the desk holds. Not journaled. */
  quote(quote: Quote): void;
  /** Signed quantity that the books hold, for reconciliation. */
  positionQuantity(): DecimalText;
  /** The position's protection rests at the venue for the whole quantity, and nothing closes it. True without a position. */
  isProtected(): boolean;
  /** A stop rests at the venue for the whole quantity, also while it is being closed. True without a position. */
  isCovered(): boolean;
  /** What is not protected within a time is closed at the market: the driver calls this then, and again until it is closed. */
  abandonUnprotected(reason: string): void;
}
