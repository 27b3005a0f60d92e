/**
 * What the desk asks of a venue. Two things implement it: the paper venue over
 * live quotes, and exchanges through ccxt. A gateway sends once and never
 * repeats by itself; who repeats what is the desk's decision.
 *
 * @module
 */
import type { RefusalCause } from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type {
  MarketRules,
  VenueBalance,
  VenueFunding,
  VenueOrder,
  VenueOrderRequest,
  VenuePosition,
  VenueProfile,
  VenueTrade,
} from "../../contracts/venue.ts";

/**
 * What a failure means for who asked (docs/trading-model.md has the table):
 *
 * - `unknown`: the outcome is not known: time-out, reset, 5xx, unreadable answer
 * - `rate_limited`: asked too often; `retryAfterMs` says when again
 * - `clock`: our time is off; synchronise and ask again
 * - `maintenance`: the venue is closed for now
 * - `auth`: the key is wrong, revoked or lacks a right
 * - `refused`: the venue decoded the request and says no
 * - `not_found`: the venue does not know the order (yet)
 */
export type VenueErrorKind =
  | "unknown"
  | "rate_limited"
  | "clock"
  | "maintenance"
  | "auth"
  | "refused"
  | "not_found";

/** A read or a cancel that failed. `message` is one sentence without secrets. */
export class VenueError extends Error {
  override name = "VenueError";
  readonly kind: VenueErrorKind;
  /** The venue's own code, for instance `-2011`; null where it gave none. */
  readonly venueCode: string | null;
  readonly retryAfterMs: number | null;

