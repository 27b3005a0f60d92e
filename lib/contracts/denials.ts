/**
 * Why the desk says no: every code with its sentence, and the class that a
 * retry can be decided on.
 *
 * @module
 */

/** Why the desk denied an intent. The table in the docs is generated from here. */
export const DENIAL_CODES = {
  EPOCH_STALE: "The order came from an earlier incarnation of the agent",
  INTENT_DUPLICATE: "An order with this intent id is known already",
  INTENT_LATE: "The market has moved past the candle the decision was made on",
  AGENT_NOT_RUNNING: "The agent is paused or stopping: it opens no positions",
  TRADING_REDUCING: "Only orders that reduce the position are allowed now",
  TRADING_HALTED: "Trading is halted for this agent",
  ORDER_INVALID: "A price or size is missing, not finite or not positive",
  STOP_WRONG_SIDE: "The stop is not on the losing side of the entry",
  TARGET_WRONG_SIDE: "The target is not on the winning side of the entry",
  STOP_NOT_FAVOURABLE: "A stop may only be moved in the position's favour",
  PRICE_COLLAR: "The price is too far from the last close or from the quote",
  REFERENCE_PRICE_MISSING:
    "No market price is known to check the order against",
  HEDGE_INVALID: "The second leg does not fit the order",
  HEDGE_PRICE_MISSING: "No price of the second market is known",
  SIZE_BELOW_MINIMUM:
    "The position would be smaller than the smallest order of the market",
  POSITION_EXISTS: "The agent holds a position in this market already",
  OPEN_ORDERS_LIMIT: "The agent has as many open orders as it may have",
  ORDER_RATE_LIMIT: "The agent sent more orders within a minute than it may",
  CAPITAL_EXCEEDED: "The margin is more than the free capital",
  LEVERAGE_EXCEEDED: "The exposure is more than the leverage limit allows",
  LIQUIDATION_TOO_NEAR: "The position would be liquidated before its stop",
  DAILY_LOSS_LIMIT: "The daily loss limit is reached",
  DRAWDOWN_LIMIT: "The drawdown limit is reached",
  BREAKER_OPEN:
    "The circuit breaker is open after too many losing trades in a row",
  EQUITY_UNKNOWN: "The equity is unknown, which counts as a reached limit",
  ORDER_NOTIONAL_LIMIT: "The order is worth more than one order may be",
  ORDER_QUANTITY_LIMIT: "The order is larger than one order may be",
  POSITION_LIMIT:
    "Position and working entries together would be worth more than they may be",
  GROSS_EXPOSURE_LIMIT:
    "The exposure of the agent, or of all agents of one key, would be more than it may be, or is unknown",
  BALANCE_INSUFFICIENT:
    "The free balance at the venue is too small, too old or unknown",
  ACCOUNT_ORDER_RATE_LIMIT:
    "All agents of one key sent more orders within a minute than they may",
  MESSAGE_RATE_LIMIT:
    "All agents of one key sent more requests within a minute than they may",
  CANCEL_RATIO_LIMIT:
    "The agent withdrew more orders for each fill within an hour than it may",
  REPEATED_ENTRY_LIMIT:
    "The agent repeated an entry on the same side more often within a minute than it may",
  ORDER_DUPLICATE: "An equal order was made within the last second",
  PARENT_EXCEEDED: "More would be sent for a decision than it was sized to",
  PART_INVALID:
    "The part or its new price does not fit the decision it belongs to, or that is over",
  POST_ONLY_WOULD_TAKE:
    "The order would take liquidity, which it was told not to",
  TRIGGER_PASSED:
    "The price at which a stop entry would be triggered is reached already",
  SELF_MATCH: "The order would trade with a resting order of the same key",
  REDUCE_ONLY_INVALID: "An order that may only reduce would not reduce",
  PRECISION_INVALID:
    "A price or quantity does not keep to the steps and minimums of the market",
  SIZE_ABOVE_MAXIMUM: "The order is larger than the market allows",
  SYMBOL_NOT_ALLOWED: "The order is for another market than the account's",
  REFERENCE_PRICE_STALE: "No fresh quote is known to check the order against",
  MARKET_DATA_STALE: "The market has been silent for too long",
  CLOCK_UNSYNCED: "Our clock is not known to agree with that of the venue",
  OUTCOME_UNKNOWN:
    "The outcome of an earlier order is not known yet, so nothing new is entered",
  RECONCILING: "The books are being compared with those of the venue",
  DRIFT: "The books and the venue disagree",
  VENUE_UNAVAILABLE: "The venue cannot be reached or is closed",
  LIVE_NOT_ARMED: "Live trading is not armed for this agent",
  EMERGENCY_STOP: "An emergency stop is in force; release it first",
  JOURNAL_UNAVAILABLE:
    "The disk does not take the desk's journal, so nothing new can be kept",
  STORE_UNAVAILABLE:
    "The platform's store takes no records, so nothing new is begun",
} as const;
export type DenialCode = keyof typeof DENIAL_CODES;

