import type { VenueOrderRequest, VenueProfile } from "../../contracts/venue.ts";
import type { KeyRights, OrderRef, VenueErrorKind } from "../gateway/port.ts";
import type { CcxtExchange, CcxtParams, CcxtRecord } from "./library.ts";

/**
 * What a venue's own code means. `duplicate` is an order id that the venue has
 * already: it may be ours, from a request whose answer was lost.
 */
export type CodeMeaning = VenueErrorKind | "duplicate";

/** Reads a venue's answers. */
export interface CodeTable {
  /** The venue's code and sentence in a decoded answer; null where it holds none. */
  read(body: CcxtRecord): { code: string; message: string } | null;
  /** Null for a code that is not known. */
  meaningOf(code: string, message: string): CodeMeaning | null;
  /** HTTP statuses that the venue answers before an order reaches its engine. */
  provenRateStatuses: readonly number[];
  /** For the table of the docs. */
  documented: Readonly<Record<string, CodeMeaning>>;
}

/** What a create call needs besides the order. */
export interface CreateContext {
  /** The venue's time. */
  venueNowMs: number;
}

/** How ccxt must be spoken to for one venue. */
export interface Dialect {
  profile: Omit<VenueProfile, "isSimulated">;
  /** ccxt's class. */
  moduleId: string;
  /** Hosts of its interfaces, for permissions; null where only ccxt knows them. */
  hosts: readonly string[] | null;
  /** Given to ccxt at the start. */
  options: Readonly<Record<string, unknown>>;
  codes: CodeTable | null;
  /** Requests need a nonce that never repeats. */
  needsRisingNonce: boolean;
  /** Private streams are opened anew after so long without any message. */
  streamSilenceMsMax: number;
  /** Parameters of a create call besides the client id. */
  createParams(request: VenueOrderRequest, context: CreateContext): CcxtParams;
  /** What makes a request a stop that sells, in the venue's words, for the table of the docs; null where none rests. A test holds it against what is sent. */
  stopFields: Readonly<Record<string, string>> | null;
  /** Null for an order that the venue does not know; errors of ccxt pass through. */
  findOrder(exchange: CcxtExchange, ref: OrderRef): Promise<CcxtRecord | null>;
  cancelOrder(exchange: CcxtExchange, ref: OrderRef): Promise<CcxtRecord>;
  /** One question each; stops may live in a book of their own. */
  openOrderParams(symbol: string | null): readonly CcxtParams[];
  /** How a market's orders are all canceled, one call each; null for one order after the other. */
  cancelAllParams: readonly CcxtParams[] | null;
  /**
   * How the next page of open orders is asked for after a page; null after the
   * last one. Null where one answer holds them all: a limit would only make the
   * library drop the rest.
   */
  nextOrders: ((page: readonly CcxtRecord[]) => CcxtParams | null) | null;
  /**
   * How trades of a longer time are read: `forward` from the oldest on,
   * `backward` from the newest on by time, `before` the same over the fills of
   * all markets, `offset` from the newest on by number, `single` where one
   * answer is all there is.
   */
  tradePaging: "forward" | "backward" | "before" | "offset" | "single";
  /** Whether the venue tells the fee of a trade when it is asked; the library makes one up where it does not. */
  tellsTradeFees: boolean;
  /** Longest window of a question for trades; null for any. */
  tradeWindowMs: number | null;
  /** Whether ccxt's amount of a funding payment is what was paid, as a fee, and not what was received. */
  isFundingPaid: boolean;
  /** Parameters for the trades of one order; null where the venue cannot filter. */
  tradesOfOrder(venueOrderId: string): CcxtParams | null;
  /**
   * How the next page of the trades of one order is asked for after a full page,
   * at a venue that takes no times with an order; null where they are asked for
   * by time like all others.
   */
  nextOfOrder: ((page: readonly CcxtRecord[]) => CcxtParams) | null;
  /** Longest window of a question for funding; null for any. */
  fundingWindowMs: number | null;
  /** The account's own settings, before the first order of a perpetual. */
  prepare(
    exchange: CcxtExchange,
    symbol: string,
    leverage: number,
  ): Promise<void>;
  /** What has to be known of the account before orders go out at once. */
  open(exchange: CcxtExchange): Promise<void>;
  cancelAfter(
    exchange: CcxtExchange,
    timeoutMs: number,
    symbols: readonly string[],
  ): Promise<void>;
  /** Null where the venue has no question for it. */
  readRights: ((exchange: CcxtExchange) => Promise<KeyRights>) | null;
  /** The venue's own id of the account that a key belongs to; null where it does not tell. */
  readAccountId: ((exchange: CcxtExchange) => Promise<string | null>) | null;
  /** Where ccxt has no call for the venue's clock. */
  readTimeMs: ((exchange: CcxtExchange) => Promise<number | null>) | null;
  /** Smallest step of the time that the venue tells. */
  timeResolutionMs: number;
  /** Whether a message of a private stream says that it is subscribed; null where an open connection is. */
  isSubscribed: ((message: CcxtRecord) => boolean) | null;
  /** Parameters of the streams of orders, one stream each. */
  orderStreams: readonly CcxtParams[];
}
