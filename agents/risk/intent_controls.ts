/**
 * Controls that look at an intent before it is sized.
 *
 * @module
 */
import type { OrderIntent } from "../../lib/contracts/order.ts";
import type { Control } from "./controls.ts";
import {
  drawdownSentence,
  isDailyLossReached,
  isDrawdownReached,
} from "./limits.ts";
import { deny, money, type Refusal } from "./refusal.ts";

/** An intent id is used once. */
export const denyDuplicate: Control = ({ isKnownIntent, intent }) =>
  isKnownIntent
    ? deny("INTENT_DUPLICATE", `Intent ${intent.intentId} was sent before`)
    : null;

/** A decision holds only for the candle it was made on. */
export const denyLate: Control = ({ intent, seq }) =>
  intent.seq === seq ? null : deny(
    "INTENT_LATE",
    `The decision was made on candle ${intent.seq}, the market is at candle ${seq}`,
  );

/** The desk's own switch comes before everything that looks at the order. */
export const denyTradingState: Control = (context) => {
  if (context.tradingState === "active") return null;
  const code = context.tradingState === "halted"
    ? "TRADING_HALTED"
    : "TRADING_REDUCING";
  return deny(
    code,
    `Trading is ${context.tradingState}: ${
      context.tradingStateReason ?? "no reason is on record"
    }`,
  );
};

/** A paused or stopping agent opens nothing. */
export const denyNotRunning: Control = ({ entriesAllowed }) =>
  entriesAllowed
    ? null
    : deny("AGENT_NOT_RUNNING", "The agent may not open positions now");

/** Every number is finite and positive, and the id belongs to the candle or an earlier one. */
export const denyInvalid: Control = (context) =>
  denyPrices(context) ?? denyPlace(context.intent);

/** Every number is finite and positive. */
export const denyPrices: Control = ({ intent }) => {
  const price = entryPriceOf(intent) ?? 1;
  const target = intent.targetPrice ?? 1;
  const isPositive = intent.stopPrice > 0 && target > 0 &&
    intent.riskPct > 0 && price > 0 &&
    Number.isFinite(intent.stopPrice + target + intent.riskPct + price);
  return isPositive ? null : denyNumber(intent);
};

/** Limit or trigger of an entry; null at the market. */
export function entryPriceOf(
  { entry }: Pick<OrderIntent, "entry">,
): number | null {
  return entry.type === "market" ? null : entry.price;
}

/** Which number is wrong; a sum of large numbers may be infinite without any being. */
function denyNumber(intent: OrderIntent): Refusal | null {
  const prices = {
    "stop price": intent.stopPrice,
    ...(intent.targetPrice === null
      ? {}
      : { "target price": intent.targetPrice }),
    "risk percentage": intent.riskPct,
    ...(intent.entry.type === "market"
      ? {}
      : { "entry price": intent.entry.price }),
  };
  for (const [name, value] of Object.entries(prices)) {
    if (!Number.isFinite(value) || value <= 0) {
      return deny(
        "ORDER_INVALID",
        `The ${name} must be a positive number, was ${value}`,
      );
    }
  }
  return null;
}

/** An intent that follows a signal, or is tried again, has the id of an earlier candle. */
function isOfCandle({ intentId, seq }: OrderIntent): boolean {
  const dot = intentId.indexOf(".");
  const candle = Number(intentId.slice(0, dot));
  const number = Number(intentId.slice(dot + 1));
  return dot > 0 && Number.isSafeInteger(candle) && candle >= 0 &&
    candle <= seq && Number.isSafeInteger(number) && number >= 0;
}

function denyPlace(intent: OrderIntent): Refusal | null {
  if (!isOfCandle(intent)) {
    return deny(
      "ORDER_INVALID",
      `The intent id must name a candle up to ${intent.seq} and a number, was "${intent.intentId}"`,
    );
  }
  if (intent.side !== "buy" && intent.side !== "sell") {
    return deny(
      "ORDER_INVALID",
      `The side must be buy or sell, was "${intent.side}"`,
    );
  }
  const { expireAfterSeq } = intent;
  return expireAfterSeq === null ||
      (Number.isInteger(expireAfterSeq) && expireAfterSeq > intent.seq)
    ? null
    : deny(
      "ORDER_INVALID",
      `The order must expire after candle ${intent.seq}, was ${expireAfterSeq}`,
    );
}

