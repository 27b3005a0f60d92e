/**
 * Pre-trade controls of the desk: small pure functions, run in a fixed order;
 * the first refusal wins. Each refusal has its code and one sentence with the
 * figures. Basis: `reliability.md` part 4.7. They hold outside the agent, and
 * what is unknown counts as a breach.
 *
 * @module
 */
import type {
  RiskConfig,
  SafetyConfig,
} from "../../lib/contracts/agent_config.ts";
import type { TradingState } from "../../lib/contracts/lifecycle.ts";
import type { DenialCode, OrderIntent } from "../../lib/contracts/order.ts";
import {
  type Decimal,
  decimal,
  maxDecimal,
  roundTo,
  toDecimalText,
} from "../../lib/core/decimal.ts";
import { withSlippage } from "../execution/matching.ts";
import {
  drawdownSentence,
  isDailyLossReached,
  isDrawdownReached,
} from "./limits.ts";
import {
  liquidationPrice,
  MIN_NOTIONAL,
  type SizedOrder,
  sizeOrder,
} from "./sizing.ts";

/** How far an entry may be from the last close, in percent of it. */
export const PRICE_COLLAR_PCT = 20;

/** How much farther than the stop the liquidation price must be: "beyond the stop by >= 25 % of the stop distance". */
export const LIQUIDATION_CLEARANCE: Decimal = decimal("1.25");

/** Length of the window of the order rate, in milliseconds of market time. */
export const ORDER_RATE_WINDOW_MS = 60_000;

/** Everything the controls look at. Amounts in quote currency. */
export interface ControlContext {
  intent: OrderIntent;
  /** Last candle that the desk processed. */
  seq: number;
  isKnownIntent: boolean;
  tradingState: TradingState;
  tradingStateReason: string | null;
  entriesAllowed: boolean;
  lastClose: number | null;
  equity: Decimal | null;
  dayStart: Decimal;
  peakEquity: Decimal;
  lossStreak: number;
  hasPosition: boolean;
  openOrders: number;
  /** Intents of the last minute of market time, this one included. */
  ordersLastMinute: number;
  /** Margin that open orders hold. */
  reservedMargin: Decimal;
  risk: RiskConfig;
  safety: SafetyConfig;
}

/** Why an intent is denied. */
export interface Refusal {
  code: DenialCode;
  detail: string;
}

/** The verdict over one intent. */
export type ControlVerdict =
  | { ok: true; sized: SizedOrder; entryPrice: Decimal }
  | { ok: false; error: Refusal };

type Control = (context: ControlContext) => Refusal | null;

/** What the controls over a sized order look at. */
export interface SizedContext {
  context: ControlContext;
  sized: SizedOrder;
  entryPrice: Decimal;
  equity: Decimal;
}
type SizedControl = (context: SizedContext) => Refusal | null;

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

