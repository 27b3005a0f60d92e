import * as z from "zod";
import type { DecimalText } from "../core/decimal.ts";
import type { EpochMs, Side } from "./primitives.ts";

/** Exchanges with a profile of their own; others are reached by their id in the exchange library. */
export const PROFILED_EXCHANGES = [
  "binance",
  "bybit",
  "okx",
  "kraken",
] as const;

/** Kinds of market: `spot`, or `swap` for linear perpetuals that settle in the quote currency. */
export const MARKET_KINDS = ["spot", "swap"] as const;
export type MarketKind = (typeof MARKET_KINDS)[number];

/** Id of an exchange as the exchange library writes it. */
export const exchangeIdSchema = z.string().trim().toLowerCase().regex(
  /^[a-z][a-z0-9_]{1,31}$/,
  "Enter the id of an exchange in lower case, for instance binance or kraken",
);

/** Schema of a market kind. */
export const marketKindSchema = z.enum(MARKET_KINDS, {
  error: `Choose a kind of market: ${MARKET_KINDS.join(", ")}`,
});

/** Where a market is traded. */
export interface VenueId {
  exchange: string;
  market: MarketKind;
}

/** A venue as one word, for ids of workers, streams and files, for instance `binance.swap`. */
export function venueKey({ exchange, market }: VenueId): string {
  return `${exchange}.${market}`;
}

/** The market's name in the exchange library: `BTC/USDT` is `BTC/USDT:USDT` as a perpetual. */
export function venueSymbol(symbol: string, market: MarketKind): string {
  return market === "spot" ? symbol : `${symbol}:${symbol.split("/")[1]}`;
}

/** What an order must keep to in one market. Quantities in base currency, whatever the venue's contracts are. Null where the venue names none. */
export interface MarketRules {
  symbol: string;
  quantityStep: DecimalText;
  priceStep: DecimalText;
  minQuantity: DecimalText | null;
  maxQuantity: DecimalText | null;
  /** In quote currency. */
  minNotional: DecimalText | null;
  maxNotional: DecimalText | null;
  makerRate: DecimalText | null;
  takerRate: DecimalText | null;
}

export const TIMES_IN_FORCE = ["GTC", "IOC", "FOK"] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** An order as it goes to a venue. Prices and quantity already keep to the market's rules. */
export interface VenueOrderRequest {
  /** Ours; see `client_order_id.ts` of the desk. */
  clientOrderId: string;
  symbol: string;
  side: Side;
  /** `stop` is a market order that waits for its trigger. */
  type: "market" | "limit" | "stop";
  /** In base currency. */
  quantity: DecimalText;
  /** Of a limit order, else null. */
  price: DecimalText | null;
  /** Of a stop, else null. */
  triggerPrice: DecimalText | null;
  reduceOnly: boolean;
  /** Rejected instead of taking; limit orders only. */
  postOnly: boolean;
  timeInForce: TimeInForce;
  /** Orders of one group cancel each other; only where the venue's profile says `restsBothExits`. */
  ocoGroup: string | null;
}

export type VenueOrderStatus = "open" | "filled" | "canceled" | "rejected";

/** An order as a venue reports it. */
export interface VenueOrder {
  /** Null for an order that somebody placed without one. */
  clientOrderId: string | null;
  venueOrderId: string;
  symbol: string;
  side: Side;
  type: "market" | "limit" | "stop" | "other";
  price: DecimalText | null;
  triggerPrice: DecimalText | null;
  quantity: DecimalText;
  /** Cumulative; the position is folded from trades, never from this. */
  filled: DecimalText;
  /** `canceled` includes expired ones; both may be filled in part. */
  status: VenueOrderStatus;
  reduceOnly: boolean;
  /** When the venue last changed it, or null where it does not say. */
  at: EpochMs | null;
  /** When it was placed; left out where the venue does not say. */
  placedAt?: EpochMs;
}

/** One execution at a venue. */
export interface VenueTrade {
  /** The venue's own; unique within a symbol. */
  tradeId: string;
  venueOrderId: string;
  /** Null where the venue's trades do not tell it. */
  clientOrderId: string | null;
  symbol: string;
  side: Side;
  price: DecimalText;
  quantity: DecimalText;
  /** Positive = paid, in `feeCurrency`; null where the venue does not tell it (yet). */
  fee: DecimalText | null;
  feeCurrency: string | null;
  liquidity: "maker" | "taker" | null;
  at: EpochMs;
}

/** What a venue says is held in one market. */
export interface VenuePosition {
  symbol: string;
  /** In base currency, negative for a short position; "0" is flat. */
  quantity: DecimalText;
  entryPrice: DecimalText | null;
  liquidationPrice: DecimalText | null;
  /** Of perpetuals; null for spot. */
  leverage: number | null;
}

/** One currency of an account. */
export interface VenueBalance {
  currency: string;
  free: DecimalText;
  total: DecimalText;
}

/** A funding payment that the venue booked: positive = paid by us, in quote currency. */
export interface VenueFunding {
  fundingId: string;
  symbol: string;
  amount: DecimalText;
  at: EpochMs;
}

/** Best prices of a market at one moment. */
export interface Quote {
  at: EpochMs;
  bid: number;
  ask: number;
  /** Units of base currency there; null where unknown. */
  bidSize: number | null;
  askSize: number | null;
  /** Mark price of a perpetual; null for spot or where unknown. */
  mark: number | null;
}

/** What one venue can and promises; built in, never set by a user. */
export interface VenueProfile extends VenueId {
  /** Validity of a signed request at the venue; null where it has none. */
  recvWindowMs: number | null;
  /**
   * So long after a request was made, an order that two reads do not find was
   * never taken and never will be; null where nothing proves it. Binance checks
   * `serverTime − timestamp ≤ recvWindow` just before the order goes to its
   * engine, so there it is recvWindow + 10 s + clock error + 2 s.
   */
  absenceProofMs: number | null;
  /** A stop may rest at the venue. */
  hasStopOrders: boolean;
  /** Stop and target may rest together for the same quantity. On spot they would lock it twice. */
  restsBothExits: boolean;
  /** `cancelAfter` is there: the venue cancels by itself when it hears nothing. */
  hasCancelAfter: boolean;
  hasReduceOnly: boolean;
  /** Fills come without being asked for. */
  hasPrivateStream: boolean;
  /** Longest client order id, in letters and digits. */
  clientOrderIdMax: number;
  /** Nothing outside this process is traded on. */
  isSimulated: boolean;
}
