import type { DenialCode } from "../../lib/contracts/order.ts";
import { ORDER_RATE_WINDOW_MS } from "./controls.ts";
import { LIQUIDATION_CLEARANCE } from "./sized_controls.ts";
import { MIN_NOTIONAL } from "./sizing.ts";
import {
  BALANCE_AGE_MAX_MS,
  CANCEL_RATIO_WINDOW_MS,
  DUPLICATE_WINDOW_MS,
  QUOTE_AGE_MAX_MS,
  REPEATED_ENTRY_WINDOW_MS,
} from "./venue_controls.ts";

/** Kinds of accounts: paper trading on candles or on quotes, and at an exchange. */
export const ACCOUNT_KINDS = ["candles", "quotes", "exchange"] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** One row of the table of controls in the docs; what is checked is the code's own sentence. */
export interface ControlFact {
  limit: string;
  /** The setting, or `built in`. */
  setBy: string;
  appliesTo: readonly AccountKind[];
}

const ALL = ACCOUNT_KINDS;
const VENUES = ["quotes", "exchange"] as const;
const EXCHANGE = ["exchange"] as const;
const BUILT_IN = "built in";
const MARKET_RULES = "rules of the market";

const seconds = (ms: number) => `${ms / 1_000} s`;

function fact(
  limit: string,
  setBy: string = BUILT_IN,
  appliesTo: readonly AccountKind[] = ALL,
): ControlFact {
  return { limit, setBy, appliesTo };
}

/** Where every control has its limit from and which accounts it holds for. */
export const CONTROL_FACTS: Readonly<Record<DenialCode, ControlFact>> = {
  EPOCH_STALE: fact("this incarnation"),
  INTENT_DUPLICATE: fact("once"),
  INTENT_LATE: fact("the last candle"),
  AGENT_NOT_RUNNING: fact("running", "a person"),
  TRADING_REDUCING: fact("active"),
  TRADING_HALTED: fact("active"),
  ORDER_INVALID: fact("finite, positive; no short on spot"),
  STOP_WRONG_SIDE: fact("the entry, or the quote for a market order"),
  TARGET_WRONG_SIDE: fact("the entry"),
  STOP_NOT_FAVOURABLE: fact("the stop before"),
  PRICE_COLLAR: fact("at most 20 %", "`priceCollarPct`"),
  REFERENCE_PRICE_MISSING: fact("a last close"),
  HEDGE_INVALID: fact("the other side, at the market; no pairs at a venue"),
  HEDGE_PRICE_MISSING: fact("a last close", BUILT_IN, ["candles"]),
  SIZE_BELOW_MINIMUM: fact(
    `${MIN_NOTIONAL.toFixed()} in quote currency; that of the market at a venue`,
  ),
  POSITION_EXISTS: fact("one position"),
  OPEN_ORDERS_LIMIT: fact("1 to 50", "`maxOpenOrders`"),
  ORDER_RATE_LIMIT: fact(
    `1 to 600 within ${seconds(ORDER_RATE_WINDOW_MS)}`,
    "`maxOrdersPerMinute`",
  ),
  CAPITAL_EXCEEDED: fact("equity less reserved margin", "`initialCapital`"),
  LEVERAGE_EXCEEDED: fact("equity × leverage; 1 on spot", "`leverage`"),
  LIQUIDATION_TOO_NEAR: fact(
    `${LIQUIDATION_CLEARANCE.toFixed()} × stop distance`,
  ),
  DAILY_LOSS_LIMIT: fact("from 00:00 UTC", "`dailyLossLimit`"),
  DRAWDOWN_LIMIT: fact("from the highest equity", "`maxDrawdownPct`"),
  BREAKER_OPEN: fact("losing trades in a row", "`breakerConsecutiveLosses`"),
  EQUITY_UNKNOWN: fact("known"),
  ORDER_NOTIONAL_LIMIT: fact("none unless set", "`maxOrderNotional`"),
  ORDER_QUANTITY_LIMIT: fact("none unless set", "`maxOrderQuantity`"),
  POSITION_LIMIT: fact(
    "none unless set; a known position at a venue",
    "`maxPositionNotional`",
  ),
  GROSS_EXPOSURE_LIMIT: fact(
    "equity × leverage with all that may fill; of the key none unless set, but known",
    "`leverage`, `maxAccountNotional`",
    VENUES,
  ),
  BALANCE_INSUFFICIENT: fact(
    `margin and fees, at most ${seconds(BALANCE_AGE_MAX_MS)} old`,
    "the venue's balance",
    VENUES,
  ),
  ACCOUNT_ORDER_RATE_LIMIT: fact(
    "1 to 6,000 a minute",
    "`maxAccountOrdersPerMinute`",
    VENUES,
  ),
  MESSAGE_RATE_LIMIT: fact(
    "10 to 60,000 a minute",
    "`maxAccountMessagesPerMinute`",
    VENUES,
  ),
  CANCEL_RATIO_LIMIT: fact(
    `1 to 1,000 for each fill within ${seconds(CANCEL_RATIO_WINDOW_MS)}`,
    "`maxCancelsPerFill`",
    VENUES,
  ),
  REPEATED_ENTRY_LIMIT: fact(
    `1 to 600 within ${seconds(REPEATED_ENTRY_WINDOW_MS)}`,
    "`repeatedEntriesPerMinute`",
    VENUES,
  ),
  ORDER_DUPLICATE: fact(seconds(DUPLICATE_WINDOW_MS), BUILT_IN, VENUES),
  PARENT_EXCEEDED: fact("the size of the decision"),
  SELF_MATCH: fact("resting orders of the other side", BUILT_IN, VENUES),
  PART_INVALID: fact("2 to 20 parts of an order that is not over"),
  POST_ONLY_WOULD_TAKE: fact("the quote; on candles the next open"),
  TRIGGER_PASSED: fact("the quote, or the last close"),
  REDUCE_ONLY_INVALID: fact(
    "the position less market exits on their way; exits too",
    BUILT_IN,
    VENUES,
  ),
  PRECISION_INVALID: fact(
    "steps, for exits too; minimums for entries",
    MARKET_RULES,
    VENUES,
  ),
  SIZE_ABOVE_MAXIMUM: fact(
    "largest order, for exits too",
    MARKET_RULES,
    VENUES,
  ),
  SYMBOL_NOT_ALLOWED: fact("one market, for exits too", "`symbol`", VENUES),
  REFERENCE_PRICE_STALE: fact(
    `a quote of at most ${seconds(QUOTE_AGE_MAX_MS)}`,
    BUILT_IN,
    VENUES,
  ),
  MARKET_DATA_STALE: fact("as the feed says", BUILT_IN, VENUES),
  CLOCK_UNSYNCED: fact("known, within 0.5 s", BUILT_IN, EXCHANGE),
  OUTCOME_UNKNOWN: fact("no unknown order", BUILT_IN, VENUES),
  RECONCILING: fact("reconciled", BUILT_IN, VENUES),
  DRIFT: fact("agreement", BUILT_IN, VENUES),
  VENUE_UNAVAILABLE: fact("connected, rules loaded", BUILT_IN, VENUES),
  LIVE_NOT_ARMED: fact("armed", "a person", EXCHANGE),
  EMERGENCY_STOP: fact("not latched", "a person"),
  JOURNAL_UNAVAILABLE: fact("writable"),
  STORE_UNAVAILABLE: fact("writable"),
};
