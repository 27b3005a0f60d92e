/**
 * Pre-trade controls of the desk: small pure functions, run in a fixed order;
 * the first refusal wins. Each refusal has its code and one sentence with the
 * figures. The table of codes is in docs/trading-model.md. They hold outside the agent, and
 * what is unknown counts as a breach.
 *
 * @module
 */
import type {
  RiskConfig,
  SafetyConfig,
} from "../../lib/contracts/agent_config.ts";
import type { TradingState } from "../../lib/contracts/lifecycle.ts";
import type { OrderIntent } from "../../lib/contracts/order.ts";
import { type Decimal, decimal } from "../../lib/core/decimal.ts";
import type { TradingCosts } from "../execution/costs.ts";
import { withSlippage } from "../execution/matching.ts";
import {
  denyBreaker,
  denyCollar,
  denyDailyLoss,
  denyDrawdown,
  denyDuplicate,
  denyInvalid,
  denyLate,
  denyNoReference,
  denyNotRunning,
  denyOpenOrders,
  denyOrderRate,
  denySecondPosition,
  denyStopSide,
  denyTargetSide,
  denyTradingState,
  denyUnknownEquity,
} from "./intent_controls.ts";
import { denyHedge, denySmallHedge, hedgeSizing } from "./hedge_controls.ts";
import type { Refusal } from "./refusal.ts";
import {
  denyCapital,
  denyLeverage,
  denyLiquidation,
  denyTooSmall,
} from "./sized_controls.ts";
import { type SizedOrder, sizeOrder } from "./sizing.ts";
import type { VenueControlContext } from "./venue_controls.ts";

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
  /** Of the second market; null or left out where unknown. */
  lastHedgeClose?: number | null;
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
  costs: TradingCosts;
  /** Of an account at a venue; null or left out for one on candles. */
  venue?: VenueControlContext | null;
}

/** The verdict over one intent. */
export type ControlVerdict =
  | { ok: true; sized: SizedOrder; entryPrice: Decimal }
  | { ok: false; error: Refusal };

/** Looks at an intent; null lets it pass. */
export type Control = (context: ControlContext) => Refusal | null;

/** What the controls over a sized order look at. */
export interface SizedContext {
  context: ControlContext;
  sized: SizedOrder;
  entryPrice: Decimal;
  equity: Decimal;
}

/** Looks at a sized order; null lets it pass. */
export type SizedControl = (context: SizedContext) => Refusal | null;

/** Controls over the intent, in the order they run. */
export const INTENT_CONTROLS: readonly Control[] = [
  denyDuplicate,
  denyLate,
  denyTradingState,
  denyNotRunning,
  denyInvalid,
  denyNoReference,
  denyHedge,
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
  denySmallHedge,
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
  const { intent, risk, costs } = context;
  const entryPrice = intent.entry.type === "limit"
    ? decimal(intent.entry.price)
    : withSlippage(decimal(context.lastClose!), intent.side, costs);
  const sized = sizeOrder({
    equity,
    freeCapital: equity.minus(context.reservedMargin),
    entryPrice,
    stopPrice: decimal(intent.stopPrice),
    riskPct: Math.min(intent.riskPct, risk.riskPerTradePct),
    leverage: risk.leverage,
    takerRate: costs.takerRate,
    ...hedgeSizing(context),
  });
  for (const control of SIZED_CONTROLS) {
    const error = control({ context, sized, entryPrice, equity });
    if (error !== null) return { ok: false, error };
  }
  return { ok: true, sized, entryPrice };
}
