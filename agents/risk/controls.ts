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
import {
  denyParts,
  denyPassedTrigger,
  denySmallParts,
  denyTaking,
} from "./entry_controls.ts";
import { denyHedge, denySmallHedge, hedgeSizing } from "./hedge_controls.ts";
import type { Refusal } from "./refusal.ts";
import {
  denyCapital,
  denyLeverage,
  denyLiquidation,
  denyTooSmall,
} from "./sized_controls.ts";
import { type SizedOrder, sizeOrder } from "./sizing.ts";
import { entryOnStep } from "./market_rules.ts";
import { completeSafety } from "./safety_limits.ts";
import type { VenueControlContext } from "./venue_controls.ts";
import {
  denyAccountOrderRate,
  denyBlocked,
  denyCancelRatio,
  denyDrift,
  denyMarketKind,
  denyMessageRate,
  denyPassedStop,
  denyPassedTarget,
  denyQuoteCollar,
  denyRepeatedEntry,
  denyStaleReference,
  denyUnknownOutcome,
  denyWithoutRules,
} from "./venue_intent_controls.ts";
import {
  denyAboveMaximum,
  denyBalance,
  denyGrossExposure,
  denyOrderLimits,
  denyPosition,
  denyRepeatedContent,
  denySelfMatch,
} from "./venue_sized_controls.ts";

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

/** Controls over the intent, in the order they run. Those of venues let accounts on candles pass. */
export const INTENT_CONTROLS: readonly Control[] = [
  denyBlocked,
  denyDuplicate,
  denyLate,
  denyTradingState,
  denyNotRunning,
  denyDrift,
  denyUnknownOutcome,
  denyInvalid,
  denyMarketKind,
  denyWithoutRules,
  denyNoReference,
  denyHedge,
  denyParts,
  denyStaleReference,
  denyCollar,
  denyQuoteCollar,
  denyStopSide,
  denyPassedStop,
  denyTargetSide,
  denyPassedTarget,
  denyTaking,
  denyPassedTrigger,
  denyUnknownEquity,
  denyDailyLoss,
  denyDrawdown,
  denyBreaker,
  denySecondPosition,
  denyOpenOrders,
  denyOrderRate,
  denyAccountOrderRate,
  denyMessageRate,
  denyCancelRatio,
  denyRepeatedEntry,
];

/** Controls over the sized order, in the order they run. */
export const SIZED_CONTROLS: readonly SizedControl[] = [
  denyCapital,
  denyTooSmall,
  denySmallHedge,
  denySmallParts,
  denyLeverage,
  denyLiquidation,
  denyOrderLimits,
  denyAboveMaximum,
  denyPosition,
  denyGrossExposure,
  denyBalance,
  denyRepeatedContent,
  denySelfMatch,
];

/** Runs every control over an intent and sizes it; the first refusal wins. */
export function checkIntent(given: ControlContext): ControlVerdict {
  const context = completed(given);
  for (const control of INTENT_CONTROLS) {
    const error = control(context);
    if (error !== null) return { ok: false, error };
  }
  // All are known here: denyNoReference, denyUnknownEquity, denyStaleReference
  // and denyWithoutRules ran before.
  const equity = context.equity!;
  const { intent, risk, costs } = context;
  const entryPrice = plannedPrice(context);
  const sized = sizeOrder({
    equity,
    freeCapital: equity.minus(context.reservedMargin),
    entryPrice,
    stopPrice: decimal(intent.stopPrice),
    riskPct: Math.min(intent.riskPct, risk.riskPerTradePct),
    leverage: risk.leverage,
    takerRate: costs.takerRate,
    ...(context.venue
      ? { quantityStep: decimal(context.venue.rules!.quantityStep) }
      : {}),
    ...hedgeSizing(context),
  });
  for (const control of SIZED_CONTROLS) {
    const error = control({ context, sized, entryPrice, equity });
    if (error !== null) return { ok: false, error };
  }
  return { ok: true, sized, entryPrice };
}

/** Limits that an older account does not have, and no leverage on spot. */
export function completed(context: ControlContext): ControlContext {
  const safety = completeSafety(context.safety);
  const isSpot = context.venue?.market === "spot";
  if (safety === context.safety && !isSpot) return context;
  const { risk } = context;
  return {
    ...context,
    safety,
    risk: isSpot ? { ...risk, leverage: 1 } : risk,
  };
}

/** What the entry will cost: its limit on the market's step, or the price after slippage of one that takes. */
export function plannedPrice(
  { intent, costs, venue, lastClose }: ControlContext,
): Decimal {
  const { entry, side } = intent;
  if (entry.type !== "market") {
    const given = decimal(entry.price);
    const price = venue
      ? entryOnStep({ side, type: entry.type }, given, venue.rules!)
      : given;
    return entry.type === "stop" ? withSlippage(price, side, costs) : price;
  }
  const quote = venue?.quote ?? null;
  const reference = quote === null
    ? lastClose!
    : side === "buy"
    ? quote.ask
    : quote.bid;
  return withSlippage(decimal(reference), side, costs);
}