/** Why something was refused or is over, in a few classes that a retry can be decided on. */
export const REFUSAL_CAUSES = {
  funds: "Margin, balance or leverage is not enough",
  rate: "Too much within a short time; a later attempt may pass",
  price: "The market is where the order may not be; another price may pass",
  post_only: "The order would have taken liquidity",
  maintenance: "The venue, the feed or the disk is not there for now",
  unknown_outcome: "It was not known whether the venue has an order",
  permission: "A person, a limit or a switch does not allow it now",
  invalid: "The order contradicts itself or the rules of the market",
  withdrawn: "It was withdrawn, by the agent or by the desk",
  expired: "Its time was over",
} as const;
export type RefusalCause = keyof typeof REFUSAL_CAUSES;

/** The class of every denial. */
export const DENIAL_CAUSES: Readonly<Record<DenialCode, RefusalCause>> = {
  EPOCH_STALE: "permission",
  INTENT_DUPLICATE: "invalid",
  INTENT_LATE: "expired",
  AGENT_NOT_RUNNING: "permission",
  TRADING_REDUCING: "permission",
  TRADING_HALTED: "permission",
  ORDER_INVALID: "invalid",
  STOP_WRONG_SIDE: "price",
  TARGET_WRONG_SIDE: "price",
  STOP_NOT_FAVOURABLE: "invalid",
  PRICE_COLLAR: "price",
  REFERENCE_PRICE_MISSING: "price",
  HEDGE_INVALID: "invalid",
  HEDGE_PRICE_MISSING: "price",
  SIZE_BELOW_MINIMUM: "invalid",
  POSITION_EXISTS: "invalid",
  OPEN_ORDERS_LIMIT: "rate",
  ORDER_RATE_LIMIT: "rate",
  CAPITAL_EXCEEDED: "funds",
  LEVERAGE_EXCEEDED: "funds",
  LIQUIDATION_TOO_NEAR: "price",
  DAILY_LOSS_LIMIT: "permission",
  DRAWDOWN_LIMIT: "permission",
  BREAKER_OPEN: "permission",
  EQUITY_UNKNOWN: "permission",
  ORDER_NOTIONAL_LIMIT: "permission",
  ORDER_QUANTITY_LIMIT: "permission",
  POSITION_LIMIT: "permission",
  GROSS_EXPOSURE_LIMIT: "funds",
  BALANCE_INSUFFICIENT: "funds",
  ACCOUNT_ORDER_RATE_LIMIT: "rate",
  MESSAGE_RATE_LIMIT: "rate",
  CANCEL_RATIO_LIMIT: "rate",
  REPEATED_ENTRY_LIMIT: "rate",
  ORDER_DUPLICATE: "rate",
  PARENT_EXCEEDED: "invalid",
  PART_INVALID: "invalid",
  POST_ONLY_WOULD_TAKE: "post_only",
  TRIGGER_PASSED: "price",
  SELF_MATCH: "price",
  REDUCE_ONLY_INVALID: "invalid",
  PRECISION_INVALID: "invalid",
  SIZE_ABOVE_MAXIMUM: "invalid",
  SYMBOL_NOT_ALLOWED: "permission",
  REFERENCE_PRICE_STALE: "price",
  MARKET_DATA_STALE: "maintenance",
  CLOCK_UNSYNCED: "maintenance",
  OUTCOME_UNKNOWN: "unknown_outcome",
  RECONCILING: "maintenance",
  DRIFT: "permission",
  VENUE_UNAVAILABLE: "maintenance",
  LIVE_NOT_ARMED: "permission",
  EMERGENCY_STOP: "permission",
  JOURNAL_UNAVAILABLE: "maintenance",
  STORE_UNAVAILABLE: "maintenance",
};