  constructor(
    kind: VenueErrorKind,
    message: string,
    options: {
      venueCode?: string | null;
      retryAfterMs?: number | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.venueCode = options.venueCode ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/**
 * What came of sending an order. Only an answer that the venue itself decoded is
 * `rejected`; everything that may have reached it without one is `unknown`.
 */
export type CreateOutcome =
  | { kind: "accepted"; order: VenueOrder }
  | {
    kind: "rejected";
    /** Why, for the retry policy and the log. */
    errorKind: Exclude<VenueErrorKind, "unknown" | "not_found">;
    venueCode: string | null;
    detail: string;
    retryAfterMs: number | null;
    /** Finer than `errorKind`, for who decides on another attempt; left out where that says it all. */
    cause?: RefusalCause;
  }
  | { kind: "unknown"; venueCode: string | null; detail: string };

/** Names an order: by the venue's id where it is known, else by ours. */
export interface OrderRef {
  symbol: string;
  clientOrderId: string;
  venueOrderId: string | null;
  /** Stops live in another book at some venues. */
  isStop: boolean;
}

/** What a private stream tells. */
export type VenueNews =
  | { type: "order"; order: VenueOrder }
  | { type: "trade"; trade: VenueTrade }
  | { type: "position"; position: VenuePosition }
  | { type: "funding"; funding: VenueFunding }
  /**
   * The stream has begun, or begun again after `gap`: what happened before may
   * be missing, so a reconciliation is due.
   */
  | { type: "connected" }
  | { type: "disconnected"; detail: string };

/** The market that news are of; null for news of the stream itself. */
export function symbolOf(news: VenueNews): string | null {
  switch (news.type) {
    case "order":
      return news.order.symbol;
    case "trade":
      return news.trade.symbol;
    case "position":
      return news.position.symbol;
    case "funding":
      return news.funding.symbol;
    case "connected":
    case "disconnected":
      return null;
  }
}

/** Somebody who listens to an account's news. */
export interface VenueWatch {
  close(): void;
  /** Lets the stream begin anew, because it kept something to itself; all who listen are told of the break. */
  renew(): void;
}

/** Who is allowed what with a key. */
export interface KeyRights {
  canRead: boolean;
  canTrade: boolean;
  /** Null where the venue does not tell. */
  canWithdraw: boolean | null;
  /** To accounts of others; what stays within one's own is no danger. */
  canTransfer: boolean | null;
  isAddressBound: boolean | null;
}

/**
 * Waits until the next page of an answer may be asked for, which is a request
 * of its own.
 *
 * @throws {VenueError} Where it may not, or nobody waits for the answer any more.
 */
export type NextPage = () => Promise<void>;

/** A connection to one account at one venue. */
export interface VenueGateway {
  readonly profile: VenueProfile;
  /** Loads markets and clock; must have resolved before anything else. @throws {VenueError} */
  open(): Promise<void>;
  /** @throws {AppError} `MARKET_UNKNOWN` if the venue has no such market. */
  rules(symbol: string): MarketRules;
  /**
   * Sends one order, once. Bytes are handed to the socket before the first
   * await inside, wherever the venue's library allows it. Never throws for what
   * a venue or a network does.
   */
  create(request: VenueOrderRequest): Promise<CreateOutcome>;
  /** Resolves when the venue has canceled it or it was over already; the order's end is in the answer where the venue tells it. @throws {VenueError} */
  cancel(ref: OrderRef): Promise<VenueOrder | null>;
  /** @throws {VenueError} `not_found` where the venue does not know it. */
  order(ref: OrderRef): Promise<VenueOrder>;
  /** Everything open, ours and foreign; null for every market. @throws {VenueError} */
  openOrders(symbol: string | null): Promise<readonly VenueOrder[]>;
  /** Own trades from a moment on, oldest first. @throws {VenueError} */
  trades(
    query: {
      symbol: string;
      sinceAt: EpochMs;
      venueOrderId?: string;
      nextPage?: NextPage;
    },
  ): Promise<readonly VenueTrade[]>;
  /** Held in one market: of spot the total of the base currency. @throws {VenueError} */
  position(symbol: string): Promise<VenuePosition>;
  /** @throws {VenueError} */
  balances(): Promise<readonly VenueBalance[]>;
  /** Funding booked from a moment on, oldest first; empty for spot. @throws {VenueError} */
  funding(
    query: { symbol: string; sinceAt: EpochMs; nextPage?: NextPage },
  ): Promise<readonly VenueFunding[]>;
  /** Cancels all of a market at once. Also foreign orders, so only an emergency stop of the whole venue account asks for it. @throws {VenueError} */
  cancelAll(symbol: string): Promise<void>;
  /** The venue cancels everything of the account unless asked again within this time; 0 ends that. @throws {VenueError} */
  cancelAfter(timeoutMs: number): Promise<void>;
  /** Sets margin mode and leverage before the first order of a perpetual. @throws {VenueError} */
  prepare(symbol: string, options: { leverage: number }): Promise<void>;
  /** @throws {VenueError} */
  keyRights(): Promise<KeyRights>;
  /** The venue's own id of the account; null where it does not tell. @throws {VenueError} */
  accountId(): Promise<string | null>;
  /** Listens to the account's own news until `close` is called on what it returns. */
  watch(
    symbols: readonly string[],
    listener: (news: VenueNews) => void,
  ): VenueWatch;
  /** Measures the error of our clock again; left out where the venue has no clock of its own. @throws {VenueError} */
  syncClock?(): Promise<void>;
  /** Measured error of our clock against the venue's, venue − ours; null while unknown. */
  clockErrorMs(): number | null;
  close(): Promise<void>;
}

/** Orders of importance in the one rate budget of a venue and address. */
export const BUDGET_LANES = [
  "cancel",
  "protective",
  "exit",
  "entry",
  "data",
] as const;
export type BudgetLane = (typeof BUDGET_LANES)[number];

/** What a request costs and when it may go. */
export interface RateBudget {
  /** Takes the cost now and says true, or takes nothing. Never for a closed lane. */
  tryTake(lane: BudgetLane, cost: number): boolean;
  /**
   * Waits in the lane. @throws {VenueError} `rate_limited` when the lane's queue
   * is full or `deadlineMs` has passed.
   */
  take(
    lane: BudgetLane,
    cost: number,
    options?: { deadlineMs?: number },
  ): Promise<void>;
  /** The venue said to wait; nothing but nothing goes out before. */
  retryAfter(ms: number, why: string): void;
  /** Free share of the whole, 0 to 1, for metrics and the panel. */
  readonly freeShare: number;
  /** Until when the venue wants silence; null for not at all. */
  readonly silentUntilMs: number | null;
}