/** Without a market price nothing can be checked, so nothing is sent. */
export const denyNoReference: Control = ({ lastClose }) =>
  lastClose === null
    ? deny("REFERENCE_PRICE_MISSING", "No candle has been seen yet")
    : null;

/** Fat-finger guard: a limit or a trigger far from the last close. */
export const denyCollar: Control = ({ intent, lastClose, safety }) => {
  if (intent.entry.type === "market" || lastClose === null) return null;
  const distancePct = Math.abs(intent.entry.price - lastClose) / lastClose *
    100;
  return distancePct <= safety.priceCollarPct ? null : deny(
    "PRICE_COLLAR",
    `The entry ${intent.entry.price} is ${
      distancePct.toFixed(1)
    } % from the last close ${lastClose}, the limit is ${safety.priceCollarPct} %`,
  );
};

/** The stop lies where the position loses. */
export const denyStopSide: Control = ({ intent, lastClose }) => {
  const entry = plannedEntry(intent, lastClose);
  const isLosing = intent.side === "buy"
    ? intent.stopPrice < entry
    : intent.stopPrice > entry;
  return isLosing ? null : deny(
    "STOP_WRONG_SIDE",
    `The stop ${intent.stopPrice} of a ${intent.side} must be ${
      intent.side === "buy" ? "below" : "above"
    } the entry ${entry}`,
  );
};

/** The target, if there is one, lies where the position wins. */
export const denyTargetSide: Control = ({ intent, lastClose }) => {
  const { side, targetPrice } = intent;
  if (targetPrice === null) return null;
  const entry = plannedEntry(intent, lastClose);
  const isWinning = side === "buy" ? targetPrice > entry : targetPrice < entry;
  return isWinning ? null : deny(
    "TARGET_WRONG_SIDE",
    `The target ${targetPrice} of a ${intent.side} must be ${
      intent.side === "buy" ? "above" : "below"
    } the entry ${entry}`,
  );
};

/** Unknown equity counts as a reached limit. */
export const denyUnknownEquity: Control = ({ equity }) =>
  equity === null
    ? deny(
      "EQUITY_UNKNOWN",
      "The equity is unknown because the position has no market price",
    )
    : null;

/** Loss since 00:00 UTC of market time. */
export const denyDailyLoss: Control = ({ equity, dayStart, risk }) =>
  equity !== null && isDailyLossReached({ equity, dayStart, risk })
    ? deny(
      "DAILY_LOSS_LIMIT",
      `The loss of the day is ${
        money(dayStart.minus(equity))
      }, the limit is ${risk.dailyLossLimit}`,
    )
    : null;

/** Loss from the highest equity. */
export const denyDrawdown: Control = ({ equity, peakEquity, risk }) =>
  equity !== null && isDrawdownReached({ equity, peakEquity, risk })
    ? deny("DRAWDOWN_LIMIT", drawdownSentence({ equity, peakEquity, risk }))
    : null;

/** Losing trades in a row. */
export const denyBreaker: Control = ({ lossStreak, safety }) => {
  const limit = safety.breakerConsecutiveLosses;
  return limit === 0 || lossStreak < limit ? null : deny(
    "BREAKER_OPEN",
    `${lossStreak} trades in a row were lost, the limit is ${limit}`,
  );
};

/** One position a market. */
export const denySecondPosition: Control = ({ hasPosition }) =>
  hasPosition
    ? deny("POSITION_EXISTS", "A position is open in this market already")
    : null;

/** Orders that rest at the same time. */
export const denyOpenOrders: Control = ({ openOrders, safety }) =>
  openOrders < safety.maxOpenOrders ? null : deny(
    "OPEN_ORDERS_LIMIT",
    `${openOrders} orders are open, the limit is ${safety.maxOpenOrders}`,
  );

/** Repeat-execution throttle, by market time so that a replay decides alike. */
export const denyOrderRate: Control = ({ ordersLastMinute, safety }) =>
  ordersLastMinute <= safety.maxOrdersPerMinute ? null : deny(
    "ORDER_RATE_LIMIT",
    `${ordersLastMinute} orders were sent within a minute, the limit is ${safety.maxOrdersPerMinute}`,
  );

function plannedEntry(intent: OrderIntent, lastClose: number | null): number {
  return entryPriceOf(intent) ?? lastClose ?? Number.NaN;
}
