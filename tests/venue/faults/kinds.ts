/**
 * What can be bent, and how. A rule names a kind of request or stream, a fault,
 * and when it strikes: the next so many times, or by chance from a seed.
 *
 * @module
 */
import type { MarketKind } from "../market/specs.ts";

/** Kinds of requests. */
export const REQUEST_KINDS = [
  "create",
  "cancel",
  "cancelAll",
  "query",
  "openOrders",
  "orders",
  "trades",
  "account",
  "income",
  "settings",
  "deadMan",
  "userStream",
  "rights",
  "status",
  "market",
  "time",
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Kinds of streams. */
export const STREAM_KINDS = [
  "stream.user",
  "stream.kline",
  "stream.ticker",
  "stream.bookTicker",
  "stream.markPrice",
  "stream.depth",
] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

/** Faults of requests. `before` = nothing was done; `after` = it was done, the answer fails. */
export const REQUEST_FAULTS = {
  silent_before: "no answer for ever, nothing done",
  silent_after: "done, then no answer for ever",
  bad_gateway_before: "HTTP 502 in HTML, nothing done",
  bad_gateway_after: "done, then HTTP 502 in HTML",
  reset_before: "connection cut, nothing done",
  reset_after: "done, then the connection is cut",
  garbage_after: "done, then an answer that is no JSON",
  half_json_after: "done, then an answer that ends in its middle",
  unexpected_before: "-1006, nothing done",
  unexpected_after: "-1006, though done",
  backend_timeout_before: "-1007, nothing done",
  backend_timeout_after: "-1007, though done",
  disconnected_before: "-1001, nothing done",
  disconnected_after: "-1001, though done",
  clock_before: "-1021, nothing done",
  rate_limit_before: "HTTP 429 with Retry-After, nothing done",
  ban_before: "HTTP 418 with Retry-After, nothing done",
  maintenance_before: "HTTP 503 with code -1, nothing done",
  slow_before: "done and answered, but only after `ms`",
  slow_after:
    "done at once, answered after `ms`: events of the stream come first",
} as const;

/** Faults of one order that is placed or canceled. */
export const ORDER_FAULTS = {
  late_fill: "accepted; fills only after `ms`",
  partial_fill: "fills in part (`share`), the rest after `ms`",
  hidden: "accepted, but queries do not find it for `ms`",
  fill_before_cancel: "filled in the moment in which it was to be canceled",
} as const;

/** Faults of streams. */
export const STREAM_FAULTS = {
  drop: "a message is not sent; several in a row are a gap",
  duplicate: "a message is sent twice",
  reorder: "a message is sent after the one that follows it",
  delay: "a message is sent after `ms`",
  silence: "the connection stays open and sends nothing more",
  cut: "the connection is closed, as Binance does after 24 hours",
} as const;

export type RequestFault = keyof typeof REQUEST_FAULTS;
export type OrderFault = keyof typeof ORDER_FAULTS;
export type StreamFault = keyof typeof STREAM_FAULTS;
export type Fault = RequestFault | OrderFault | StreamFault;

/** A rule of the script. */
export interface FaultRule {
  on: RequestKind | StreamKind | "any";
  fault: Fault;
  /** Only in one half; both if left out. */
  market?: MarketKind;
  /** Only stream messages that contain this text, for instance `"x":"TRADE"`. */
  containing?: string;
  /** How often it strikes; once if left out, without end if it goes by chance. */
  times?: number;
  /** Lets so many go by before. */
  skip?: number;
  /** Strikes by chance, from 0 to 1, drawn from the seed. */
  chance?: number;
  ms?: number;
  share?: number;
  /** With any fault of a `create`: queries do not find the order for so long either. */
  hiddenMs?: number;
  /** Of a rate limit or ban; 1 if left out. */
  retryAfterSeconds?: number;
}

/** A fault that struck. */
export interface FaultLogLine {
  seq: number;
  at: number;
  market: MarketKind | null;
  on: RequestKind | StreamKind;
  fault: Fault;
  /** What it hit, for instance a client order id. */
  detail: string;
}

/** Names of faults that are known. */
export function isFault(name: string): name is Fault {
  return name in REQUEST_FAULTS || name in ORDER_FAULTS ||
    name in STREAM_FAULTS;
}