/** Every number is finite and positive, and the id belongs to the candle. */
export const denyInvalid: Control = ({ intent }) => {
  const prices = {
    "stop price": intent.stopPrice,
    "target price": intent.targetPrice,
    "risk percentage": intent.riskPct,
    ...(intent.entry.type === "limit"
      ? { "entry price": intent.entry.price }
      : {}),
  };
  for (const [name, value] of Object.entries(prices)) {
    if (!Number.isFinite(value) || value <= 0) {
      return deny(
        "ORDER_INVALID",
        `The ${name} must be a positive number, was ${value}`,
      );
    }
  }
  if (!intent.intentId.startsWith(`${intent.seq}.`)) {
    return deny(
      "ORDER_INVALID",
      `The intent id must start with "${intent.seq}.", was "${intent.intentId}"`,
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
};

/** Without a market price nothing can be checked, so nothing is sent. */
export const denyNoReference: Control = ({ lastClose }) =>
  lastClose === null
    ? deny("REFERENCE_PRICE_MISSING", "No candle has been seen yet")
    : null;

/** Fat-finger guard: a limit far from the last close. */
export const denyCollar: Control = ({ intent, lastClose }) => {
  if (intent.entry.type === "market" || lastClose === null) return null;
  const distancePct = Math.abs(intent.entry.price - lastClose) / lastClose *
    100;
  return distancePct <= PRICE_COLLAR_PCT ? null : deny(
    "PRICE_COLLAR",
    `The entry ${intent.entry.price} is ${
      distancePct.toFixed(1)
    } % from the last close ${lastClose}, the limit is ${PRICE_COLLAR_PCT} %`,
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

/** The target lies where the position wins. */
export const denyTargetSide: Control = ({ intent, lastClose }) => {
  const entry = plannedEntry(intent, lastClose);
  const isWinning = intent.side === "buy"
    ? intent.targetPrice > entry
    : intent.targetPrice < entry;
  return isWinning ? null : deny(
    "TARGET_WRONG_SIDE",
    `The target ${intent.targetPrice} of a ${intent.side} must be ${
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

/** The order is worth sending. */
export const denyTooSmall: SizedControl = ({ sized }) =>
  sized.notional.gte(MIN_NOTIONAL) ? null : deny(
    "SIZE_BELOW_MINIMUM",
    `The order would be worth ${money(sized.notional)}, the smallest is ${
      money(MIN_NOTIONAL)
    }`,
  );

/** Exposure against equity. Sizing keeps it, this control proves it. */
export const denyLeverage: SizedControl = ({ sized, equity, context }) => {
  const limit = equity.times(decimal(context.risk.leverage));
  return sized.notional.lte(limit) ? null : deny(
    "LEVERAGE_EXCEEDED",
    `The exposure would be ${
      money(sized.notional)
    }, ${context.risk.leverage} times the equity is ${money(limit)}`,
  );
};

/** Margin and fees against what no other order holds. */
export const denyCapital: SizedControl = ({ sized, equity, context }) => {
  const free = equity.minus(context.reservedMargin);
  const smallest = MIN_NOTIONAL.div(decimal(context.risk.leverage));
  const needed = maxDecimal(sized.margin.plus(sized.fees), smallest);
  return needed.lte(free) ? null : deny(
    "CAPITAL_EXCEEDED",
    `The order needs ${money(needed)} of margin and fees, ${
      money(free)
    } is free`,
  );
};

/** The stop is hit well before the position would be liquidated. */
export const denyLiquidation: SizedControl = ({ entryPrice, context }) => {
  const { intent, risk } = context;
  const liquidation = liquidationPrice({
    side: intent.side,
    entryPrice,
    leverage: risk.leverage,
  });
  const distance = entryPrice.minus(liquidation).abs();
  const needed = entryPrice.minus(decimal(intent.stopPrice)).abs()
    .times(LIQUIDATION_CLEARANCE);
  return distance.gte(needed) ? null : deny(
    "LIQUIDATION_TOO_NEAR",
    `The position would be liquidated at ${money(liquidation)}, ${
      money(distance)
    } from the entry; the stop needs ${money(needed)}`,
  );
};

/** Controls over the intent, in the order they run. */
export const INTENT_CONTROLS: readonly Control[] = [
  denyDuplicate,
  denyLate,
  denyTradingState,
  denyNotRunning,
  denyInvalid,
  denyNoReference,
  denyCollar,
  denyStopSide,
  denyTargetSide,
  denyUnknownEquity,
  denyDailyLoss,
  denyDrawdown,
  denyBreaker,
  denySecondPosition,
  denyOpenOrders,
  denyOrderRate,
];

/** Controls over the sized order, in the order they run. */
export const SIZED_CONTROLS: readonly SizedControl[] = [
  denyCapital,
  denyTooSmall,
  denyLeverage,
  denyLiquidation,
];

/** Runs every control over an intent and sizes it; the first refusal wins. */
export function checkIntent(context: ControlContext): ControlVerdict {
  for (const control of INTENT_CONTROLS) {
    const error = control(context);
    if (error !== null) return { ok: false, error };
  }
  // Both are known here: denyNoReference and denyUnknownEquity ran before.
  const equity = context.equity!;
  const { intent, risk } = context;
  const entryPrice = intent.entry.type === "limit"
    ? decimal(intent.entry.price)
    : withSlippage(decimal(context.lastClose!), intent.side);
  const sized = sizeOrder({
    equity,
    freeCapital: equity.minus(context.reservedMargin),
    entryPrice,
    stopPrice: decimal(intent.stopPrice),
    riskPct: Math.min(intent.riskPct, risk.riskPerTradePct),
    leverage: risk.leverage,
  });
  for (const control of SIZED_CONTROLS) {
    const error = control({ context, sized, entryPrice, equity });
    if (error !== null) return { ok: false, error };
  }
  return { ok: true, sized, entryPrice };
}

function plannedEntry(intent: OrderIntent, lastClose: number | null): number {
  return intent.entry.type === "limit"
    ? intent.entry.price
    : lastClose ?? Number.NaN;
}

function deny(code: DenialCode, detail: string): Refusal {
  return { code, detail };
}

/** Rounded for a sentence; never for arithmetic. */
function money(amount: Decimal): string {
  return toDecimalText(roundTo(amount, 2));
}
